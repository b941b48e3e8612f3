"""Recording what was done. Called inside the transaction of the act itself."""

from audit.operations.digesting import digest_history, renew_digests
from audit.operations.recording import (
    SEAL_BATCH,
    SEAL_LOCK,
    Actor,
    adopt_schedule,
    let_nobody_skip_triggers,
    record,
    record_many,
    seal,
    seal_all,
)

__all__ = [
    "SEAL_BATCH",
    "SEAL_LOCK",
    "Actor",
    "adopt_schedule",
    "digest_history",
    "let_nobody_skip_triggers",
    "record",
    "record_many",
    "renew_digests",
    "seal",
    "seal_all",
]
