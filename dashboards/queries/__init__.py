"""Reading for dashboards: tallies for whoever keeps the snapshots, rows for pages and exports."""

from dashboards.queries.board import Board, Comparison, CycleLink, Row, board_of
from dashboards.queries.cycles import participation_of_open_cycles, stale_cycles
from dashboards.queries.released import BandKey, Cell, Column, State, people_told
from dashboards.queries.releases import Standing, standing
from dashboards.queries.tallies import misscored_units, participation, recomputed_tallies
from dashboards.queries.visibility import entrances, named_people, visible_units

__all__ = [
    "BandKey",
    "Board",
    "Cell",
    "Column",
    "Comparison",
    "CycleLink",
    "Row",
    "Standing",
    "State",
    "board_of",
    "entrances",
    "misscored_units",
    "named_people",
    "participation",
    "participation_of_open_cycles",
    "people_told",
    "recomputed_tallies",
    "stale_cycles",
    "standing",
    "visible_units",
]
