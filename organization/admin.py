"""Units, posts and postings for operators. History is kept: what is over is ended, never deleted."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import GivenByAnother, KeptAdmin, ReadingOnRecord
from accounts.clock import portal_today
from organization.models import HrMandate, Position, Posting, Unit


class InForce(admin.SimpleListFilter):
    """Rows with a period, by whether it holds today."""

    title = _("masa")
    parameter_name = "masa"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Now, later, over."""
        return [
            ("kini", _("Berlaku hari ini")),
            ("nanti", _("Belum mulai")),
            ("lalu", _("Berakhir")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow by the chosen one."""
        on = portal_today()
        match self.value():
            case "kini":
                return queryset.filter(valid__contains=on)
            case "nanti":
                return queryset.filter(valid__startswith__gt=on)
            case "lalu":
                return queryset.filter(valid__endswith__lte=on)
        return queryset


class PositionInline(admin.TabularInline):
    """The posts of a unit."""

    model = Position
    fields = readonly_fields = ("title", "kind", "is_head")
    extra = 0
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Posts are added on their own page."""
        return False


@admin.register(Unit)
class UnitAdmin(KeptAdmin):
    """The unit tree."""

    list_display = ("name", "code", "kind", "above", "is_active")
    list_filter = ("is_active", "kind")
    list_select_related = ("parent",)
    search_fields = ("name__icontains", "code__istartswith")
    raw_id_fields = ("parent",)
    fields = ("code", "name", "kind", "parent", "head_nip", "is_active")
    inlines = (PositionInline,)
    ordering = ("name", "id")

    @admin.display(description=_("unit induk"), ordering="parent__name")
    def above(self, unit: Unit) -> Unit | None:
        """The unit above; the field itself is a library's, with an English name."""
        return unit.parent

    def formfield_for_foreignkey(self, db_field: Any, *args: Any, **kwargs: Any) -> Any:
        """The same name in the form."""
        field = super().formfield_for_foreignkey(db_field, *args, **kwargs)
        if field is not None and db_field.name == "parent":
            field.label = _("Unit induk")
        return field


@admin.register(Position)
class PositionAdmin(KeptAdmin):
    """Posts. A post stays in its unit; whether it is the head's is settled when it is made."""

    list_display = ("title", "unit", "kind", "is_head")
    list_filter = ("is_head", "kind")
    list_select_related = ("unit",)
    search_fields = ("title__icontains", "unit__name__icontains", "unit__code__istartswith")
    raw_id_fields = ("unit",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What the database keeps fixed is not offered."""
        return ("unit", "is_head") if obj else ()


@admin.register(Posting)
class PostingAdmin(ReadingOnRecord, GivenByAnother):
    """Who holds which post, and when; the second date is the first day after the period."""

    list_display = ("user", "position", "unit", "kind", "valid")
    list_filter = (InForce, "kind", "is_head")
    list_select_related = ("user", "position__unit")
    search_fields = (
        *("user__nip__startswith", "user__name__icontains"),
        *("position__title__icontains", "position__unit__name__icontains"),
    )
    raw_id_fields = ("user", "position")
    ordering = ("-id",)

    @admin.display(description=_("unit kerja"), ordering="position__unit__name")
    def unit(self, posting: Posting) -> Unit:
        """The unit of the post."""
        return posting.position.unit

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A posting keeps its person, post and kind: another is another posting."""
        return ("user", "position", "kind") if obj else ()


@admin.register(HrMandate)
class HrMandateAdmin(ReadingOnRecord, GivenByAnother):
    """People who mend personnel data, of which units, and when."""

    list_display = ("user", "unit", "valid", "reason")
    list_filter = (InForce,)
    list_select_related = ("user", "unit")
    search_fields = (
        *("user__nip__startswith", "user__name__icontains"),
        *("unit__name__icontains", "reason__icontains"),
    )
    raw_id_fields = ("user", "unit")
    ordering = ("-id",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A mandate keeps its person and unit: another is another mandate."""
        return ("user", "unit") if obj else ()
