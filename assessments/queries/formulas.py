"""Numbers and formulas of a score as people read them: exact, with the language's decimal sign.

No database and no sentences: those are in `explaining`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format

from assessments.scoring import Contribution, Conversion, ItemScheme, PillarScore, Scorecard


def plain(number: Decimal | int) -> str:
    """A decimal with the language's decimal sign and no needless zeros."""
    value = Decimal(number)
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return number_format(value, decimal_pos=places, use_l10n=True)


def rounded_text(number: Decimal) -> str:
    """A rounded score with all its decimals."""
    places = max(0, -int(number.as_tuple().exponent))
    return number_format(number, decimal_pos=places, use_l10n=True)


def exactly(value: Fraction) -> str:
    """An exact value: as a decimal where that ends, else as a fraction `475/6`."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    return plain(Decimal(value.numerator * 10**places // value.denominator).scaleb(-places))


def signed(difference: Decimal) -> str:
    """A difference with its sign, `0` without one."""
    if not difference:
        return rounded_text(difference)
    sign = "+" if difference > 0 else "−"
    return sign + rounded_text(abs(difference))


@dataclass(frozen=True, slots=True)
class _Term:
    weight: Fraction
    counted: Fraction
    top: Fraction

    @property
    def points(self) -> Fraction:
        return 100 * self.counted / self.top


def pillar_formula(card: Scorecard, pillar: PillarScore, items: dict[str, ItemScheme]) -> str:
    """The sum behind a pillar's score; empty where nothing with a weight was answered."""
    terms = [
        _term(card.conversion, each, items[each.code])
        for each in pillar.contributions
        if each.is_answered and each.weight
    ]
    if not terms:
        return ""
    tops = {term.top for term in terms}
    same_scale = len(tops) == 1
    numbers = [(term.weight, term.counted if same_scale else term.points) for term in terms]
    return _mean(numbers, _factor(tops.pop()) if same_scale else "")


def total_formula(card: Scorecard) -> str:
    """The sum behind the total, from the pillars' exact scores; empty without a total."""
    if card.total.exact is None:
        return ""
    return _mean(
        [
            (Fraction(each.weight), each.exact)
            for each in card.pillars
            if each.exact is not None and each.weight
        ]
    )


def counted_value(conversion: Conversion, contribution: Contribution, item: ItemScheme) -> Fraction:
    """What an answer counts as: turned round where the item is reversed, from 0 where min-max."""
    value = Fraction(contribution.value)
    low, high = Fraction(item.minimum), Fraction(item.maximum)
    turned = low + high - value if item.reversed else value
    return turned - low if conversion is Conversion.MIN_MAX else turned


def _term(conversion: Conversion, contribution: Contribution, item: ItemScheme) -> _Term:
    low, high = Fraction(item.minimum), Fraction(item.maximum)
    return _Term(
        weight=Fraction(contribution.weight),
        counted=counted_value(conversion, contribution, item),
        top=high - low if conversion is Conversion.MIN_MAX else high,
    )


def _factor(top: Fraction) -> str:
    factor = Fraction(100) / top
    text = exactly(factor)
    return f" × 100 ÷ {exactly(top)}" if "/" in text else f" × {text}"


def _mean(numbers: Sequence[tuple[Fraction, Fraction]], factor: str = "") -> str:
    """Σ weight·number ÷ Σ weight as text; equal weights leave the sum as they cancel out."""
    weights = {weight for weight, _number in numbers}
    if len(weights) == 1:
        terms = [exactly(number) for _weight, number in numbers]
        divisor = Fraction(len(numbers))
    else:
        terms = [f"{_factor_text(weight)} × {_factor_text(number)}" for weight, number in numbers]
        divisor = sum((weight for weight, _number in numbers), Fraction(0))
    total = " + ".join(terms)
    if len(terms) > 1:
        total = f"({total})"
    return total + factor + (f" ÷ {exactly(divisor)}" if divisor != 1 else "")


def _factor_text(value: Fraction) -> str:
    text = exactly(value)
    return f"({text})" if "/" in text else text
