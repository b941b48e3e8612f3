"""An established result that is to be opened again: proposed by one, decided by another."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.enums import ReopeningStatus
from assessments.models.assessment import REASON_LENGTH, Assessment, Submission


class Reopening(models.Model):
    """Why an established submission is to give way to another. It stays, with its scores, as it was.

    `until` is the person's new deadline. Decided rows never change; nobody decides alone, and nobody
    about their own result.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="reopenings", db_index=False
    )
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    reason = models.TextField(_("alasan"), max_length=REASON_LENGTH)
    until = models.DateTimeField(_("batas waktu perbaikan"))
    status = models.CharField(
        max_length=10, choices=ReopeningStatus, default=ReopeningStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("pembukaan kembali hasil")
        verbose_name_plural = _("pembukaan kembali hasil")
        ordering = ("id",)
        indexes = (models.Index(fields=("assessment", "id"), name="reopening_assessment"),)
        constraints = (
            models.UniqueConstraint(
                fields=("assessment",),
                condition=Q(status="PROPOSED"),
                name="reopening_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="reopening_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status="PROPOSED", decided_by__isnull=True, decided_at__isnull=True)
                | (
                    ~Q(status="PROPOSED")
                    & Q(decided_by__isnull=False)
                    & Q(decided_at__isnull=False)
                ),
                name="reopening_decided_by_somebody",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="status",
                field="status",
                transitions=[("PROPOSED", "APPROVED"), ("PROPOSED", "REJECTED")],
            ),
            pgtrigger.Protect(
                name="decided_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=~pgtrigger.Q(old__status="PROPOSED"),
            ),
            pgtrigger.Trigger(
                name="not_of_oneself",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM assessments_assessment
                        WHERE id = NEW.assessment_id
                          AND person_id IN (NEW.proposed_by_id, NEW.decided_by_id)
                    ) THEN
                        RAISE EXCEPTION 'nobody opens their own result again'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission} ({self.get_status_display()})"
