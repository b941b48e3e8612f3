"""What is held about a person, part by part; what may be long is read row by row."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils import timezone

import accounts.queries
import assessments.queries.personal
import audit.queries
import organization.queries
from accounts.models import User
from assessments.queries.trail import who_acted
from audit.models import PERSON_READ, Event
from organization.models import CorrectionRequest
from prima_portal.auditing.words import place_in_words, subject_in_words, verb_in_words

FORMAT: Final = "prima-personal-data/2"
"""Grows when a key is renamed or goes, or holds something else; keys may be added."""
AT_ONCE: Final = 200
"""Events in memory: one that names thousands of people is as long as their keys."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Events of any number, each in its words; oldest first."""

    events: QuerySet[Event]
    worded: Callable[[Event], dict[str, Any]]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self.worded, self.events.iterator(chunk_size=AT_ONCE))

    def latest(self, number: int) -> list[dict[str, Any]]:
        """The last ones, the latest first."""
        return [self.worded(event) for event in self.events.order_by("-pk")[:number]]

    def count(self) -> int:
        """How many there are."""
        return self.events.count()


def personal_data_of(user: User) -> dict[str, Any]:
    """All of it, by the keys of docs/data.md; a number of queries that does not grow with the person's past."""
    asked = organization.queries.own_corrections(user).order_by().values_list("pk", flat=True)
    subjects = [
        (User._meta.label, [user.pk]),
        (CorrectionRequest._meta.label, list(asked)),
        *assessments.queries.personal.subjects_of(user),
    ]
    untold = assessments.queries.personal.untold_steps_of(user)
    others = audit.queries.acts_of_others(user.pk, subjects).exclude(untold)
    return {
        **accounts.queries.personal_data_of(user),
        **organization.queries.personal_data_of(user),
        **assessments.queries.personal.personal_data_of(user),
        "readings": Rows(audit.queries.readings_of(user.pk), _reading),
        "acts": Rows(audit.queries.acts_of(user.pk), _own_act),
        "acts_of_others": Rows(others, _act_of_another),
    }


def json_chunks(data: Mapping[str, Any]) -> Iterator[str]:
    """A document for machines, piece by piece: keys as documented, times with their zone, exact numbers as text."""
    document = {"format": FORMAT, "made_at": timezone.now(), **data}
    before = "{"
    for key, value in document.items():
        yield f"{before}\n{json.dumps(key)}: "
        before = ","
        if isinstance(value, Rows):
            yield from _array(value)
        else:
            yield _json(value)
    yield "\n}\n"


def _array(rows: Rows) -> Iterator[str]:
    before = "["
    for row in rows:
        yield f"{before}\n{_json(row)}"
        before = ","
    yield "[]" if before == "[" else "\n]"


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _worded(event: Event) -> dict[str, Any]:
    return {
        "at": event.at,
        "verb": event.verb,
        "verb_label": verb_in_words(event.verb),
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "subject_type_label": subject_in_words(event.subject_type, event.subject_id),
    }


def _own_act(event: Event) -> dict[str, Any]:
    """With its details; of people whose data was read, how many: who they were is their data."""
    details = dict(event.data)
    if event.verb == PERSON_READ:
        details["people"] = len(details.get("people", ()))
    return _worded(event) | {"data": details, "request_id": event.request_id}


def _act_of_another(event: Event) -> dict[str, Any]:
    """Without details, which may speak of others; who it was, as far as the trail tells it."""
    return _worded(event) | {"who": who_acted(event)}


def _reading(event: Event) -> dict[str, Any]:
    where = str(event.data.get("where", ""))
    return {
        "at": event.at,
        "who": who_acted(event),
        "where": where,
        "where_label": place_in_words(where),
    }
