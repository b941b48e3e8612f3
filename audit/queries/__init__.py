"""What is on record, and whether it is still what was put there."""

from audit.queries.acts import acts_of, acts_of_others, readings_of, verbs_on_record
from audit.queries.chain import (
    START,
    Anchor,
    Break,
    digest_of,
    digest_of_proof,
    events_as_sealed,
    last_anchor,
)
from audit.queries.verifying import first_break

__all__ = [
    "START",
    "Anchor",
    "Break",
    "acts_of",
    "acts_of_others",
    "digest_of",
    "digest_of_proof",
    "events_as_sealed",
    "first_break",
    "last_anchor",
    "readings_of",
    "verbs_on_record",
]
