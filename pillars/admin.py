"""Instruments for operators: to find and to read. Curators edit drafts on their own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from audit.admin import OfferedFiltersAdmin
from pillars.models import Band, Indicator, Instrument, Pillar, ScalePoint


class ReadOnly:
    """Nobody adds, changes or deletes here: curators do, on their own pages, with checks and a record."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class ScalePointInline(ReadOnly, admin.TabularInline):
    """Points of the shared scale."""

    model = ScalePoint
    extra = 0


class BandInline(ReadOnly, admin.TabularInline):
    """Bands."""

    model = Band
    extra = 0


class PillarInline(ReadOnly, admin.StackedInline):
    """Pillars; one below the other, since their descriptions are long."""

    model = Pillar
    extra = 0


@admin.register(Instrument)
class InstrumentAdmin(ReadOnly, OfferedFiltersAdmin):
    """Versions, to find one by its code, title or hash."""

    list_display = ("code", "version", "title", "status", "published_at", "published_by")
    list_filter = ("status", "code", "language")
    list_select_related = ("published_by",)
    search_fields = ("code", "version", "title", "content_hash", "structure_hash")
    date_hierarchy = "published_at"
    inlines = (ScalePointInline, BandInline, PillarInline)


@admin.register(Indicator)
class IndicatorAdmin(ReadOnly, OfferedFiltersAdmin):
    """Indicators of every version, to find one by its code or words."""

    list_display = ("code", "instrument", "pillar", "statement", "weight")
    list_filter = ("instrument__status", "instrument__code")
    list_select_related = ("instrument", "pillar")
    search_fields = ("code", "statement")
