"""Everything that changes the organisation: one verb each, atomic, audited, keyword-only."""

from organization.operations.acting import import_acting
from organization.operations.corrections import (
    ask_for_correction,
    decide_correction,
    remind_offices,
    withdraw_correction,
)
from organization.operations.invitations import invite_people
from organization.operations.outcome import Outcome
from organization.operations.postings import (
    appoint,
    end_posting,
    ensure_head_post,
    register_rater,
    transfer,
)
from organization.operations.roster import import_roster
from organization.operations.units import import_units

__all__ = [
    "Outcome",
    "appoint",
    "ask_for_correction",
    "decide_correction",
    "end_posting",
    "ensure_head_post",
    "import_acting",
    "import_roster",
    "import_units",
    "invite_people",
    "register_rater",
    "remind_offices",
    "transfer",
    "withdraw_correction",
]
