"""What suspends destruction by schedule, and what is left of an assessment that was destroyed."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.assessment import REASON_LENGTH
from assessments.models.cycle import Cycle
from audit.enums import RetentionKind
from audit.triggers import IMMUTABLE, NO_TRUNCATE


class LegalHold(models.Model):
    """While it stands, nothing of this cycle, or of this person, is destroyed: an objection, a lawsuit, an audit."""

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("periode")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pegawai"),
    )
    reason = models.CharField(_("alasan"), max_length=REASON_LENGTH)
    placed_at = models.DateTimeField(_("sejak"), db_default=Now())
    lifted_at = models.DateTimeField(_("dicabut pada"), null=True, blank=True)

    class Meta:
        verbose_name = _("penangguhan pemusnahan")
        verbose_name_plural = _("penangguhan pemusnahan")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(cycle__isnull=False, person__isnull=True)
                | Q(cycle__isnull=True, person__isnull=False),
                name="legal_hold_of_a_cycle_or_a_person",
            ),
            models.UniqueConstraint(
                fields=("cycle",), condition=Q(lifted_at__isnull=True), name="legal_hold_of_cycle"
            ),
            models.UniqueConstraint(
                fields=("person",), condition=Q(lifted_at__isnull=True), name="legal_hold_of_person"
            ),
        )
        triggers = (
            NO_TRUNCATE,
            pgtrigger.ReadOnly(
                name="content_is_fixed", fields=["cycle", "person", "reason", "placed_at"]
            ),
            pgtrigger.Protect(
                name="lifted_is_over",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__lifted_at__isnull=False),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            # A destruction under way is waited for; the next one sees the hold.
            pgtrigger.Trigger(
                name="waits_for_destruction",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="PERFORM pg_advisory_xact_lock(1213156420); RETURN NEW;",
            ),
        )

    def __str__(self) -> str:
        return str(self.cycle or self.person)


class TombstoneQuerySet(models.QuerySet["Tombstone"]):
    """What was destroyed, by whose it was."""

    def of(self, user: User) -> "TombstoneQuerySet":
        """Of the person's own assessments."""
        return self.filter(person=user)


class Tombstone(models.Model):
    """Whose assessment of which cycle was destroyed, and by which `audit.Destruction`; nothing of what it said.

    DRAFTS: the unfinished answers alone; the assessment itself still stands. `assessment_id` was its key.
    """

    assessment_id = models.BigIntegerField()
    kind = models.CharField(_("jenis"), max_length=12, choices=RetentionKind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("pegawai")
    )
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="+", verbose_name=_("periode"), db_index=False
    )
    destruction_id = models.BigIntegerField(_("nomor pemusnahan"))
    destroyed_at = models.DateTimeField(_("dimusnahkan pada"), db_default=Now())

    objects: ClassVar[TombstoneQuerySet] = TombstoneQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("penilaian yang dimusnahkan")
        verbose_name_plural = _("penilaian yang dimusnahkan")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("assessment_id", "kind"), name="tombstone_once"),
        )
        indexes = (models.Index(fields=("cycle", "kind"), name="tombstone_cycle"),)
        triggers = (IMMUTABLE, NO_TRUNCATE)

    def __str__(self) -> str:
        return f"{self.person_id} {self.cycle_id} {self.kind}"
