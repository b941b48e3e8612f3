"""Which figures may be shown, so that nobody's score can be computed from all that ever are (ADR 0016).

Rule: what is shown of one source, in any linear combination over units and over time, concerns nobody or
at least `k` people, and leaves each of them a range of `WIDTH` points, whoever compares notes with whom.
"""

from dashboards.suppression.batches import (
    WIDTH,
    Arrival,
    Key,
    Move,
    Range,
    State,
    decide,
    is_wide,
    next_state,
    ranges_of,
)
from dashboards.suppression.documents import release
from dashboards.suppression.groups import Place, plan

__all__ = [
    "WIDTH",
    "Arrival",
    "Key",
    "Move",
    "Place",
    "Range",
    "State",
    "decide",
    "is_wide",
    "next_state",
    "plan",
    "ranges_of",
    "release",
]
