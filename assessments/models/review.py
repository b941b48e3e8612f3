"""A supervisor's review of one submission."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.enums import ReviewStatus
from assessments.models.assessment import NOTE_LENGTH, Submission
from audit.models import keep_history
from pillars.models import Indicator


@keep_history()
class Review(models.Model):
    """One review of one submission. On completion `ratings` freezes what the supervisor gave.

    `ratings` is written and read like `Submission.answers`; `return` is true at indicators to be redone.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="review")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("penilai")
    )
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.OPEN)
    opened_at = models.DateTimeField(db_default=Now())
    completed_at = models.DateTimeField(null=True, blank=True)
    ratings = models.JSONField(default=dict, blank=True)
    note = models.TextField(_("catatan umum"), max_length=NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = _("tinjauan atasan")
        verbose_name_plural = _("tinjauan atasan")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(status=ReviewStatus.OPEN, completed_at__isnull=True)
                | (~Q(status=ReviewStatus.OPEN) & Q(completed_at__isnull=False)),
                name="review_completed_has_time",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="status",
                field="status",
                transitions=[("OPEN", "RETURNED"), ("OPEN", "VERIFIED")],
            ),
            pgtrigger.Protect(
                name="completed_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=~pgtrigger.Q(old__status="OPEN"),
            ),
            pgtrigger.Trigger(
                name="not_of_oneself",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("reviewer_id", "submission_id"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM assessments_submission submission
                        JOIN assessments_assessment assessment
                            ON assessment.id = submission.assessment_id
                        WHERE submission.id = NEW.submission_id
                          AND assessment.person_id = NEW.reviewer_id
                    ) THEN
                        RAISE EXCEPTION 'nobody reviews themselves'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission} · {self.reviewer}"


@keep_history(exclude=("saved_at",))
class Rating(models.Model):
    """The working copy of a supervisor's own level for one indicator."""

    review = models.ForeignKey(
        Review, models.CASCADE, related_name="working_ratings", db_index=False
    )
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=17, decimal_places=12, null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    note = models.TextField(max_length=NOTE_LENGTH, blank=True)
    to_redo = models.BooleanField(_("minta diperbaiki"), default=False)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("penilaian atasan")
        verbose_name_plural = _("penilaian atasan")
        constraints = (
            models.UniqueConstraint(fields=("review", "indicator"), name="rating_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(not_applicable=False),
                name="rating_value_or_not_applicable",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="only_while_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("part", "record")],
                func="""
                    IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
                    IF EXISTS (
                        SELECT 1 FROM assessments_review
                        WHERE id = part.review_id AND status <> 'OPEN'
                    ) THEN
                        RAISE EXCEPTION 'ratings of a completed review are frozen'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN part;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.review_id}:{self.indicator_id}"

    @property
    def is_given(self) -> bool:
        """Whether the supervisor chose a level or agreed that the indicator is not relevant."""
        return self.value is not None or self.not_applicable
