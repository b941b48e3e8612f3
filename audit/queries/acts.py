"""What is on record about people and things: acts and readings."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q, QuerySet

from audit.models import PERSON_READ, Event

_VERBS = """
    WITH RECURSIVE known(verb) AS (
        (SELECT verb FROM audit_event ORDER BY verb LIMIT 1)
        UNION ALL
        SELECT (SELECT verb FROM audit_event WHERE verb > known.verb ORDER BY verb LIMIT 1)
        FROM known WHERE known.verb IS NOT NULL
    )
    SELECT verb FROM known WHERE verb IS NOT NULL
"""


def verbs_on_record(beginning: str) -> list[str]:
    """Verbs of events that begin so: a step along their index for each, whatever the number of events."""
    with connection.cursor() as cursor:
        cursor.execute(_VERBS)
        return [verb for (verb,) in cursor.fetchall() if verb.startswith(beginning)]


def acts_of(actor_id: int) -> QuerySet[Event]:
    """What the person did, oldest first."""
    return Event.objects.filter(actor_id=actor_id).order_by("pk")


def acts_of_others(actor_id: int, subjects: Iterable[tuple[str, Iterable[int]]]) -> QuerySet[Event]:
    """What others, or the system, did to the given rows: (label, keys) pairs; oldest first.

    Reading is not among it: see `readings_of`.
    """
    about = Q(pk__in=[])
    for label, keys in subjects:
        about |= Q(subject_type=label, subject_id__in=[str(key) for key in keys])
    # An actor that is not known is another, too.
    others = ~Q(actor_id=actor_id) | Q(actor_id=None)
    return Event.objects.filter(about, others).exclude(verb=PERSON_READ).order_by("pk")


def readings_of(person_id: int) -> QuerySet[Event]:
    """Readings of the person's data by others, oldest first."""
    read = Event.objects.filter(verb=PERSON_READ, data__people__contains=[person_id])
    # By their keys: for the last few of them in order PostgreSQL would walk through all events from the end.
    keys = list(read.exclude(actor_id=person_id).order_by().values_list("pk", flat=True))
    return Event.objects.filter(pk__in=keys).order_by("pk")
