"""What the personnel office narrows its reports by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from assessments.enums import ReportStatus
from assessments.models import SupervisorReport


class ReportFilter(django_filters.FilterSet):
    """State and name."""

    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=ReportStatus.choices, empty_label=_("Semua status")
    )
    name = django_filters.CharFilter(
        field_name="assessment__person__name", lookup_expr="icontains", label=_("Nama pegawai")
    )

    class Meta:
        model = SupervisorReport
        fields: tuple[str, ...] = ()
