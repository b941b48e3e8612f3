"""Recording what was done. Called inside the transaction of the act itself."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import pgtrigger
import structlog
from django.db import connection, models, transaction

from audit.models import Event, RetentionRule, Seal, Unsealed
from audit.queries import digest_of, events_as_sealed, last_anchor
from audit.triggers import SKIPPABLE

SEAL_LOCK = 0x5345414C
"""Key of the advisory lock that lets one sealer at a time continue the chain."""
SEAL_BATCH = 5_000
# The library's own lets whoever connects skip any trigger by a setting of the session. What is asked for is looked
# up by its full name: nothing that the role could put before it is found.
_KEEP_TRIGGERS = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean AS $$
    DECLARE
        asked text[] := nullif(pg_catalog.current_setting('pgtrigger.ignore', true), '');
    BEGIN
        IF asked IS NULL OR NOT (trigger_name = ANY (asked)) THEN
            RETURN false;
        END IF;
        RETURN trigger_name = {skippable} OR pg_catalog.pg_has_role(
            current_user,
            (SELECT relowner FROM pg_catalog.pg_class WHERE oid = 'public.audit_event'::pg_catalog.regclass),
            'USAGE'
        );
    END $$ LANGUAGE plpgsql
"""


class Actor(Protocol):
    """Whoever acts: an account. `None` stands for the system."""

    pk: int

    def __str__(self) -> str: ...


def record(verb: str, *, by: Actor | None, subject: models.Model, **data: object) -> Event:
    """Append one event about `subject`; it becomes durable with the surrounding transaction."""
    return Event.objects.create(**_columns(verb, by=by, subject=subject, data=data))


def record_many(
    verb: str, *, by: Actor | None, subjects: Iterable[models.Model], **data: object
) -> None:
    """Append one event for each subject, all with the same data, in few statements."""
    Event.objects.bulk_create(
        [Event(**_columns(verb, by=by, subject=subject, data=data)) for subject in subjects],
        batch_size=2_000,
    )


@transaction.atomic
def seal(*, limit: int = SEAL_BATCH) -> int:
    """Give waiting events their place in the chain, oldest first; returns how many.

    Only committed events are seen. Sealers take turns, so that the sequence has no gap and no fork.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
    waiting = list(Unsealed.objects.order_by("event_id").values_list("event_id", flat=True)[:limit])
    end = last_anchor()
    sequence, digest = end.sequence, end.digest
    seals = []
    for event in events_as_sealed(waiting):
        sequence, digest = sequence + 1, digest_of(digest, event)
        seals.append(Seal(sequence=sequence, event_id=event["id"], digest=digest))
    Seal.objects.bulk_create(seals)
    Unsealed.objects.filter(pk__in=waiting).delete()
    return len(seals)


def seal_all() -> int:
    """Seal until nothing waits; returns how many."""
    sealed = made = seal()
    while made == SEAL_BATCH:
        made = seal()
        sealed += made
    return sealed


@transaction.atomic
def adopt_schedule(months: Mapping[str, int]) -> None:
    """Write how many months each kind is kept, where the database reads it; a change is an event.

    Before the tables exist, or after they are gone again, nothing is done.
    """
    if RetentionRule._meta.db_table not in connection.introspection.table_names():
        return
    known = dict(RetentionRule.objects.values_list("kind", "months"))
    for kind, number in months.items():
        if known.get(kind) == number:
            continue
        rule, _created = RetentionRule.objects.update_or_create(
            kind=kind, defaults={"months": number}
        )
        if kind in known:
            record("retention.changed", by=None, subject=rule, before=known[kind], after=number)


def let_nobody_skip_triggers() -> None:
    """Let only the owner of the tables skip triggers; the application's role one, which keeps nothing back.

    Migrations that make triggers bring the library's own function back: to be called after each.
    """
    ((model, trigger),) = pgtrigger.registered(SKIPPABLE)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_TRIGGERS.format(skippable=f"'{trigger.get_pgid(model)}'"))


def _columns(
    verb: str, *, by: Actor | None, subject: models.Model, data: dict[str, object]
) -> dict[str, object]:
    context = structlog.contextvars.get_contextvars()
    return {
        "verb": verb,
        "actor_id": by.pk if by else None,
        "actor_name": str(by) if by else "",
        "subject_type": subject._meta.label,
        "subject_id": str(subject.pk),
        "data": data,
        "request_id": str(context.get("request_id") or context.get("task_id") or ""),
    }
