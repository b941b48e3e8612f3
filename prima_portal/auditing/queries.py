"""Searching events, and what an act changed."""

import datetime
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from accounts.models import User
from assessments.models import Assessment, Tombstone
from audit.models import PERSON_READ, Event, RowHistory, Seal, Unsealed
from audit.queries import verbs_on_record

ROWS: Final = 50
LONGEST_ACT: Final = datetime.timedelta(minutes=5)
"""A row's line carries the beginning of its transaction, an event the moment it was recorded."""

# What people wrote and scored is proved by hashes, and shown to nobody by way of the record.
WITHHELD: Final[dict[str, frozenset[str]]] = {
    "accounts.User": frozenset({"nip", "username", "siasn_id", "email"}),
    "accounts.FormerNip": frozenset({"nip"}),
    "organization.Unit": frozenset({"head_nip"}),
    "assessments.Answer": frozenset({"value", "not_applicable", "reason", "note", "evidence"}),
    "assessments.Rating": frozenset({"value", "not_applicable", "note", "to_redo"}),
    "assessments.Review": frozenset({"ratings", "note"}),
    "assessments.Score": frozenset({"total", "band"}),
    "assessments.SupervisorReport": frozenset({"message", "resolution"}),
    "organization.CorrectionRequest": frozenset({"requested", "reference", "answer"}),
}


@dataclass(frozen=True, slots=True)
class Search:
    """What the auditor asks for; empty parts ask for nothing. Days are whole, both included."""

    verb: str = ""
    actor: User | None = None
    person: User | None = None
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after; None where there was no row, or what it said is withheld."""

    label: str
    before: str
    after: str
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class RowChange:
    """One line of a row's history with what it changed."""

    at: datetime.datetime
    label: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far the chain of seals has come."""

    sealed: int
    digest: str
    waiting: int


def events_matching(search: Search) -> QuerySet[Event]:
    """Events, the latest first; every condition is served by an index."""
    events = Event.objects.order_by("-id")
    if search.verb:
        events = events.filter(verb__in=verbs_on_record(search.verb))
    if search.actor:
        events = events.filter(actor_id=search.actor.pk)
    if search.request_id:
        events = events.filter(request_id=search.request_id)
    if search.since:
        events = events.filter(at__gte=search.since)
    if search.until:
        events = events.filter(at__lt=search.until)
    return events.filter(pk__in=list(about(search.person))) if search.person else events


def about(person: User) -> QuerySet[Event, int]:
    """Keys of events that concern the person: the account, the assessments, or reading of their data."""
    standing = Assessment.objects.filter(person=person).order_by().values_list("pk", flat=True)
    gone = Tombstone.objects.of(person).order_by().values_list("assessment_id", flat=True)
    numbers = [str(pk) for pk in standing.union(gone)]
    ways = (
        Q(subject_type=User._meta.label, subject_id=str(person.pk)),
        Q(subject_type=Assessment._meta.label, subject_id__in=numbers),
        Q(verb=PERSON_READ, data__people__contains=[person.pk]),
    )
    # Each way finds its few by an index; all in one condition would read every event there is.
    account, *others = (
        Event.objects.filter(way).order_by().values_list("pk", flat=True) for way in ways
    )
    return account.union(*others)


def chain_state() -> ChainState:
    """The end of the chain, and how many events wait for their place."""
    last = Seal.objects.order_by("-sequence").first()
    return ChainState(
        sealed=last.sequence if last else 0,
        digest=last.digest if last else "",
        waiting=Unsealed.objects.count(),
    )


def changes_of(event: Event) -> list[RowChange]:
    """What the act changed in the row it is about, oldest first, by the row's own history."""
    history = _history_of(event.subject_type)
    if history is None or not event.subject_id.isdigit():
        return []
    lines = history.objects.filter(pgh_obj_id=int(event.subject_id)).order_by("pgh_id")
    of_act = lines.filter(pgh_created_at__range=(event.at - LONGEST_ACT, event.at))
    if event.request_id:
        request = Q(pgh_context__request=event.request_id) | Q(pgh_context__task=event.request_id)
        of_act = of_act.filter(request)
    return [
        RowChange(line.pgh_created_at, line.pgh_label, _changes(line, _before(lines, line)))
        for line in of_act[:ROWS]
    ]


def _history_of(label: str) -> Any:
    try:
        return apps.get_model(f"{label}History")
    except (LookupError, ValueError):
        return None


def _before(lines: QuerySet[Any], line: RowHistory) -> Any:
    return lines.filter(pgh_id__lt=line.pgh_id).order_by("-pgh_id").first()


def _changes(line: Any, before: Any) -> list[Change]:
    withheld = WITHHELD.get(line.pgh_tracked_model._meta.label, frozenset())
    gone = line.pgh_label == "delete"
    found = []
    for field in _content(line):
        old = getattr(line if gone else before, field.attname, None)
        new = None if gone else getattr(line, field.attname)
        if old != new:
            hidden = field.name in withheld
            texts = ("", "") if hidden else (_text(old), _text(new))
            found.append(Change(str(field.verbose_name), *texts, withheld=hidden))
    return found


def _content(line: models.Model) -> list[Any]:
    return [field for field in line._meta.concrete_fields if not field.name.startswith("pgh_")]


def _text(value: object) -> str:
    return "" if value is None else str(value)
