"""Assessments for operators: to find what is stuck. Answers, levels and scores are not shown here."""

from collections.abc import Iterable
from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import ReadingOnRecord
from accounts.models import User
from assessments.models import (
    Assessment,
    Cycle,
    LegalHold,
    Score,
    ScoringJob,
    Submission,
    SupervisorReport,
)
from assessments.operations import retry_failed
from audit.admin import ReadOnlyAdmin


@admin.register(Cycle)
class CycleAdmin(ReadOnlyAdmin):
    """Cycles; curators open and keep them on their own pages."""

    list_display = ("code", "name", "instrument", "opens_at", "closes_at", "census_date")
    list_select_related = ("instrument",)
    search_fields = ("code__icontains", "name__icontains")
    fields = (
        "code",
        "name",
        "instrument",
        "opens_at",
        "closes_at",
        "census_date",
        "opened_by",
        "created_at",
    )


@admin.register(Assessment)
class AssessmentAdmin(ReadingOnRecord, ReadOnlyAdmin):
    """Who stands in which state."""

    list_display = ("person", "cycle", "unit", "status", "status_changed_at")
    list_filter = ("status", "cycle")
    list_select_related = ("person", "cycle", "unit")
    search_fields = ("person__nip__startswith", "person__name__icontains")
    fields = (
        "person",
        "cycle",
        "unit",
        "position_title",
        "status",
        "status_changed_at",
        "started_at",
        "submission",
        "extended_until",
        "named_reviewer",
    )

    def people_of(self, row: Assessment) -> Iterable[int | None]:
        """Whose it is, and whom the personnel office named as reviewer."""
        return [row.person_id, row.named_reviewer_id]


@admin.register(LegalHold)
class LegalHoldAdmin(ReadingOnRecord, ReadOnlyAdmin):
    """What is suspended; `manage.py legal_hold` places and lifts."""

    list_display = ("cycle", "person", "reason", "placed_at", "lifted_at")
    list_select_related = ("cycle", "person")
    fields = ("cycle", "person", "reason", "placed_at", "lifted_at")

    def people_of(self, row: LegalHold) -> Iterable[int | None]:
        """The person whose data is kept, where it is one person's."""
        return [row.person_id]


class OfSubmissionAdmin(ReadingOnRecord, ReadOnlyAdmin):
    """What belongs to a submission: whose it is, and by which number it is found."""

    list_select_related: ClassVar[tuple[str, ...]] = ("submission__assessment__person",)
    search_fields = (
        "submission__number",
        "submission__assessment__person__nip__startswith",
        "submission__assessment__person__name__icontains",
    )

    def people_of(self, row: Score | ScoringJob) -> Iterable[int | None]:
        """Whose submission it is."""
        return [row.submission.assessment.person_id]

    @admin.display(description=_("pegawai"), ordering="submission__assessment__person__name")
    def person(self, of: Score | ScoringJob) -> User:
        """Whose submission it is."""
        return of.submission.assessment.person


@admin.register(Submission)
class SubmissionAdmin(ReadingOnRecord, ReadOnlyAdmin):
    """Receipts."""

    list_display = ("number", "person", "sequence", "submitted_at")
    list_select_related = ("assessment__person",)
    search_fields = (
        "number",
        "assessment__person__nip__startswith",
        "assessment__person__name__icontains",
    )
    fields = ("number", "person", "sequence", "submitted_at", "answers_hash")

    def people_of(self, row: Submission) -> Iterable[int | None]:
        """Who handed it in."""
        return [row.assessment.person_id]

    @admin.display(description=_("pegawai"), ordering="assessment__person__name")
    def person(self, submission: Submission) -> User:
        """Who handed it in."""
        return submission.assessment.person


@admin.register(Score)
class ScoreAdmin(OfSubmissionAdmin):
    """That something was scored, when, and by which method."""

    list_display = ("submission", "person", "kind", "instrument", "method", "scored_at")
    list_select_related = ("submission__assessment__person", "instrument")
    list_filter = ("kind",)
    fields = ("submission", "person", "kind", "instrument", "method", "scored_at")


@admin.register(ScoringJob)
class ScoringJobAdmin(OfSubmissionAdmin):
    """The queue, failed jobs included; those can be put back."""

    list_display = (
        "submission",
        "person",
        "kind",
        "requested_at",
        "dispatched_at",
        "failed_at",
        "error",
    )
    list_filter = (("failed_at", admin.EmptyFieldListFilter), "kind")
    fields = ("submission", "person", "kind", "requested_at", "dispatched_at", "failed_at", "error")
    actions = ("retry",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Operators who may change jobs elsewhere may put them back."""
        return request.user.has_perm("assessments.change_scoringjob")

    @admin.action(description=_("Coba lagi"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[ScoringJob]) -> None:
        """Put failed jobs back into the queue."""
        retried = retry_failed(job_ids=list(queryset.values_list("pk", flat=True)))
        text = ngettext(
            "%(count)d penghitungan dimasukkan lagi ke antrean.",
            "%(count)d penghitungan dimasukkan lagi ke antrean.",
            retried,
        )
        self.message_user(request, text % {"count": retried}, messages.SUCCESS)


@admin.register(SupervisorReport)
class SupervisorReportAdmin(ReadingOnRecord, ReadOnlyAdmin):
    """Reports about supervisors: that they wait, not what they say."""

    list_display = ("assessment", "shown_supervisor", "status", "reported_at", "resolved_by")
    list_filter = ("status",)
    list_select_related = (
        "assessment__person",
        "assessment__cycle",
        "shown_supervisor",
        "resolved_by",
    )
    search_fields = ("assessment__person__nip__startswith", "assessment__person__name__icontains")
    fields = (
        "assessment",
        "shown_supervisor",
        "status",
        "reported_at",
        "resolved_at",
        "resolved_by",
    )

    def people_of(self, row: SupervisorReport) -> Iterable[int | None]:
        """Who reported, about whom, and who settled it."""
        return [row.assessment.person_id, row.shown_supervisor_id, row.resolved_by_id]
