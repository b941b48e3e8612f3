"""Events for operators: to find and to read, never to change."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.models import Destruction, Event
from audit.operations import record


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list to look things up in; what changes them is elsewhere, with its checks and its record."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Events, the latest first; searched by their beginnings, which an index or a short scan finds."""

    list_display = ("at", "verb", "actor_name", "subject_type", "subject_id", "request_id")
    ordering = ("-id",)
    fields = ("at", "actor_name", "verb", "subject_type", "subject_id", "particulars", "request_id")
    search_fields = ("^verb", "^actor_name", "=subject_id", "=request_id")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """List events; that the record was read is itself one, for the next who lists."""
        listed: ChangeList = super().get_changelist_instance(request)
        _note(request, "admin:audit_event_changelist", lines=len(listed.result_list))
        return listed

    def get_object(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        """Open an event; that is one, too."""
        found = super().get_object(request, object_id, *args, **kw)
        if found is not None:
            _note(request, "admin:audit_event_change", event=found.pk)
        return found

    @admin.display(description=_("rincian"))
    def particulars(self, event: Event) -> str:
        """What changed; the reason somebody gave (illness, leave) is the auditor's to read."""
        told = {key: value for key, value in event.data.items() if key != "reason"}
        return json.dumps(told, ensure_ascii=False)


@admin.register(Destruction)
class DestructionAdmin(ReadOnlyAdmin):
    """Proof of what was destroyed by schedule."""

    list_display = ("at", "kind", "cycle", "subjects", "rows", "actor_name")
    ordering = ("-id",)
    fields = (
        "at",
        "kind",
        "cycle",
        "subjects",
        "rows",
        "tables",
        "digest",
        "months",
        "kept_since",
        "actor_name",
        "database_role",
    )
    search_fields = ("=cycle",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Destruction]:
        """Without the notes that a pass through the history is over: nothing went with them."""
        found: QuerySet[Destruction] = super().get_queryset(request)
        return found.filter(rows__gt=0)


def _note(request: HttpRequest, where: str, **data: object) -> None:
    actor: Any = request.user
    record("audit.read", by=actor, subject=actor, where=where, **data)
