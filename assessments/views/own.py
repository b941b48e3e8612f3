"""What the filling pages share: the person's own assessment, and where in it an address leads."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import PersonRequest
from assessments.models import Assessment, Tombstone
from assessments.operations.locking import Held, hold
from assessments.queries import Gap, questionnaire_of, standing
from assessments.queries.retention import tombstones_of
from pillars.queries import PillarItem


class Destroyed(Http404):
    """The person's own assessment, which the schedule let go: answered with 410 and what is left of it."""

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__()
        self.tombstone = tombstone


def missing(request: PersonRequest, pk: int) -> Http404:
    """What to raise for an assessment that is not there: others read nothing but 404."""
    tombstone = tombstones_of(request.user).filter(assessment_id=pk).first()
    return Destroyed(tombstone) if tombstone else Http404()


def found_or_missing(request: PersonRequest, among: QuerySet[Assessment], pk: int) -> Assessment:
    """The assessment among those the person may read; raises Http404, or Destroyed for one's own."""
    assessment = among.filter(pk=pk).first()
    if assessment is None:
        raise missing(request, pk)
    return assessment


def own_assessment(request: PersonRequest, pk: int) -> Assessment:
    """The signed-in person's assessment; somebody else's answers 404 like one that does not exist."""
    try:
        return standing.own_assessment(request.user, pk)
    except Assessment.DoesNotExist:
        raise missing(request, pk) from None


def own_held(request: PersonRequest, pk: int) -> Held:
    """The same, locked by the statement that reads it; for a view that is one transaction."""
    try:
        return hold(pk, of=request.user)
    except Assessment.DoesNotExist:
        raise missing(request, pk) from None


def crumbs_of(*assessments: Assessment) -> list[dict[str, str]]:
    """Where a page lies: under the person's list, and under an assessment if one is given."""
    crumbs = [{"url": reverse("assessments:index"), "label": _("Penilaian saya")}]
    for assessment in assessments:
        url = reverse("assessments:tasks", args=(assessment.pk,))
        crumbs.append({"url": url, "label": assessment.cycle.name})
    return crumbs


@dataclass(frozen=True, slots=True)
class Section:
    """One pillar among its neighbours."""

    pillar: PillarItem
    number: int
    total: int
    previous: PillarItem | None
    following: PillarItem | None

    @property
    def codes(self) -> list[str]:
        """Codes of its indicators, in order."""
        return [item.code for item in self.pillar.indicators]


def section_of(assessment: Assessment, code: str) -> Section:
    """The section of a pillar's code; 404 where the questionnaire has none."""
    pillars = questionnaire_of(assessment).pillars
    for place, pillar in enumerate(pillars):
        if pillar.code == code:
            previous = pillars[place - 1] if place else None
            following = pillars[place + 1] if place + 1 < len(pillars) else None
            return Section(pillar, place + 1, len(pillars), previous, following)
    raise Http404


def fill_url(assessment: Assessment, pillar: PillarItem, indicator: str = "") -> str:
    """The section page, at one statement if named."""
    url = reverse("assessments:fill", args=(assessment.pk, pillar.code))
    return f"{url}#butir-{indicator}" if indicator else url


def gap_url(assessment: Assessment, gap: Gap) -> str:
    """Where a gap can be filled."""
    return fill_url(assessment, gap.pillar, gap.code)
