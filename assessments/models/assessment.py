"""One person's assessment in one cycle: working answers, and what was handed in."""

import datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.enums import EDITABLE, TRANSITIONS, ReportStatus, Status
from assessments.models.cycle import Cycle, CycleUnit
from audit.models import keep_history
from audit.triggers import IMMUTABLE, NO_TRUNCATE
from pillars.models import Indicator

NOTE_LENGTH = 2_000
REASON_LENGTH = 500
REFERENCE_LENGTH = 500
MAX_REFERENCES = 10


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments by relation to a person; `queries` adds those that follow from posts."""

    def of(self, user: User) -> "AssessmentQuerySet":
        """The person's own assessments."""
        return self.filter(person=user)


@keep_history(exclude=("reminded_at",))
class Assessment(models.Model):
    """One person × one cycle. Unit and post are frozen as of the census date."""

    # Foreign keys without an index of their own are the first column of another one.
    cycle = models.ForeignKey(
        Cycle,
        models.PROTECT,
        related_name="assessments",
        verbose_name=_("periode"),
        db_index=False,
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="assessments",
        verbose_name=_("pegawai"),
    )
    unit = models.ForeignKey(
        CycleUnit,
        models.PROTECT,
        related_name="assessments",
        verbose_name=_("unit kerja"),
        db_index=False,
    )
    position_title = models.CharField(_("jabatan"), max_length=250)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.INVITED)
    submission = models.ForeignKey(
        "assessments.Submission",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pengajuan yang berlaku"),
        db_index=False,
    )
    extended_until = models.DateTimeField(_("diperpanjang sampai"), null=True, blank=True)
    named_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("penilai yang ditetapkan"),
        help_text=_("Diisi kepegawaian bila atasan menurut struktur tidak tepat."),
    )
    started_at = models.DateTimeField(_("mulai mengisi"), null=True, blank=True)
    status_changed_at = models.DateTimeField(_("status sejak"), db_default=Now())
    reminded_at = models.DateTimeField(
        _("terakhir disurati"), null=True, blank=True, editable=False
    )

    objects: ClassVar[AssessmentQuerySet] = AssessmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("penilaian mandiri")
        verbose_name_plural = _("penilaian mandiri")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("cycle", "person"), name="assessment_once_per_cycle"),
            models.CheckConstraint(
                condition=~Q(status__in=("SUBMITTED", "RETURNED", "VERIFIED", "FINAL"))
                | Q(submission__isnull=False),
                name="assessment_handed_in_has_submission",
            ),
            models.CheckConstraint(
                condition=Q(named_reviewer__isnull=True) | ~Q(named_reviewer=F("person")),
                name="assessment_not_reviewed_by_oneself",
            ),
        )
        indexes = (
            models.Index(fields=("unit", "status"), name="assessment_unit_status"),
            models.Index(fields=("cycle", "status"), name="assessment_cycle_status"),
            models.Index(
                fields=("cycle", "extended_until"),
                name="assessment_extended",
                condition=Q(extended_until__isnull=False),
            ),
        )
        triggers = (
            pgtrigger.FSM(name="status", field="status", transitions=list(TRANSITIONS)),
            pgtrigger.ReadOnly(
                name="frozen_at_census", fields=["cycle", "person", "unit", "position_title"]
            ),
            pgtrigger.Trigger(
                name="reopened_by_two",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(old__status="FINAL") & ~pgtrigger.Q(new__status="FINAL"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM assessments_reopening
                        WHERE assessment_id = OLD.id AND submission_id = OLD.submission_id
                          AND status = 'APPROVED'
                    ) THEN
                        RAISE EXCEPTION 'an established result is opened again by two people'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.cycle}"

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # the stubs know it already
        """The state in words. Django's own hashes every choice in both languages each time: lists name many states."""
        return str(Status(self.status).label)

    @property
    def deadline(self) -> datetime.datetime:
        """The last moment at which it may be handed in: the cycle's, or a later extension."""
        closes_at = self.cycle.closes_at
        return max(closes_at, self.extended_until) if self.extended_until else closes_at

    @property
    def is_editable(self) -> bool:
        """Whether its state allows answers; the deadline is asked of the database by operations."""
        return self.status in EDITABLE


@keep_history(exclude=("token", "saved_at"))
class Answer(models.Model):
    """The working copy of one answer: there while the assessment can be edited, in its `Submission` after.

    `revision` grows with each accepted save; `token` is the browser's name for the last one, so that
    a repeated request changes nothing.
    """

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="answers", db_index=False
    )
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=17, decimal_places=12, null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    note = models.TextField(max_length=NOTE_LENGTH, blank=True)
    evidence = ArrayField(models.CharField(max_length=REFERENCE_LENGTH), default=list, blank=True)
    revision = models.PositiveIntegerField(default=1)
    token = models.UUIDField(null=True, blank=True)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("jawaban")
        verbose_name_plural = _("jawaban")
        constraints = (
            models.UniqueConstraint(fields=("assessment", "indicator"), name="answer_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(not_applicable=False),
                name="answer_value_or_not_applicable",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="only_while_editable",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("part", "record")],
                func="""
                    IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
                    IF EXISTS (
                        SELECT 1 FROM assessments_assessment
                        WHERE id = part.assessment_id
                          AND status NOT IN ('INVITED', 'DRAFT', 'RETURNED')
                    ) THEN
                        RAISE EXCEPTION 'answers of a submitted assessment are frozen'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN part;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id}:{self.indicator_id}"

    @property
    def is_answered(self) -> bool:
        """Whether a level or "tidak relevan" was chosen (a note alone is not an answer)."""
        return self.value is not None or self.not_applicable


@keep_history(exclude=("answers",))
class Submission(models.Model):
    """What was handed in, frozen, with its receipt. A later submission never changes an earlier one.

    `answers` maps indicator codes to what was given, as `queries.documents` writes and reads it;
    `answers_hash` is the SHA-256 of its canonical JSON. `last_revision` is the highest of the working
    answers that went into it: those put back from it go on above.
    """

    assessment = models.ForeignKey(
        Assessment,
        models.PROTECT,
        related_name="submissions",
        verbose_name=_("penilaian"),
        db_index=False,
    )
    sequence = models.PositiveSmallIntegerField(_("pengajuan ke-"))
    number = models.CharField(_("nomor tanda terima"), max_length=60, unique=True)
    submitted_at = models.DateTimeField(_("diajukan pada"))
    answers = models.JSONField()
    last_revision = models.PositiveIntegerField(db_default=0, editable=False)
    answers_hash = models.CharField(_("sidik jawaban"), max_length=64)

    class Meta:
        verbose_name = _("pengajuan")
        verbose_name_plural = _("pengajuan")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("assessment", "sequence"), name="submission_sequence"),
        )
        indexes = (BrinIndex(fields=("submitted_at",), name="submission_submitted_at"),)
        triggers = (IMMUTABLE, NO_TRUNCATE)

    def __str__(self) -> str:
        return self.number


@keep_history()
class SupervisorReport(models.Model):
    """ "Ini bukan atasan saya": a person's report for the personnel office to mend. Work goes on."""

    assessment = models.ForeignKey(
        Assessment,
        models.CASCADE,
        related_name="supervisor_reports",
        verbose_name=_("penilaian"),
    )
    shown_supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("atasan yang ditampilkan"),
    )
    message = models.TextField(_("penjelasan"), max_length=NOTE_LENGTH)
    status = models.CharField(
        _("status"), max_length=10, choices=ReportStatus, default=ReportStatus.OPEN
    )
    reported_at = models.DateTimeField(_("dilaporkan pada"), db_default=Now())
    resolved_at = models.DateTimeField(_("ditindaklanjuti pada"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ditindaklanjuti oleh"),
    )
    resolution = models.TextField(_("tindak lanjut"), max_length=NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = _("laporan atasan")
        verbose_name_plural = _("laporan atasan")
        ordering = ("reported_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("assessment",),
                condition=Q(status=ReportStatus.OPEN),
                name="supervisor_report_one_open",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="status",
                field="status",
                transitions=[("OPEN", "RESOLVED"), ("OPEN", "REJECTED")],
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment} ({self.get_status_display()})"
