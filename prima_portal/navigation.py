"""Navigation by what a person is, not by a menu for all."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.clock import portal_today
from accounts.models import User
from prima_portal.queries import Relations, relations_of


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link of the main navigation."""

    label: str
    url: str
    active: bool


def relations_for(request: HttpRequest, user: User) -> Relations:
    """The signed-in person's relations today, asked once for each request."""
    known: Relations | None = getattr(request, "relations", None)
    if known is None:
        known = relations_of(user, portal_today())
        request.relations = known  # type: ignore[attr-defined]
    return known


def items_for(request: HttpRequest) -> list[NavItem]:
    """Links that lead somewhere for this person, in reading order; none for the anonymous."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    items = []
    for label, name in _links(relations_for(request, user), is_operator=user.is_staff):
        url = reverse(name)
        active = request.path == url if name == "home" else request.path.startswith(url)
        items.append(NavItem(label, url, active))
    return items


def _links(relations: Relations, *, is_operator: bool) -> Iterator[tuple[str, str]]:
    yield _("Beranda"), "home"
    yield _("Penilaian saya"), "assessments:index"
    if relations.reviews:
        yield _("Tinjauan"), "assessments:review_list"
    if relations.leads or relations.audits:
        yield _("Unit"), "dashboards:index"
    if relations.curates:
        yield _("Instrumen"), "pillars:index"
        yield _("Periode"), "assessments:cycle_list"
    if relations.mends_personnel_data:
        yield _("Laporan atasan"), "assessments:supervisor_reports"
        yield _("Perbaikan data"), "organization:correction_requests"
        yield _("Undangan"), "organization:invitations"
    if relations.audits:
        yield _("Jejak audit"), "audit:events"
    if is_operator:
        yield _("Operator"), "admin:index"
