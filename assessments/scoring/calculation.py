"""From answers to a scorecard, by the rules of the operator contract (docs/scoring.md says them in prose).

The scheme is compiled once into integer tables, so that scoring a person is look-ups and integer sums.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

from assessments.scoring.rounding import round_half_up, shifted
from assessments.scoring.scheme import NOT_APPLICABLE, Answer, ItemScheme, PillarScheme, Scheme
from assessments.scoring.scorecard import (
    METHOD,
    Contribution,
    Figure,
    PillarScore,
    Reason,
    Scorecard,
)

__all__ = [
    "METHOD",
    "NotApplicableDenied",
    "ScoringError",
    "UnknownItem",
    "ValueOffScale",
    "figure",
    "score",
]


class ScoringError(ValueError):
    """Answers that do not fit the scheme; ``indicator`` says where.

    A fault of the caller, for the log: what a person sends is refused in words by ``assessments.errors``.
    """

    def __init__(self, indicator: str) -> None:
        super().__init__(indicator)
        self.indicator = indicator


class UnknownItem(ScoringError):
    """An answer to an indicator that the instrument does not have."""


class ValueOffScale(ScoringError):
    """A value that is not a point of the indicator's scale."""


class NotApplicableDenied(ScoringError):
    """ "Tidak relevan" for an indicator that does not allow it."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one possible answer adds to its pillar's sums, in units of the pillar's common denominators."""

    contribution: Contribution
    answered: int
    applicable: int
    points: int


@dataclass(frozen=True, slots=True)
class _PillarPlan:
    """``places``: decimals of the integer weights. ``denominator``: of the item scores behind ``points``."""

    scheme: PillarScheme
    weight: Fraction
    places: int
    denominator: int
    outcomes: tuple[tuple[str, Mapping[Answer | None, _Outcome]], ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    codes: frozenset[str]
    coverage: Fraction
    pillars: tuple[_PillarPlan, ...]


def score(scheme: Scheme, answers: Mapping[str, Answer | None]) -> Scorecard:
    """Score one person's answers, keyed by indicator code; an absent key or None is a missing answer.

    Pillar = Σ w·item / Σ w over items answered. It has no score below the minimum coverage (reason "coverage")
    or without answered weight ("no-answers"). Total = Σ W·pillar / Σ W over pillars that have a score; it exists
    only if every pillar with applicable weight above 0 has one, a pillar of weight 0 included, because its
    indicators were asked too. A pillar without applicable weight does not stand in the total's way.

    Raises UnknownItem, ValueOffScale or NotApplicableDenied.
    """
    plan = _compile(scheme)
    if not answers.keys() <= plan.codes:
        raise UnknownItem(min(answers.keys() - plan.codes))
    pillars = tuple(
        _score_pillar(scheme, plan.coverage, pillar, answers) for pillar in plan.pillars
    )
    return Scorecard(
        instrument=scheme.code,
        version=scheme.version,
        conversion=scheme.conversion,
        minimum_coverage=scheme.minimum_coverage,
        decimals=scheme.decimals,
        pillars=pillars,
        total=_score_total(scheme, plan, pillars),
    )


def figure(scheme: Scheme, exact: Fraction | None, reason: Reason | None) -> Figure:
    """Round an exact score once and band what was rounded; without a score, keep the reason."""
    if exact is None:
        return Figure(exact=None, rounded=None, band=None, reason=reason)
    rounded = round_half_up(exact, scheme.decimals)
    return Figure(exact=exact, rounded=rounded, band=scheme.band_of(rounded), reason=None)


def _score_pillar(
    scheme: Scheme, coverage: Fraction, plan: _PillarPlan, answers: Mapping[str, Answer | None]
) -> PillarScore:
    answered = applicable = points = 0
    contributions = []
    for code, outcomes in plan.outcomes:
        answer = answers.get(code)
        try:
            outcome = outcomes[answer]
        except (KeyError, TypeError):  # TypeError: a signalling NaN has no hash
            error = NotApplicableDenied if answer is NOT_APPLICABLE else ValueOffScale
            raise error(code) from None
        contributions.append(outcome.contribution)
        answered += outcome.answered
        applicable += outcome.applicable
        points += outcome.points
    exact, reason = None, None
    if not answered:
        reason = Reason.NO_ANSWERS
    elif answered * coverage.denominator < applicable * coverage.numerator:
        reason = Reason.COVERAGE
    else:
        exact = Fraction(points, answered * plan.denominator)
    result = figure(scheme, exact, reason)
    return PillarScore(
        exact=result.exact,
        rounded=result.rounded,
        band=result.band,
        reason=result.reason,
        code=plan.scheme.code,
        weight=plan.scheme.weight,
        answered_weight=shifted(answered, plan.places),
        applicable_weight=shifted(applicable, plan.places),
        contributions=tuple(contributions),
    )


def _score_total(scheme: Scheme, plan: _Plan, pillars: tuple[PillarScore, ...]) -> Figure:
    weighted = weights = Fraction(0)
    missing: set[Reason | None] = set()
    for compiled, pillar in zip(plan.pillars, pillars, strict=True):
        if pillar.exact is not None:
            weighted += compiled.weight * pillar.exact
            weights += compiled.weight
        elif pillar.applicable_weight:
            missing.add(pillar.reason)
    if missing:
        return figure(
            scheme, None, Reason.COVERAGE if Reason.COVERAGE in missing else Reason.NO_ANSWERS
        )
    if not weights:
        return figure(scheme, None, Reason.NO_ANSWERS)
    return figure(scheme, weighted / weights, None)


@lru_cache(maxsize=32)
def _compile(scheme: Scheme) -> _Plan:
    return _Plan(
        codes=frozenset(item.code for item in scheme.items),
        coverage=Fraction(scheme.minimum_coverage),
        pillars=tuple(_compile_pillar(scheme, pillar) for pillar in scheme.pillars),
    )


def _compile_pillar(scheme: Scheme, pillar: PillarScheme) -> _PillarPlan:
    places = max(_places(item.weight) for item in pillar.items)
    scores = {
        item.code: {value: item.score(value, scheme.conversion) for value in item.values}
        for item in pillar.items
    }
    denominator = lcm(*(score.denominator for table in scores.values() for score in table.values()))
    return _PillarPlan(
        scheme=pillar,
        weight=Fraction(pillar.weight),
        places=places,
        denominator=denominator,
        outcomes=tuple(
            (item.code, _outcomes(item, scores[item.code], 10**places, denominator))
            for item in pillar.items
        ),
    )


def _outcomes(
    item: ItemScheme, scores: Mapping[Decimal, Fraction], unit: int, denominator: int
) -> dict[Answer | None, _Outcome]:
    weight = int(Fraction(item.weight) * unit)
    outcomes: dict[Answer | None, _Outcome] = {
        value: _Outcome(
            Contribution(item.code, value, item.weight, score, item.reversed),
            answered=weight,
            applicable=weight,
            points=int(weight * score * denominator),
        )
        for value, score in scores.items()
    }
    outcomes[None] = _Outcome(
        Contribution(item.code, None, item.weight, None, item.reversed), 0, weight, 0
    )
    if item.not_applicable:
        left_out = Contribution(item.code, NOT_APPLICABLE, item.weight, None, item.reversed)
        outcomes[NOT_APPLICABLE] = _Outcome(left_out, 0, 0, 0)
    return outcomes


def _places(number: Decimal) -> int:
    """Return how many decimals a number needs: 2 for 0.25, 0 for 20 and for 20.0."""
    denominator = Fraction(number).denominator
    return next(
        places for places in range(denominator.bit_length()) if 10**places % denominator == 0
    )
