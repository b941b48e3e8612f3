"""Files of the organisation: units, people, acting heads. Bytes to frozen rows; no database."""

from organization.files.acting import ActingFile, ActingRow, read_acting
from organization.files.roster import RosterFile, RosterRow, read_roster
from organization.files.units import UnitRow, UnitsFile, read_units

__all__ = [
    "ActingFile",
    "ActingRow",
    "RosterFile",
    "RosterRow",
    "UnitRow",
    "UnitsFile",
    "read_acting",
    "read_roster",
    "read_units",
]
