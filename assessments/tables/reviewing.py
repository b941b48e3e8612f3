"""The supervisor's list."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import in_words
from assessments.enums import STAGES, Stage
from assessments.models import Assessment


def review_url(record: Assessment) -> str | None:
    """The review page of a row; None while there is nothing to read."""
    if record.status in STAGES[Stage.BEHIND]:
        return None
    return reverse("assessments:review", args=(record.pk,))


class CaseTable(tables.Table):
    """People of one cycle; rows of `queries.caseload`."""

    name = tables.Column(
        verbose_name=gettext_lazy("Nama"),
        accessor="person__full_name",
        order_by=("person__name", "pk"),
        linkify=review_url,
    )
    position = tables.Column(
        verbose_name=gettext_lazy("Jabatan dan unit"), accessor="position_title", orderable=False
    )
    status = tables.Column(
        verbose_name=gettext_lazy("Status"), order_by=("place", "submission__submitted_at", "pk")
    )
    submitted_at = tables.Column(
        verbose_name=gettext_lazy("Diajukan"),
        accessor="submission__submitted_at",
        order_by=("submission__submitted_at", "pk"),
        empty_values=(),
    )

    class Meta:
        order_by = "status"
        empty_text = gettext_lazy("Tidak ada pegawai yang cocok dengan saringan ini.")

    def render_position(self, record: Assessment) -> SafeString:
        """Post and unit, as of the census date."""
        return format_html(
            '<span>{}<br><span class="small muted">{}</span></span>',
            record.position_title,
            record.unit.name,
        )

    def render_status(self, record: Assessment) -> SafeString:
        """The status word, and whether a review has begun."""
        tag = render_to_string(
            "components/status_tag.html",
            {"status": record.status, "label": record.get_status_display()},
        )
        if not record.review_begun:  # type: ignore[attr-defined]  # annotated by `caseload`
            return tag
        begun = _("Sedang ditinjau")
        return format_html('<span>{}<br><span class="small">{}</span></span>', tag, begun)

    def render_submitted_at(self, record: Assessment) -> str:
        """When it was handed in; of what was taken back, nothing."""
        if record.submission is None or record.status in STAGES[Stage.BEHIND]:
            return "–"
        return format_html("<span>{}</span>", in_words(record.submission.submitted_at))
