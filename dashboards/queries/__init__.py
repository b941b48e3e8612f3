"""Reading for dashboards: tallies for whoever keeps the snapshots, rows for pages and exports."""

from dashboards.queries.board import Board, Comparison, CycleLink, Row, board_of
from dashboards.queries.cycles import participation_of_open_cycles, stale_cycles
from dashboards.queries.released import BandKey, Cell, Column, State
from dashboards.queries.tallies import misscored_units, own_tallies, recomputed_tallies
from dashboards.queries.visibility import entrances, named_people, visible_units

__all__ = [
    "BandKey",
    "Board",
    "Cell",
    "Column",
    "Comparison",
    "CycleLink",
    "Row",
    "State",
    "board_of",
    "entrances",
    "misscored_units",
    "named_people",
    "own_tallies",
    "participation_of_open_cycles",
    "recomputed_tallies",
    "stale_cycles",
    "visible_units",
]
