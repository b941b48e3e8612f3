"""Who may call the pages of this app."""

from django.http import HttpRequest

from dashboards import permissions


def reader(request: HttpRequest) -> bool:
    """Whoever leads a unit, and auditors."""
    return permissions.reads_dashboards(request.user)
