"""Where people stand, and when: the unit tree, its posts, and dated postings."""

import datetime
from collections.abc import Collection
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode, TreeQuerySet

from accounts.models import User
from audit.models import keep_history
from audit.triggers import NO_TRUNCATE
from organization.enums import ACTING, CorrectionItem, CorrectionStatus, PositionKind, PostingKind

CORRECTION_LENGTH = 2_000
REFERENCE_LENGTH = 250
HOURS_TO_ANSWER = 72
"""UU 27/2022, article 30: corrections within 3 × 24 hours of the request."""
WARN_BEFORE = datetime.timedelta(hours=24)
"""The office is told so long before a deadline, and again once it has passed."""


@keep_history()
class Unit(TreeNode):
    """A unit of the organisation. The tree is ragged; `kind` is the label of the units file."""

    code = models.CharField(_("kode unit (UNOR ID)"), max_length=64, unique=True)
    name = models.CharField(_("nama unit"), max_length=250)
    kind = models.CharField(_("jenis unit"), max_length=60, blank=True)
    head_nip = models.CharField(
        _("NIP pimpinan"),
        max_length=18,
        blank=True,
        help_text=_(
            "NIP pimpinan yang ditetapkan berkas unit; dipasang saat daftar pegawai diimpor."
        ),
    )
    is_active = models.BooleanField(_("aktif"), default=True)

    objects: ClassVar[TreeQuerySet] = TreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit kerja")
        verbose_name_plural = _("unit kerja")
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_its_own_parent"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="no_cycle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                condition=pgtrigger.Q(new__parent__isnull=False),
                func="""
                    IF EXISTS (
                        WITH RECURSIVE above(id, parent_id) AS (
                            SELECT id, parent_id FROM organization_unit WHERE id = NEW.parent_id
                            UNION
                            SELECT u.id, u.parent_id
                            FROM organization_unit u JOIN above ON u.id = above.parent_id
                        ) SELECT 1 FROM above WHERE id = NEW.id
                    ) THEN
                        RAISE EXCEPTION 'unit % would be its own ancestor', NEW.code
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a parent from the unit's own subtree, in words, before the database does."""
        if self.pk and self.parent_id:
            above = Unit.objects.ancestors(self.parent_id, include_self=True)
            if above.filter(pk=self.pk).exists():
                message = _("Unit atasan tidak boleh unit ini sendiri atau unit di bawahnya.")
                raise ValidationError({"parent": message})


@keep_history()
class Position(models.Model):
    """A post in a unit. The head's post is one for each unit; other posts may have many holders."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="positions", verbose_name=_("unit kerja")
    )
    title = models.CharField(_("nama jabatan"), max_length=250)
    kind = models.CharField(_("jenis jabatan"), max_length=12, choices=PositionKind)
    is_head = models.BooleanField(_("pimpinan unit"), default=False)

    class Meta:
        verbose_name = _("jabatan")
        verbose_name_plural = _("jabatan")
        ordering = ("-is_head", "title", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("unit",), condition=Q(is_head=True), name="position_one_head_per_unit"
            ),
            models.UniqueConstraint(
                fields=("unit", "title", "kind"),
                condition=Q(is_head=False),
                name="position_unique_in_unit",
            ),
        )
        triggers = (pgtrigger.ReadOnly(name="head_is_fixed", fields=["unit", "is_head"]),)

    def __str__(self) -> str:
        return self.title


class PostingQuerySet(models.QuerySet["Posting"]):
    """Postings by date."""

    def in_force(self, on: object) -> "PostingQuerySet":
        """Postings whose period holds the given date."""
        return self.filter(valid__contains=on)

    def leading(self) -> "PostingQuerySet":
        """Postings to the head's post of a unit, acting ones included."""
        return self.filter(is_head=True)


@keep_history()
class Posting(models.Model):
    """A person in a post for a period of days (both days included when read; stored half-open)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings", verbose_name=_("pegawai")
    )
    position = models.ForeignKey(
        Position, models.PROTECT, related_name="postings", verbose_name=_("jabatan")
    )
    kind = models.CharField(
        _("cara menjabat"), max_length=12, choices=PostingKind, default=PostingKind.DEFINITIVE
    )
    valid = DateRangeField(_("masa jabatan"))
    is_head = models.BooleanField(
        _("memimpin unit"),
        default=False,
        editable=False,
        help_text=_("Disalin dari jabatan oleh basis data, agar tumpang tindih dapat ditolak."),
    )

    objects: ClassVar[PostingQuerySet] = PostingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("penempatan")
        verbose_name_plural = _("penempatan")
        ordering = ("valid", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid__isempty=False, valid__lower_inf=False),
                name="posting_has_days",
                violation_error_message=_("Isi hari pertama, dan hari terakhir sesudahnya."),
            ),
            ExclusionConstraint(
                name="posting_one_own_post",
                expressions=[("user", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(kind=PostingKind.DEFINITIVE),
                violation_error_message=_(
                    "Pegawai ini sudah memegang jabatan lain pada masa itu. Akhiri dahulu yang lama."
                ),
            ),
            ExclusionConstraint(
                name="posting_one_head",
                expressions=[
                    ("position", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(
                    kind__in=(PostingKind.DEFINITIVE, PostingKind.ADDITIONAL), is_head=True
                ),
                violation_error_message=_(
                    "Jabatan pimpinan ini dipegang orang lain pada masa itu. Akhiri dahulu yang lama."
                ),
            ),
            ExclusionConstraint(
                name="posting_one_acting_head",
                expressions=[
                    ("position", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(kind__in=ACTING),
                violation_error_message=_(
                    "Sudah ada Plt. atau Plh. pada masa itu. Akhiri dahulu yang lama."
                ),
            ),
        )
        indexes = (
            GistIndex(fields=("position", "valid"), name="posting_position_valid"),
            GistIndex(
                fields=("user", "valid"), name="posting_user_heads", condition=Q(is_head=True)
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="copy_is_head",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    SELECT is_head INTO NEW.is_head
                    FROM organization_position WHERE id = NEW.position_id;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.position}"

    def clean(self) -> None:
        """Foretell what the database will copy, so that overlaps are refused in words."""
        if self.position_id:
            self.is_head = self.position.is_head

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check them all: `is_head` stands in their conditions, though no form shows it."""
        super().validate_constraints(exclude=set(exclude or ()) - {"is_head"})


