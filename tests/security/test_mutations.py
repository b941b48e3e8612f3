"""A gate that is taken away must be noticed: each is opened in turn, and the checks must complain.

A gate is opened in place, by giving its function other code, so that every module that imported it is affected.
What opens it finds names in the module of the gate.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from accounts import access, middleware, validators
from assessments import permissions as assessment_permissions
from assessments.enums import STAGES, Stage, Status
from assessments.models.assessment import AssessmentQuerySet
from assessments.queries import evidence, reports, results, standing, visibility
from dashboards import permissions as unit_permissions
from dashboards.queries import visibility as unit_visibility
from organization import permissions as organization_permissions
from organization import queries as organization_queries
from pillars import permissions as pillar_permissions
from prima_portal.auditing import access as auditing_access
from tests.security.cast import ANONYMOUS
from tests.security.checking import violations_among


def _everything(self, user):
    return self.all()


def _every_assessment(user, on=None):
    return Assessment.objects.all()  # noqa: F821


def _any_assessment(user, assessment_id):
    assessment, assessment.now = read_with_cycle(assessment_id)  # noqa: F821
    assessment.review_started = False
    return assessment


def _every_file(user):
    return Evidence.objects.all()  # noqa: F821


def _every_report(user, on):
    return SupervisorReport.objects.annotate(now=Now())  # noqa: F821


def _every_correction(user, on):
    return CorrectionRequest.objects.annotate(now=Now(), waits=Q(status="RECEIVED"))  # noqa: F821


def _every_unit(user, on=None):
    return CycleUnit.objects.select_related("cycle").order_by("first")  # noqa: F821


def _everybody_in(user, unit):
    return Assessment.objects.filter(unit=unit)  # noqa: F821


def _every_unit_id(user, on):
    return set(Unit.objects.values_list("pk", flat=True))  # noqa: F821


def _supervises_all(user, on):
    members = frozenset(Unit.objects.values_list("pk", flat=True))  # noqa: F821
    return Supervised(user.pk, members=members)  # noqa: F821


def _yes(_asked):
    return True


def _passes(self, request, view, args, kwargs):
    return None


def _in_full(nip):
    return nip


class Gate(NamedTuple):
    """What is opened, how, and where it must be noticed: an address, its objects, the people who ask."""

    function: Callable[..., Any]
    opened: Callable[..., Any]
    address: str
    objects: str
    people: tuple[str, ...]


GATES = {
    "requests to correct data of one's office": Gate(
        organization_queries.corrections_for,
        _every_correction,
        "organization:correction_request",
        "lina",
        ("hesti",),
    ),
    "one's own requests to correct data": Gate(
        organization_queries.own_corrections,
        lambda user: CorrectionRequest.objects.annotate(now=Now()),  # noqa: F821
        "organization:correction_withdraw",
        "lina",
        ("ani", "budi"),
    ),
    "one's own": Gate(
        AssessmentQuerySet.of, _everything, "api:own_assessment", "ani", ("bayu", "budi", "lina")
    ),
    "one's own, on the pages of one assessment": Gate(
        standing.own_assessment,
        _any_assessment,
        "assessments:tasks",
        "ani",
        ("bayu", "budi", "lina"),
    ),
    "those one reviews": Gate(
        visibility.reviewable_by, _every_assessment, "assessments:review", "ani", ("bayu", "citra")
    ),
    "deciding on those one reviews": Gate(
        visibility.reviewable_by,
        _every_assessment,
        "assessments:review_verify",
        "ani",
        ("gunawan",),
    ),
    "results one may read": Gate(
        visibility.readable_by, _every_assessment, "assessments:result", "ani", ("bayu", "gunawan")
    ),
    "whom one supervises": Gate(
        organization_queries.supervised,
        _supervises_all,
        "assessments:review",
        "ani",
        ("farid", "ani"),
    ),
    "reports of one's mandate": Gate(
        reports.reports_for, _every_report, "assessments:supervisor_report", "ani", ("hasan",)
    ),
    "units of one's mandate": Gate(
        organization_queries.hr_units,
        _every_unit_id,
        "assessments:supervisor_report",
        "lina",
        ("hesti",),
    ),
    "files of evidence one may open": Gate(
        evidence.evidence_readable_by,
        _every_file,
        "assessments:evidence_file",
        "ani",
        ("bayu", "gunawan", "eko"),
    ),
    "auditors": Gate(auditing_access.auditor, _yes, "audit:events", "", ("ani", "dewi", "hesti")),
    "units one reads": Gate(
        unit_visibility.visible_units, _every_unit, "dashboards:unit", "ani", ("citra", "ani")
    ),
    "files of units one reads": Gate(
        unit_visibility.visible_units, _every_unit, "dashboards:export", "anicsv", ("farid", "joko")
    ),
    "where one starts reading": Gate(
        unit_permissions.reads_dashboards, _yes, "dashboards:index", "", ("ani",)
    ),
    "names of those one reviews": Gate(
        unit_visibility.named_people, _everybody_in, "dashboards:unit", "ani", ("gunawan", "eko")
    ),
    "curators": Gate(pillar_permissions.curates, _yes, "pillars:index", "", ("ani", "eko")),
    "curators of cycles": Gate(
        assessment_permissions.manages_cycles, _yes, "assessments:cycle_list", "", ("hesti",)
    ),
    "the personnel office": Gate(
        organization_permissions.mends_personnel_data,
        _yes,
        "assessments:supervisor_reports",
        "",
        ("ani",),
    ),
    "one's own, for programs": Gate(
        AssessmentQuerySet.of, _everything, "api:own_assessment", "ani", ("bayu", "budi", "lina")
    ),
    "figures of units, for programs": Gate(
        unit_visibility.visible_units, _every_unit, "api:unit", "ani", ("citra", "ani")
    ),
    "curators, for programs": Gate(
        pillar_permissions.curates, _yes, "api:instrument_list", "", ("ani", "eko")
    ),
    "being signed in, for programs": Gate(access.signed_in, _yes, "api:me", "", (ANONYMOUS,)),
    "being signed in": Gate(access.signed_in, _yes, "home", "", (ANONYMOUS,)),
    "the middleware": Gate(
        middleware.AccessMiddleware.process_view, _passes, "pillars:index", "", ("ani",)
    ),
    "masked numbers": Gate(validators.mask_nip, _in_full, "assessments:review", "ani", ("budi",)),
}


@pytest.mark.parametrize("name", GATES)
def test_an_open_gate_is_noticed(portal, monkeypatch, name):
    gate = GATES[name]
    portal.nothing.clear()
    assert violations_among(portal, gate.address, gate.objects, *gate.people) == []
    monkeypatch.setattr(gate.function, "__code__", gate.opened.__code__)
    complaints = violations_among(portal, gate.address, gate.objects, *gate.people)
    assert complaints != [], "nobody noticed"


def test_a_score_of_what_was_taken_back_is_noticed(portal, monkeypatch):
    asked = ("assessments:result", "yusuf", "budi")
    assert violations_among(portal, *asked) == []
    monkeypatch.setattr(results, "SHOWN", tuple(Status))
    assert violations_among(portal, *asked) != []


def test_an_answer_of_what_was_taken_back_is_noticed(portal, monkeypatch):
    asked = ("assessments:review_pillar", "yusuf", "budi")
    assert violations_among(portal, *asked) == []
    monkeypatch.setitem(STAGES, Stage.BEHIND, ())
    assert violations_among(portal, *asked) != []
