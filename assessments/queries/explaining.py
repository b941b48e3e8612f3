"""A score in words: how each figure came about, read from the scorecard that was stored with it.

No database: a scorecard, its scheme and the questionnaire's texts in, frozen lines out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from assessments.queries.formulas import (
    counted_value,
    exactly,
    pillar_formula,
    plain,
    rounded_text,
    total_formula,
)
from assessments.scoring import (
    Contribution,
    Conversion,
    Figure,
    ItemScheme,
    PillarScore,
    Reason,
    Scheme,
    Scorecard,
    round_half_up,
)
from pillars.queries import IndicatorItem, PillarItem, Questionnaire


@dataclass(frozen=True, slots=True)
class BandRange:
    """A band of the instrument: from `lower` up to, and without, `below`."""

    code: str
    label: str
    lower: Decimal
    below: Decimal | None

    @property
    def name(self) -> str:
        """Code and label, once where they are the same."""
        return self.code if self.code == self.label else f"{self.code} ({self.label})"

    @property
    def text(self) -> str:
        """The range in words."""
        if self.below is None:
            return _("mulai %(lower)s") % {"lower": plain(self.lower)}
        return _("mulai %(lower)s dan di bawah %(below)s") % {
            "lower": plain(self.lower),
            "below": plain(self.below),
        }


@dataclass(frozen=True, slots=True)
class FigureText:
    """A figure as it is shown: `text` is the rounded score, or why there is none."""

    rounded: Decimal | None
    exact: str
    text: str
    band: BandRange | None
    formula: str
    remarks: tuple[str, ...]

    @property
    def is_scored(self) -> bool:
        """Whether there is a score."""
        return self.rounded is not None


@dataclass(frozen=True, slots=True)
class ItemText:
    """What one indicator brought in; `points` is its item score of 0..100, exact."""

    code: str
    statement: str
    answer: str
    weight: str
    points: str


@dataclass(frozen=True, slots=True)
class PillarText:
    """One pillar with its figure and everything it was computed from."""

    code: str
    name: str
    weight: str
    figure: FigureText
    items: tuple[ItemText, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One scorecard in words."""

    method: str
    instrument: str
    rules: tuple[str, ...]
    total: FigureText
    pillars: tuple[PillarText, ...]


def explain(
    card: Scorecard, scheme: Scheme, questions: Questionnaire, bands: Sequence[BandRange]
) -> Explanation:
    """Put a scorecard into words. `scheme` and `questions` are those of its instrument version."""
    items = {item.code: item for item in scheme.items}
    named = {pillar.code: pillar for pillar in questions.pillars}
    return Explanation(
        method=card.method,
        instrument=f"{card.instrument} {card.version}",
        rules=_rules(card),
        total=_total(card, named, bands),
        pillars=tuple(
            PillarText(
                code=pillar.code,
                name=named[pillar.code].name,
                weight=plain(pillar.weight),
                figure=_pillar(card, pillar, items, bands),
                items=tuple(
                    _item(each, questions.indicators[each.code]) for each in pillar.contributions
                ),
            )
            for pillar in card.pillars
        ),
    )


def _rules(card: Scorecard) -> tuple[str, ...]:
    if card.conversion is Conversion.SHARE_OF_MAXIMUM:
        conversion = _(
            "Tiap jawaban menjadi nilai 0 sampai 100: 100 × nilai jawaban ÷ nilai tertinggi skala."
        )
    else:
        conversion = _(
            "Tiap jawaban menjadi nilai 0 sampai 100: 100 × (nilai jawaban − nilai terendah) ÷ "
            "(nilai tertinggi − nilai terendah)."
        )
    return (
        conversion,
        _("Nilai pilar adalah rata-rata berbobot dari pernyataan yang dijawab."),
        _(
            "Pernyataan yang tidak relevan dikeluarkan bersama bobotnya, jadi tidak menurunkan nilai."
        ),
        _(
            "Pernyataan yang tidak dijawab tidak dihitung nol. Sebuah pilar mendapat nilai bila "
            "sedikitnya %(share)s%% dari bobot yang relevan terjawab."
        )
        % {"share": plain(card.minimum_coverage * 100)},
        _(
            "Nilai total adalah rata-rata berbobot dari nilai pilar sebelum dibulatkan. Nilai total ada "
            "bila setiap pilar yang relevan mempunyai nilai."
        ),
        _(
            "Pembulatan dilakukan satu kali, di akhir, sampai %(places)s angka di belakang koma; "
            "setengah dibulatkan ke atas. Predikat ditentukan sesudah pembulatan."
        )
        % {"places": card.decimals},
    )


def _pillar(
    card: Scorecard,
    pillar: PillarScore,
    items: dict[str, ItemScheme],
    bands: Sequence[BandRange],
) -> FigureText:
    formula = pillar_formula(card, pillar, items)
    return _figure(pillar, bands, formula, tuple(_pillar_remarks(card, pillar, items)))


