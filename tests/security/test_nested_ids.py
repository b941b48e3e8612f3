"""An address with two parts is that of one object: a part of another one, of the same kind, leads nowhere."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from django.urls import reverse

from assessments.models import Assessment, Cycle
from pillars.models import Instrument
from pillars.operations import new_version
from tests.architecture.test_access import walk
from tests.factories import make_instrument
from tests.security.cast import AUDITOR, CURATOR
from tests.security.checking import nothing_there, without_traces
from tests.security.lives import open_for_days
from tests.security.matrix import MATRIX, routed

PEOPLE = ("ani", "budi", "gunawan", CURATOR, AUDITOR, "hesti")
"""The owner, today's reviewer, a head above, and those with a duty: each is let in at one of the two."""
# Somebody else may have removed a part of a draft since its page was opened: the curator keeps what was typed, or
# finds the page without it.
PART_GONE = {
    **dict.fromkeys(
        ("pillars:add_indicator", "pillars:edit_indicator", "pillars:edit_pillar"), 409
    ),
    **dict.fromkeys(("pillars:move_indicator", "pillars:move_pillar"), 303),
}


class Other(NamedTuple):
    """A cycle of the same people with an instrument of its own: no pillar and no statement in common."""

    instrument: Instrument
    draft: Instrument
    cycle: Cycle
    assessment: Assessment


@pytest.fixture
def other(world) -> Other:
    instrument = make_instrument(code="LAIN", pillars=("SATU",), items=2)
    draft = new_version(instrument=instrument, version="2", by=world.people[CURATOR])
    cycle = open_for_days("LAIN", instrument)
    own = Assessment.objects.get(cycle=cycle, person=world.people["ani"])
    return Other(instrument, draft, cycle, own)


def mixed(world: Any, other: Other, kind: str) -> list[Mapping[str, Any]]:
    """Parts of two objects of a kind, put together."""
    ours, theirs = world.assessment("ani").pk, other.assessment.pk
    unsent = world.assessment("ratna").pk
    drafts = world.draft.pk, other.draft.pk
    now, earlier = (world.unit_of("ani", cycle).pk for cycle in (world.now, world.earlier))
    new = other.cycle.units.get(unit=world.units["ani"]).pk
    crossed_units = [
        *({"cycle": "LAMA", "pk": now}, {"cycle": "KINI", "pk": earlier}),
        *({"cycle": "KINI", "pk": new}, {"cycle": "LAIN", "pk": now}),
    ]
    given_way = world.assessment("ani-lama").pk
    found: dict[str, list[Mapping[str, Any]]] = {
        "section": [
            *({"pk": ours, "pillar": "SATU"}, {"pk": unsent, "pillar": "SATU"}),
            {"pk": theirs, "pillar": "ALFA"},
        ],
        "statement": [
            *({"pk": ours, "code": "SAT-01"}, {"pk": unsent, "code": "SAT-01"}),
            {"pk": theirs, "code": "ALF-01"},
        ],
        "pillar": [{"pk": drafts[0], "code": "SATU"}, {"pk": drafts[1], "code": "ALFA"}],
        "indicator": [{"pk": drafts[0], "code": "SAT-01"}, {"pk": drafts[1], "code": "ALF-01"}],
        "unit": crossed_units,
        "file": [{**each, "extension": "csv"} for each in crossed_units],
        # A sequence is counted within its assessment; these have none of that number.
        "given way": [
            *({"pk": given_way, "sequence": 2}, {"pk": ours, "sequence": 1}),
            *(
                {"pk": theirs, "sequence": 1},
                {"pk": world.assessment("zaki-lama").pk, "sequence": 1},
            ),
        ],
        # The second part is no object, but what to make of the first.
        "people": [{"pk": world.now.pk, "extension": "toml"}],
        "instrument_file": [{"pk": world.draft.pk, "kind": "csv"}],
    }
    return found[kind]


def nested() -> list[str]:
    """Every address of ours with two parts or more."""
    return sorted(
        ":".join([*namespaces, pattern.name or ""])
        for _route, pattern, namespaces in walk()
        if namespaces[:1] != ["admin"] and len(pattern.pattern.converters) > 1
    )


def test_there_are_such_addresses():
    assert len(nested()) >= 15
    assert set(nested()) <= routed()


@pytest.mark.parametrize("name", nested())
def test_a_part_of_another_object_leads_nowhere(portal, world, other, written, name):
    row = MATRIX[name]
    asked = mixed(world, other, row.kind)
    body = row.body_of(world)
    as_json = {"content_type": "application/json"} if row.is_json else {}
    written.clear()  # what there must be before anybody asks
    wrong = []
    for arguments in asked:
        path = reverse(name, kwargs=arguments)
        for who in PEOPLE:
            for method in ("GET", "POST"):
                answer = portal.ask(
                    who,
                    method,
                    path,
                    body if method == "POST" else None,
                    **(as_json if method == "POST" else {}),
                )
                if answer.status_code == 405 or (
                    who == CURATOR and answer.status_code == PART_GONE.get(name)
                ):
                    continue
                if answer.status_code != 404:
                    wrong.append(f"{method} {path} as {who}: {answer.status_code}")
                elif without_traces(answer, path) != nothing_there(portal, who, path):
                    wrong.append(f"{method} {path} as {who}: says more than that nothing is there")
    assert wrong == []
    assert written == []


@pytest.mark.parametrize("name", nested())
def test_the_same_address_with_parts_that_belong_together_is_there(portal, world, other, name):
    """Otherwise nothing above would prove anything."""
    whole = {
        "section": {"pk": other.assessment.pk, "pillar": "SATU"},
        "statement": {"pk": other.assessment.pk, "code": "SAT-01"},
        "pillar": {"pk": other.draft.pk, "code": "SATU"},
        "indicator": {"pk": other.draft.pk, "code": "SAT-01"},
        "unit": {"cycle": "LAIN", "pk": other.cycle.units.get(unit=world.units["ani"]).pk},
    }
    arguments = whole.get(MATRIX[name].kind)
    if arguments is None:
        return
    statuses = {
        portal.ask(who, "GET", reverse(name, kwargs=arguments)).status_code for who in PEOPLE
    }
    assert statuses & {200, 405} or "review" in name
