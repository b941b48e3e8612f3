"""What is asked. One `Instrument` row is one version; everything below it freezes with it."""

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import keep_history
from audit.triggers import NO_TRUNCATE
from pillars.enums import Conversion, InstrumentStatus
from pillars.files.tables import RESERVED_CODES, RESERVED_IN_ADDRESSES
from pillars.triggers import PUBLISHED_IS_FROZEN, frozen_with_instrument

code_validator = RegexValidator(
    r"^[A-Za-z0-9._-]{1,40}$",
    _("Kode hanya boleh berisi huruf, angka, titik, garis bawah, dan tanda hubung (1-40)."),
)


def weight_field() -> models.DecimalField:
    """A weight: 0 or more; 0 means "asked, not scored"."""
    return models.DecimalField(
        _("bobot"),
        max_digits=18,
        decimal_places=12,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal(0))],
    )


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    """Versions by their state."""

    def published(self) -> "InstrumentQuerySet":
        """Versions on which a cycle may be opened."""
        return self.filter(status=InstrumentStatus.PUBLISHED)

    def drafts(self) -> "InstrumentQuerySet":
        """Versions that may still be edited."""
        return self.filter(status=InstrumentStatus.DRAFT)


@keep_history()
class Instrument(models.Model):
    """One version of a questionnaire with its scoring scheme."""

    code = models.CharField(_("kode"), max_length=40, validators=[code_validator])
    version = models.CharField(_("versi"), max_length=40, validators=[code_validator])
    title = models.CharField(_("judul"), max_length=250)
    language = models.CharField(_("bahasa"), max_length=10, default="id")
    conversion = models.CharField(
        _("konversi"), max_length=20, choices=Conversion, default=Conversion.SHARE_OF_MAXIMUM
    )
    minimum_coverage = models.DecimalField(
        _("cakupan minimum"),
        max_digits=13,
        decimal_places=12,
        default=Decimal("0.8"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
        help_text=_(
            "Bagian bobot pilar yang harus dijawab agar pilar mendapat nilai (0 sampai 1)."
        ),
    )
    decimals = models.PositiveSmallIntegerField(
        _("angka desimal"), default=2, validators=[MaxValueValidator(6)]
    )
    status = models.CharField(
        _("status"), max_length=10, choices=InstrumentStatus, default=InstrumentStatus.DRAFT
    )
    based_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("berdasarkan"),
    )
    revision = models.PositiveIntegerField(
        _("revisi"),
        default=1,
        editable=False,
        help_text=_("Bertambah dengan setiap perubahan rancangan."),
    )
    content_hash = models.CharField(
        _("sidik seluruh isi"), max_length=64, blank=True, editable=False
    )
    structure_hash = models.CharField(
        _("sidik struktur"), max_length=64, blank=True, editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dibuat oleh"),
        editable=False,
    )
    created_at = models.DateTimeField(_("dibuat pada"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diterbitkan oleh"),
        editable=False,
    )
    published_at = models.DateTimeField(_("terbit pada"), null=True, blank=True, editable=False)

    objects: ClassVar[InstrumentQuerySet] = InstrumentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("instrumen")
        verbose_name_plural = _("instrumen")
        ordering = ("code", "-created_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="instrument_code_version"),
            models.CheckConstraint(
                condition=Q(minimum_coverage__gte=0, minimum_coverage__lte=1),
                name="instrument_coverage_share",
            ),
            models.CheckConstraint(
                condition=Q(status=InstrumentStatus.DRAFT)
                | (Q(published_at__isnull=False) & ~Q(content_hash="") & ~Q(structure_hash="")),
                name="instrument_published_has_hashes",
            ),
        )
        triggers = (
            PUBLISHED_IS_FROZEN,
            NO_TRUNCATE,
            pgtrigger.FSM(
                name="status",
                field="status",
                transitions=[("DRAFT", "PUBLISHED"), ("PUBLISHED", "RETIRED")],
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def is_draft(self) -> bool:
        """Whether it may be edited."""
        return self.status == InstrumentStatus.DRAFT


@keep_history()
class ScalePoint(models.Model):
    """A point of the instrument's default scale, lowest first."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="scale")
    value = models.DecimalField(_("nilai"), max_digits=17, decimal_places=12)
    label = models.CharField(_("label"), max_length=150)

    class Meta:
        ordering = ("value",)
        constraints = (
            models.UniqueConstraint(fields=("instrument", "value"), name="scale_point_value"),
        )
        triggers = (frozen_with_instrument("part.instrument_id"), NO_TRUNCATE)

    def __str__(self) -> str:
        return self.label


@keep_history()
class Band(models.Model):
    """A named range of scores: from `lower` (inclusive, after rounding) to the next higher band."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="bands")
    code = models.CharField(_("kode"), max_length=40, validators=[code_validator])
    label = models.CharField(_("label"), max_length=150)
    lower = models.DecimalField(_("batas bawah"), max_digits=9, decimal_places=6)

    class Meta:
        ordering = ("-lower",)
        constraints = (
            models.UniqueConstraint(fields=("instrument", "code"), name="band_code"),
            models.UniqueConstraint(fields=("instrument", "lower"), name="band_lower"),
        )
        triggers = (frozen_with_instrument("part.instrument_id"), NO_TRUNCATE)

    def __str__(self) -> str:
        return self.label


@keep_history()
class Pillar(models.Model):
    """A group of indicators with a score of its own. Pillars are rows, never columns."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="pillars")
    code = models.CharField(_("kode"), max_length=40, validators=[code_validator])
    name = models.CharField(_("nama"), max_length=150)
    description = models.TextField(_("penjelasan"), blank=True)
    weight = weight_field()
    order = models.PositiveSmallIntegerField(_("urutan"))

    class Meta:
        verbose_name = _("pilar")
        verbose_name_plural = _("pilar")
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=("instrument", "code"), name="pillar_code"),
            models.UniqueConstraint(
                fields=("instrument", "order"),
                name="pillar_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(weight__gte=0), name="pillar_weight_not_negative"),
            models.CheckConstraint(
                condition=~Q(code__in=RESERVED_IN_ADDRESSES), name="pillar_code_not_reserved"
            ),
        )
        triggers = (frozen_with_instrument("part.instrument_id"), NO_TRUNCATE)

    def __str__(self) -> str:
        return self.name


@keep_history()
class Indicator(models.Model):
    """One observable behaviour with its descriptors. Its code is stable across versions."""

    instrument = models.ForeignKey(
        Instrument, models.CASCADE, related_name="indicators", verbose_name=_("instrumen")
    )
    pillar = models.ForeignKey(
        Pillar, models.CASCADE, related_name="indicators", verbose_name=_("pilar")
    )
    code = models.CharField(_("kode"), max_length=40, validators=[code_validator])
    statement = models.TextField(_("pernyataan"))
    weight = weight_field()
    reversed = models.BooleanField(_("dibalik"), default=False)
    not_applicable = models.BooleanField(_("boleh “tidak relevan”"), default=False)
    evidence_from = models.DecimalField(
        _("bukti diminta mulai nilai"),
        max_digits=17,
        decimal_places=12,
        default=Decimal(0),
        help_text=_("Mulai nilai ini bukti dukung diminta; 0 berarti tidak pernah."),
    )
    own_scale = models.BooleanField(_("skala sendiri"), default=False)
    why = models.JSONField(_("alasan"), default=str, blank=True)
    order = models.PositiveSmallIntegerField(_("urutan"))

    class Meta:
        verbose_name = _("indikator")
        verbose_name_plural = _("indikator")
        ordering = ("pillar__order", "order")
        constraints = (
            models.UniqueConstraint(fields=("instrument", "code"), name="indicator_code"),
            models.UniqueConstraint(
                fields=("pillar", "order"),
                name="indicator_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=0), name="indicator_weight_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(code__iregex=rf"^({'|'.join(RESERVED_CODES)}|\.|\.\.)$"),
                name="indicator_code_not_reserved",
            ),
        )
        triggers = (
            frozen_with_instrument("part.instrument_id"),
            NO_TRUNCATE,
            pgtrigger.Trigger(
                name="pillar_of_same_instrument",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("pillar_id", "instrument_id"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM pillars_pillar
                        WHERE id = NEW.pillar_id AND instrument_id = NEW.instrument_id
                    ) THEN
                        RAISE EXCEPTION 'indicator % and its pillar differ in instrument', NEW.code
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return self.code


@keep_history()
class Level(models.Model):
    """A point of an indicator's scale with its behaviour descriptor, lowest first."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="levels")
    value = models.DecimalField(_("nilai"), max_digits=17, decimal_places=12)
    label = models.CharField(_("label"), max_length=150)
    descriptor = models.TextField(_("deskriptor"), blank=True)

    class Meta:
        verbose_name = _("deskriptor level")
        verbose_name_plural = _("deskriptor level")
        ordering = ("value",)
        constraints = (models.UniqueConstraint(fields=("indicator", "value"), name="level_value"),)
        triggers = (
            frozen_with_instrument(
                "SELECT instrument_id FROM pillars_indicator WHERE id = part.indicator_id"
            ),
            NO_TRUNCATE,
        )

    def __str__(self) -> str:
        return self.label


class UploadQuerySet(models.QuerySet["Upload"]):
    """Files on their way into a draft."""

    def of(self, user: Any) -> "UploadQuerySet":
        """What this person sent in."""
        return self.filter(uploaded_by=user)

    def waiting(self) -> "UploadQuerySet":
        """Not read yet."""
        return self.filter(finished_at=None)


class Upload(models.Model):
    """The queue: an instrument file that waits to be read, then what came of it.

    `content` is gone as soon as it was read. `faults` are those of the file, as (place, reason).
    """

    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(_("nama berkas"), max_length=120)
    content = models.BinaryField()
    replace = models.BooleanField(default=False)
    announced_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    instrument = models.ForeignKey(Instrument, models.SET_NULL, null=True, related_name="+")
    problem = models.TextField(blank=True)
    faults = models.JSONField(default=list)

    objects: ClassVar[UploadQuerySet] = UploadQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("unggahan")
        verbose_name_plural = _("unggahan")
        indexes = (
            models.Index(
                fields=("uploaded_at",), name="upload_waiting", condition=Q(finished_at=None)
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_refused(self) -> bool:
        """Whether it was read and nothing was stored."""
        return self.finished_at is not None and bool(self.problem)
