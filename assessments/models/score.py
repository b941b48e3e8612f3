"""Scores, and the rows that wait for one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.enums import ScoreKind
from assessments.models.assessment import Submission
from assessments.models.review import Review
from audit.models import keep_history
from audit.triggers import IMMUTABLE, NO_TRUNCATE
from pillars.models import Instrument


def exact_integers() -> ArrayField:
    """Integers of any length, position 0 for the total, then the pillars in instrument order."""
    return ArrayField(models.DecimalField(max_digits=1_000, decimal_places=0, null=True))


@keep_history(only=("submission", "kind", "review", "instrument", "total", "band"))
class Score(models.Model):
    """The result of one submission (SELF) or of its verified levels (VERIFIED); never changed.

    Exact scores are fractions numerators[i] / denominators[i] in 0..100; NULL where there is no
    score. How each figure came about is computed again from the frozen document and the version, by the
    method named here (`queries.schemes.card_of`).
    """

    submission = models.ForeignKey(
        Submission,
        models.PROTECT,
        related_name="scores",
        verbose_name=_("pengajuan"),
        db_index=False,
    )
    kind = models.CharField(_("jenis nilai"), max_length=8, choices=ScoreKind)
    review = models.ForeignKey(
        Review, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="+", verbose_name=_("instrumen"), db_index=False
    )
    method = models.CharField(_("metode"), max_length=40)
    numerators = exact_integers()
    denominators = exact_integers()
    total = models.DecimalField(_("nilai"), max_digits=9, decimal_places=6, null=True, blank=True)
    band = models.CharField(_("predikat"), max_length=40, blank=True)
    scored_at = models.DateTimeField(_("dihitung pada"), db_default=Now())

    class Meta:
        verbose_name = _("nilai")
        verbose_name_plural = _("nilai")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("submission", "kind"), name="score_once"),
            models.CheckConstraint(
                condition=Q(kind=ScoreKind.SELF, review__isnull=True)
                | Q(kind=ScoreKind.VERIFIED, review__isnull=False),
                name="score_verified_has_review",
            ),
        )
        triggers = (IMMUTABLE, NO_TRUNCATE)

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_kind_display()}"


class ScoringJob(models.Model):
    """The queue: a submission that waits for a score. The row is deleted with the score's insert.

    The broker only shortens the wait; `dispatch_pending` on the beat carries the guarantee. A job
    with `failed_at` is out of the queue until an operator retries it.
    """

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="+", verbose_name=_("pengajuan"), db_index=False
    )
    kind = models.CharField(_("jenis nilai"), max_length=8, choices=ScoreKind)
    requested_at = models.DateTimeField(_("diminta pada"), db_default=Now())
    dispatched_at = models.DateTimeField(_("dikirim ke pekerja pada"), null=True, blank=True)
    failed_at = models.DateTimeField(_("gagal pada"), null=True, blank=True)
    error = models.TextField(_("kesalahan"), blank=True)

    class Meta:
        verbose_name = _("antrean penghitungan nilai")
        verbose_name_plural = _("antrean penghitungan nilai")
        ordering = ("requested_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("submission", "kind"), name="scoring_job_once"),
        )

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_kind_display()}"
