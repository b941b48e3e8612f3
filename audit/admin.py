"""Events for operators: to find and to read, never to change."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext_lazy as _

from audit.models import Destruction, Event
from audit.operations import record
from audit.queries import verbs_on_record

COUNTED = 10_000
ASKED_BY_FILTERS = {
    "",
    *("__exact", "__in", "__isnull", "__isempty", "__id__exact"),
    *("__gte", "__lt", "__year", "__month", "__day"),
}
"""What Django's filters and date hierarchies put behind the name of their column."""


class BoundedPaginator(Paginator):
    """Counts as far as somebody may turn pages: whoever counts everything reads everything."""

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list
        found: int = rows.order_by().values("pk")[: COUNTED + 1].count()
        return found

    @property
    def is_bounded(self) -> bool:
        """Whether there are more than are counted."""
        return self._found > COUNTED

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `COUNTED`."""
        return min(self._found, COUNTED)


class BoundedList(ChangeList):
    """Rows of one page, and how many there are as far as they are counted."""

    def get_results(self, request: HttpRequest) -> None:
        """List; beside the search no number is told that is not the whole one."""
        super().get_results(request)
        if self.paginator.is_bounded:
            self.full_result_count = self.result_count


class OfferedFiltersAdmin(admin.ModelAdmin):
    """A list that is narrowed by the filters it shows, and by no other.

    Django's own takes any lookup of any column of the model, so whoever may list rows finds out what no page
    shows them, value by value: scores, answers, passwords' hashes.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Whether a filter of the list asks it, as filters ask: not on from its column into another table."""
        return any(
            lookup.removeprefix(name) in ASKED_BY_FILTERS
            for name in self._offered(request)
            if lookup.startswith(name)
        )

    def _offered(self, request: HttpRequest | None) -> Iterable[str]:
        if self.date_hierarchy:
            yield self.date_hierarchy
        asked: Any = self.list_filter if request is None else self.get_list_filter(request)
        for each in asked:
            if isinstance(each, str):
                yield each
            elif isinstance(each, (tuple, list)):
                yield str(each[0])
            else:
                yield each.parameter_name


class LargeListAdmin(OfferedFiltersAdmin):
    """A list that costs the same however long its table is, and is searched by what an index finds.

    `search_fields` are whole lookups, as `name__icontains`.
    """

    show_full_result_count = False
    paginator = BoundedPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The kind of list that knows that it is bounded."""
        return BoundedList

    def conditions_for(self, words: Sequence[str]) -> Iterable[Q]:
        """What is looked for: each by itself finds rows, and by an index where the table is large."""
        return [Q(*((lookup, word) for word in words)) for lookup in self.search_fields]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows of which one column holds all of the words; never one twice.

        One statement for each condition, joined by their keys: an OR over several tables is answered by no index.
        """
        words = [_unquoted(word) for word in smart_split(search_term)]
        if words and self.search_fields:
            rows = self.model._default_manager.order_by()
            first, *more = (rows.filter(each).values("pk") for each in self.conditions_for(words))
            queryset = queryset.filter(pk__in=first.union(*more, all=True) if more else first)
        return queryset, False


class ReadOnlyAdmin(LargeListAdmin):
    """A list to look things up in; what changes them is elsewhere, with its checks and its record."""

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
    """Events, the latest first; found by the beginning of their verb, who acted, what it was about, or the request."""

    list_display = ("at", "verb", "actor_name", "subject_type", "subject_id", "request_id")
    ordering = ("-id",)
    fields = ("at", "actor_name", "verb", "subject_type", "subject_id", "particulars", "request_id")
    search_fields = ("verb", "subject_id", "request_id")

    def conditions_for(self, words: Sequence[str]) -> Iterable[Q]:
        """By steps along the indexes that the record has, which begin with other columns in part."""
        actors = get_user_model().objects.filter(*(Q(name__icontains=word) for word in words))
        text = " ".join(words)
        kinds = [model._meta.label for model in apps.get_models()]
        return (
            Q(verb__in=verbs_on_record(text)),
            Q(actor_id__in=actors.order_by().values("pk")),
            Q(subject_type__in=kinds, subject_id=text),
            Q(request_id=text),
        )

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
    search_fields = ("cycle__iexact",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Destruction]:
        """Without the notes that a pass through the history is over: nothing went with them."""
        found: QuerySet[Destruction] = super().get_queryset(request)
        return found.filter(rows__gt=0)


def _unquoted(word: str) -> str:
    """A word as Django's own search reads it: what stands between quotation marks is one."""
    is_quoted = len(word) > 1 and word[0] in "\"'" and word[-1] == word[0]
    return unescape_string_literal(word) if is_quoted else word


def _note(request: HttpRequest, where: str, **data: object) -> None:
    actor: Any = request.user
    record("audit.read", by=actor, subject=actor, where=where, **data)
