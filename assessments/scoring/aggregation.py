"""Means over people: of their exact scores, rounded once. Grouping and suppression live elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from assessments.scoring.calculation import figure
from assessments.scoring.scheme import Scheme
from assessments.scoring.scorecard import Figure, Reason, Scorecard


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregatePillar(Figure):
    """A pillar's mean over the ``scored`` people who have a score in it."""

    code: str
    scored: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """Means over ``n`` people, of whom ``scored`` have a total."""

    n: int
    scored: int
    total: Figure
    pillars: tuple[AggregatePillar, ...]


@dataclass(slots=True)
class _Mean:
    total: Fraction = field(default_factory=Fraction)
    scored: int = 0
    reason: Reason = Reason.NO_ANSWERS

    def add(self, one: Figure) -> None:
        if one.exact is not None:
            self.total += one.exact
            self.scored += 1
        elif one.reason is Reason.COVERAGE:
            self.reason = Reason.COVERAGE

    def figure(self, scheme: Scheme) -> Figure:
        return figure(scheme, self.total / self.scored if self.scored else None, self.reason)


def aggregate(scheme: Scheme, scorecards: Iterable[Scorecard]) -> Aggregate:
    """Average the scorecards of one scheme; people without a score are counted but not averaged.

    When nobody has a score the reason is "coverage" if anybody answered too little, else "no-answers".
    The scorecards are taken one at a time, so a stream of any length will do.
    """
    people, total = 0, _Mean()
    means = [_Mean() for _ in scheme.pillars]
    for card in scorecards:
        people += 1
        total.add(card.total)
        for mean, pillar in zip(means, card.pillars, strict=True):
            mean.add(pillar)
    return Aggregate(
        n=people,
        scored=total.scored,
        total=total.figure(scheme),
        pillars=tuple(
            _aggregate_pillar(scheme, pillar.code, mean)
            for pillar, mean in zip(scheme.pillars, means, strict=True)
        ),
    )


def _aggregate_pillar(scheme: Scheme, code: str, mean: _Mean) -> AggregatePillar:
    result = mean.figure(scheme)
    return AggregatePillar(
        exact=result.exact,
        rounded=result.rounded,
        band=result.band,
        reason=result.reason,
        code=code,
        scored=mean.scored,
    )