@keep_history()
class HrMandate(models.Model):
    """A person who mends personnel data of a unit and all below it, for a period."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="hr_mandates",
        verbose_name=_("pegawai"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="hr_mandates", verbose_name=_("unit kerja")
    )
    valid = DateRangeField(_("masa berlaku"))
    reason = models.CharField(_("dasar"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("pengelola kepegawaian")
        verbose_name_plural = _("pengelola kepegawaian")
        constraints = (
            ExclusionConstraint(
                name="hr_mandate_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.unit}"


class CorrectionQuerySet(models.QuerySet["CorrectionRequest"]):
    """Requests by whose they are and whether they wait."""

    def of(self, user: User) -> "CorrectionQuerySet":
        """The person's own."""
        return self.filter(person=user)

    def waiting(self) -> "CorrectionQuerySet":
        """Those that nobody has answered."""
        return self.filter(status=CorrectionStatus.RECEIVED)


@keep_history()
class CorrectionRequest(models.Model):
    """A person's request to correct a datum about themselves; the office of `unit` answers by `due_at`.

    Both moments are the database's. `unit` is where the person stood when asking, so that a transfer does
    not take the request away from the office. `reminders` counts how often the office was told.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="corrections",
        verbose_name=_("pegawai"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("unit kerja"), db_index=False
    )
    item = models.CharField(_("data"), max_length=12, choices=CorrectionItem)
    requested = models.TextField(_("yang benar"), max_length=CORRECTION_LENGTH)
    reference = models.CharField(_("dasar"), max_length=REFERENCE_LENGTH, blank=True)
    status = models.CharField(
        max_length=10, choices=CorrectionStatus, default=CorrectionStatus.RECEIVED
    )
    received_at = models.DateTimeField(_("diterima"), db_default=Now(), editable=False)
    due_at = models.DateTimeField(
        _("batas jawaban"),
        db_default=Now() + datetime.timedelta(hours=HOURS_TO_ANSWER),
        editable=False,
    )
    decided_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(_("jawaban"), max_length=CORRECTION_LENGTH, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[CorrectionQuerySet] = CorrectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("permintaan perbaikan data")
        verbose_name_plural = _("permintaan perbaikan data")
        ordering = ("due_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "item"),
                condition=Q(status=CorrectionStatus.RECEIVED),
                name="correction_one_open_for_an_item",
            ),
            models.CheckConstraint(
                condition=Q(status=CorrectionStatus.RECEIVED, decided_at__isnull=True)
                | (~Q(status=CorrectionStatus.RECEIVED) & Q(decided_at__isnull=False)),
                name="correction_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("ACCEPTED", "REJECTED"))
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("person")) & ~Q(answer="")),
                name="correction_answered_by_another",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(status="RECEIVED"), name="correction_waiting"
            ),
        )
        triggers = (
            NO_TRUNCATE,
            pgtrigger.FSM(
                name="status",
                field="status",
                transitions=[
                    ("RECEIVED", "ACCEPTED"),
                    ("RECEIVED", "REJECTED"),
                    ("RECEIVED", "WITHDRAWN"),
                ],
            ),
            pgtrigger.ReadOnly(
                name="asked_is_fixed",
                fields=[
                    "person",
                    "unit",
                    "item",
                    "requested",
                    "reference",
                    "received_at",
                    "due_at",
                ],
            ),
            pgtrigger.Protect(
                name="settled_is_fixed",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__status="RECEIVED"),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.get_item_display()}"

    @property
    def is_waiting(self) -> bool:
        """Whether the office has still to answer."""
        return self.status == CorrectionStatus.RECEIVED

    @property
    def is_overdue(self) -> bool:
        """Whether it waits longer than it may, by the database's `now` of the query that read it."""
        now: datetime.datetime | None = getattr(self, "now", None)
        return self.is_waiting and now is not None and now > self.due_at
