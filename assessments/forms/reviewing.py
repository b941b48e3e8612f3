"""What a supervisor may send: levels, notes and marks of one pillar, and the last question."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.forms.filling import NOT_APPLICABLE
from assessments.models import Rating
from assessments.models.assessment import NOTE_LENGTH
from assessments.operations import RatingInput
from assessments.queries import Comparison, Entry, RatingGapKind
from assessments.queries.reviewing import PillarReview
from pillars.files.document import plain
from pillars.forms.fields import ProseField

# Named as in `filling`: the radio group by the code, the other fields by code and suffix.
NOTE, MARK, REVISION = ":note", ":redo", ":revision"
OTHER_KEYS = frozenset({"csrfmiddlewaretoken", "next"})

LACKING = {
    RatingGapKind.RATING: ("", _("Beri penilaian Anda.")),
    RatingGapKind.REASON: (NOTE, _("Berbeda dari pilihan pegawai: tulis alasan Anda.")),
    RatingGapKind.MARKED: (NOTE, _("Tulis apa yang perlu diperbaiki.")),
}


@dataclass(frozen=True, slots=True)
class RatingOption:
    """One choice as it is shown."""

    id: str
    value: str
    label: str
    descriptor: str
    is_checked: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class RatingProblem:
    """Something to mend: where, and what to do."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One indicator of the form, ready to be drawn."""

    comparison: Comparison
    options: tuple[RatingOption, ...]
    note: str
    is_marked: bool
    revision: str
    problems: tuple[RatingProblem, ...]
    asked_before: str
    conflict: Entry | None

    @property
    def note_is_faulty(self) -> bool:
        """Whether something is to be mended in the note."""
        return any(each.anchor == _anchor(self.comparison, NOTE) for each in self.problems)

    @property
    def conflict_level(self) -> str:
        """The label of what another page stored."""
        if self.conflict is None or self.conflict.value is None:
            return ""
        level = self.comparison.indicator.level(self.conflict.value)
        return level.label if level else ""


class RatingsForm(forms.Form):
    """The indicators of one pillar."""

    use_required_attribute = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        part: PillarReview,
        asked_before: Mapping[str, str],
        show_gaps: bool = False,
    ) -> None:
        super().__init__(data)
        self.part = part
        self.asked_before = asked_before
        self.show_gaps = show_gaps
        self.conflicts: dict[str, Rating] = {}
        for each in part.comparisons:
            self.fields |= _fields_of(each)

    def clean(self) -> None:
        """Refuse what one browser form never sends: repeated fields, fields of other pillars."""
        sent = cast(QueryDict, self.data)
        for name in sent:
            if name not in self.fields and name not in OTHER_KEYS:
                message = _("“%(name)s” bukan bagian dari halaman ini, jadi tidak disimpan.")
                self.add_error(None, forms.ValidationError(message, params={"name": name[:60]}))
            elif name in self.fields and len(sent.getlist(name)) > 1:
                self.add_error(name, _("Isian ini terkirim lebih dari sekali. Pilih satu saja."))

    def inputs(self) -> dict[str, RatingInput]:
        """What was sent for each indicator; one that was not sent at all is not here."""
        return {
            each.code: self._input(each)
            for each in self.part.comparisons
            if any(each.code + suffix in self.data for suffix in ("", NOTE, MARK))
        }

    def rows(self) -> list[RatingRow]:
        """The indicators as they were sent, or as they are stored."""
        return [self._row(each) for each in self.part.comparisons]

    def problems(self) -> list[RatingProblem]:
        """Everything to mend, in order, for the summary at the top."""
        faults = [RatingProblem("isi", str(text)) for text in self.non_field_errors()]
        for row in self.rows():
            faults += [
                RatingProblem(each.anchor, f"{row.comparison.code}: {each.text}")
                for each in row.problems
            ]
        return faults

    def _input(self, comparison: Comparison) -> RatingInput:
        code, stored = comparison.code, comparison.rating
        choice = self.cleaned_data[code]
        whole = code + NOTE in self.data
        return RatingInput(
            value=Decimal(choice) if choice not in ("", NOT_APPLICABLE) else None,
            not_applicable=choice == NOT_APPLICABLE,
            note=self.cleaned_data[code + NOTE] if whole else stored.note,
            # A box that is not ticked is not sent; it stands beside the note.
            to_redo=self.cleaned_data[code + MARK] if whole else stored.to_redo,
            revision=self.cleaned_data[code + REVISION],
        )

    def _row(self, comparison: Comparison) -> RatingRow:
        code, stored = comparison.code, comparison.rating
        choice, note, marked, revision = (
            _choice(stored),
            stored.note,
            stored.to_redo,
            stored.revision,
        )
        if self.is_bound:
            choice = self.data.get(code, choice)
            note = self.data.get(code + NOTE, note)
            marked = code + MARK in self.data
            revision = self.data.get(code + REVISION, revision)
        meanwhile = self.conflicts.get(code)
        if meanwhile is not None:
            revision = meanwhile.revision
        return RatingRow(
            comparison=comparison,
            options=_options(comparison, choice),
            note=note,
            is_marked=marked,
            revision=str(revision),
            problems=tuple(self._problems_of(comparison)),
            asked_before=self.asked_before.get(code, ""),
            conflict=Entry.from_rating(meanwhile) if meanwhile is not None else None,
        )

    def _problems_of(self, comparison: Comparison) -> list[RatingProblem]:
        code = comparison.code
        found = [
            RatingProblem(_anchor(comparison, suffix), str(text))
            for suffix in ("", NOTE, MARK, REVISION)
            for text in self.errors.get(code + suffix, ())
        ]
        if code in self.conflicts:
            changed = _("sudah diubah di halaman lain; simpan lagi untuk memakai isian Anda.")
            found.append(RatingProblem(_anchor(comparison, ""), str(changed)))
        if self.show_gaps and not self.is_bound and comparison.lack:
            suffix, lacking = LACKING[comparison.lack]
            found.append(RatingProblem(_anchor(comparison, suffix), str(lacking)))
        return found


