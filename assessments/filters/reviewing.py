"""What a supervisor narrows the list by."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.enums import STAGES, Stage
from assessments.models import Assessment, Cycle


class CaseFilter(django_filters.FilterSet):
    """Cycle, stage and name; what does not fit a choice is left out."""

    cycle = django_filters.ChoiceFilter(
        field_name="cycle__code", label=_("Periode"), empty_label=None
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Stage.choices, method="by_stage", empty_label=_("Semua status")
    )
    name = django_filters.CharFilter(
        field_name="person__name", lookup_expr="icontains", label=_("Nama")
    )

    class Meta:
        model = Assessment
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, cycles: Sequence[Cycle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["cycle"].extra["choices"] = [(cycle.code, cycle.name) for cycle in cycles]

    def by_stage(
        self, queryset: QuerySet[Assessment], name: str, value: str
    ) -> QuerySet[Assessment]:
        """Assessments in one stage."""
        return queryset.filter(status__in=STAGES[Stage(value)])