def _pillar_remarks(
    card: Scorecard, pillar: PillarScore, items: dict[str, ItemScheme]
) -> Iterable[str]:
    total = len(pillar.contributions)
    if pillar.not_applicable == total:
        yield _("Semua pernyataan tidak relevan; pilar ini tidak ikut dalam nilai total.")
    elif pillar.not_applicable:
        yield _(
            "%(count)s dari %(total)s pernyataan tidak relevan; bobotnya dikeluarkan dari hitungan."
        ) % {"count": pillar.not_applicable, "total": total}
    if pillar.missing:
        yield _(
            "%(count)s dari %(total)s pernyataan tidak dijawab; tidak dihitung nol, tetapi mengurangi "
            "bagian yang terjawab."
        ) % {"count": pillar.missing, "total": total}
    if pillar.missing and pillar.applicable_weight:
        share = Fraction(pillar.answered_weight) / Fraction(pillar.applicable_weight)
        yield _(
            "Bobot yang terjawab %(answered)s dari %(applicable)s yang relevan (%(share)s%%); "
            "batas minimum %(minimum)s%%."
        ) % {
            "answered": plain(pillar.answered_weight),
            "applicable": plain(pillar.applicable_weight),
            "share": _percent(share),
            "minimum": plain(card.minimum_coverage * 100),
        }
    for each in pillar.contributions:
        if each.is_answered and each.reversed:
            yield _("%(code)s dibalik: jawaban %(value)s dihitung %(counted)s.") % {
                "code": each.code,
                "value": plain(each.value),
                "counted": exactly(
                    counted_value(Conversion.SHARE_OF_MAXIMUM, each, items[each.code])
                ),
            }
    low = {items[each.code].minimum for each in pillar.contributions if each.is_answered}
    if card.conversion is Conversion.MIN_MAX and len(low) == 1 and low != {Decimal(0)}:
        yield _("Setiap nilai sudah dikurangi nilai terendah skala, yaitu %(low)s.") % {
            "low": plain(low.pop())
        }
    unweighted = sum(not each.weight for each in pillar.contributions)
    if unweighted:
        yield _("%(count)s pernyataan berbobot 0: ditanyakan, tetapi tidak dihitung.") % {
            "count": unweighted
        }
    if not pillar.weight:
        yield _("Pilar ini berbobot 0: nilainya ditampilkan, tetapi tidak masuk nilai total.")


def _total(card: Scorecard, named: dict[str, PillarItem], bands: Sequence[BandRange]) -> FigureText:
    remarks = []
    lacking = [
        named[each.code].name
        for each in card.pillars
        if each.exact is None and each.applicable_weight
    ]
    if lacking:
        remarks.append(
            _("Belum ada nilai total karena pilar ini belum mempunyai nilai: %(pillars)s.")
            % {"pillars": ", ".join(lacking)}
        )
    return _figure(card.total, bands, total_formula(card), tuple(remarks))


def _figure(
    figure: Figure, bands: Sequence[BandRange], formula: str, remarks: tuple[str, ...]
) -> FigureText:
    band = next((each for each in bands if each.code == figure.band), None)
    if figure.rounded is None or figure.exact is None:
        return FigureText(None, "", reason_text(figure.reason), None, "", remarks)
    exact, text = exactly(figure.exact), rounded_text(figure.rounded)
    if Fraction(figure.rounded) == figure.exact:
        line = f"{formula} = {text}"
    else:
        line = _("%(formula)s = %(exact)s, dibulatkan menjadi %(rounded)s") % {
            "formula": formula,
            "exact": exact,
            "rounded": text,
        }
    if band:
        sentence = _("%(score)s termasuk predikat %(band)s: %(range)s.")
        remarks += (sentence % {"score": text, "band": band.name, "range": band.text},)
    return FigureText(figure.rounded, exact, text, band, line, remarks)


def reason_text(reason: Reason | None) -> str:
    """Why there is no score."""
    if reason is Reason.COVERAGE:
        return _("belum cukup data")
    return _("belum ada data")


def _item(contribution: Contribution, indicator: IndicatorItem) -> ItemText:
    if contribution.is_not_applicable:
        answer = _("Tidak relevan")
    elif contribution.is_missing:
        answer = _("Tidak dijawab")
    else:
        level, number = indicator.level(contribution.value), plain(contribution.value)
        answer = f"{number} · {level.label}" if level and level.label != number else number
    return ItemText(
        code=contribution.code,
        statement=indicator.statement,
        answer=answer,
        weight=plain(contribution.weight),
        points="" if contribution.score is None else exactly(contribution.score),
    )


def _percent(share: Fraction) -> str:
    return plain(round_half_up(100 * share, 2))