class ReturnForm(forms.Form):
    """A word to go with what is sent back."""

    use_required_attribute = False

    note = ProseField(
        label=_("Catatan umum"),
        help_text=_("Dibaca pegawai di atas catatan untuk tiap pernyataan."),
        max_length=NOTE_LENGTH,
        rows=4,
        required=False,
    )


class VerifyForm(ReturnForm):
    """The last question before a supervisor's levels are frozen."""

    declared = forms.BooleanField(
        label=_("Saya sudah membaca jawaban dan bukti, dan menilai menurut keadaan sebenarnya."),
        error_messages={"required": _("Beri tanda centang bila pernyataan ini benar.")},
    )


def _fields_of(comparison: Comparison) -> dict[str, forms.Field]:
    code = comparison.code
    return {
        code: forms.ChoiceField(
            choices=[(option.value, option.label) for option in _options(comparison, "")],
            required=False,
            error_messages={"invalid_choice": _("Pilih salah satu pilihan yang tersedia.")},
        ),
        code + NOTE: ProseField(max_length=NOTE_LENGTH, rows=3, required=False),
        code + MARK: forms.BooleanField(required=False),
        code + REVISION: forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False),
    }


def _options(comparison: Comparison, choice: str) -> tuple[RatingOption, ...]:
    own = _choice(comparison.own)
    choices = [
        (plain(level.value), level.label, level.descriptor) for level in comparison.indicator.levels
    ]
    if comparison.indicator.not_applicable:
        choices.append((NOT_APPLICABLE, str(_("Tidak relevan dengan tugasnya")), ""))
    return tuple(
        RatingOption(
            id=f"{_anchor(comparison, '')}{'' if place == 0 else f'-{place}'}",
            value=value,
            label=label,
            descriptor=descriptor,
            is_checked=value == choice,
            is_own=value == own,
        )
        for place, (value, label, descriptor) in enumerate(choices)
    )


def _choice(entry: Entry) -> str:
    if entry.not_applicable:
        return NOT_APPLICABLE
    return "" if entry.value is None else plain(entry.value)


def _anchor(comparison: Comparison, suffix: str) -> str:
    kind = {"": "nilai", NOTE: "catatan", MARK: "perbaiki", REVISION: "nilai"}[suffix]
    return f"{kind}-{comparison.indicator.id}"
