"""Files that a person adds as evidence for an indicator; their bytes lie below EVIDENCE_DIR."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.enums import MediaType, ScanState
from assessments.models.assessment import Assessment, Submission
from audit.triggers import NO_TRUNCATE
from pillars.models import Indicator

NAME_LENGTH = 120


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Files by relation to a person and by their place in the draft."""

    def of(self, user: User) -> "EvidenceQuerySet":
        """Files of the person's own assessments."""
        return self.filter(assessment__person=user)

    def current(self) -> "EvidenceQuerySet":
        """Those that the next submission will name."""
        return self.filter(removed_at__isnull=True).exclude(scan_state=ScanState.INFECTED)

    def named(self) -> "EvidenceQuerySet":
        """Those that the submission which counts names."""
        handed_in_at = F("assessment__submission__submitted_at")
        return self.filter(
            Q(removed_at__isnull=True) | Q(removed_at__gt=handed_in_at), submission__isnull=False
        )


class Evidence(models.Model):
    """One file. It hangs on assessment and indicator, so it outlives the working answers.

    `submission` is the first that names it: from then on the row stays, and taking the file out of the
    draft only sets `removed_at`. `size` is in bytes; `key` is the random name on disk.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(_("nama berkas"), max_length=NAME_LENGTH)
    media_type = models.CharField(_("jenis"), max_length=20, choices=MediaType)
    size = models.PositiveIntegerField(_("ukuran"))
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=32, unique=True)
    uploaded_at = models.DateTimeField(_("diunggah pada"), db_default=Now())
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    scan_state = models.CharField(
        _("pemindaian"), max_length=10, choices=ScanState, default=ScanState.UNSCANNED
    )
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[EvidenceQuerySet] = EvidenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("berkas bukti")
        verbose_name_plural = _("berkas bukti")
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=("id",), condition=Q(scan_state="WAITING"), name="evidence_waiting_for_scan"
            ),
        )
        triggers = (
            NO_TRUNCATE,
            pgtrigger.ReadOnly(
                name="content_is_fixed",
                fields=["assessment", "indicator", "name", "media_type", "size", "sha256", "key"],
            ),
            pgtrigger.Protect(
                name="named_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__submission__isnull=False),
            ),
            pgtrigger.Trigger(
                name="only_while_editable",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("removed_at", "submission_id")
                | pgtrigger.Delete,
                declare=[("part", "record")],
                func="""
                    IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
                    IF EXISTS (
                        SELECT 1 FROM assessments_assessment
                        WHERE id = part.assessment_id
                          AND status NOT IN ('INVITED', 'DRAFT', 'RETURNED')
                    ) THEN
                        RAISE EXCEPTION 'evidence of a submitted assessment is frozen'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN part;
                """,
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_waiting(self) -> bool:
        """Whether the scanner has not yet spoken; only the owner may open it until then."""
        return self.scan_state == ScanState.WAITING

    @property
    def is_infected(self) -> bool:
        """Whether its bytes were thrown away."""
        return self.scan_state == ScanState.INFECTED
