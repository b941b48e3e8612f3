"""A cycle and the organisation as it stood on its census date."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from audit.models import keep_history
from organization.models import Unit
from pillars.models import Instrument, code_validator


@keep_history()
class Cycle(models.Model):
    """A period of assessment. It pins one published instrument version for good."""

    code = models.CharField(_("kode"), max_length=40, unique=True, validators=[code_validator])
    name = models.CharField(_("nama periode"), max_length=150)
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="cycles", verbose_name=_("instrumen")
    )
    opens_at = models.DateTimeField(_("dibuka"))
    closes_at = models.DateTimeField(_("ditutup"))
    census_date = models.DateField(
        _("tanggal sensus"),
        help_text=_("Unit dan jabatan pada tanggal ini dipakai sepanjang periode."),
    )
    population = models.ManyToManyField(
        Unit, related_name="+", verbose_name=_("populasi"), help_text=_("Unit ini dan di bawahnya.")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dibuka oleh"),
        editable=False,
    )
    created_at = models.DateTimeField(_("dibuat pada"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("periode penilaian")
        verbose_name_plural = _("periode penilaian")
        ordering = ("-opens_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="cycle_closes_after_it_opens"
            ),
        )
        triggers = (
            pgtrigger.ReadOnly(
                name="pins_instrument", fields=["code", "instrument", "census_date"]
            ),
            pgtrigger.Trigger(
                name="needs_published_instrument",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM pillars_instrument
                        WHERE id = NEW.instrument_id AND status = 'PUBLISHED'
                    ) THEN
                        RAISE EXCEPTION 'cycle % needs a published instrument', NEW.code
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return self.name


class CycleUnit(models.Model):
    """A unit as it stood on the census date. Roll-ups group by it, so history never moves.

    `first` and `last` number the tree in preorder: a unit's subtree is the range between them.
    """

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    name = models.CharField(_("nama unit"), max_length=250)
    kind = models.CharField(_("jenis unit"), max_length=60, blank=True)
    depth = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("unit dalam periode")
        verbose_name_plural = _("unit dalam periode")
        ordering = ("first",)
        constraints = (
            models.UniqueConstraint(fields=("cycle", "unit"), name="cycle_unit_once"),
            models.UniqueConstraint(fields=("cycle", "first"), name="cycle_unit_preorder"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="cycle_unit_range"),
        )
        triggers = (pgtrigger.ReadOnly(name="frozen", exclude=["last"]),)

    def __str__(self) -> str:
        return self.name


class StaleUnit(models.Model):
    """Outbox: the figures of this unit changed; whoever keeps roll-ups recomputes and deletes.

    Rows are only ever appended by acts, so that a thousand submissions of one unit never wait for
    each other.
    """

    unit = models.ForeignKey(CycleUnit, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.unit_id)
