"""Who may open the dashboards at all; which units, `queries.visible_units` says."""

from django.http import HttpRequest

from dashboards.queries import entrances


def reader(request: HttpRequest) -> bool:
    """Whoever leads a unit that was in a cycle, and auditors."""
    return request.user.is_authenticated and entrances(request.user).exists()
