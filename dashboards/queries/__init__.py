"""Reading for dashboards: tallies for whoever keeps the snapshots, rows for pages and exports."""

from dashboards.queries.cycles import stale_cycles
from dashboards.queries.tallies import misscored_units, own_tallies, recomputed_tallies

__all__ = [
    "misscored_units",
    "own_tallies",
    "recomputed_tallies",
    "stale_cycles",
]
