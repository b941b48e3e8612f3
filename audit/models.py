"""What was done, by whom, when: append-only, without foreign keys, so that it outlives its subjects."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from pghistory.models import Event as HistoryEvent

from audit.enums import RetentionKind
from audit.triggers import IMMUTABLE, NO_TRUNCATE

PERSON_READ = "person.read"
"""The verb of reading identified data of others; `data` holds `people` (their keys) and `where`."""
Tracked = TypeVar("Tracked", bound=type[models.Model])


class RowHistory(HistoryEvent):
    """Base of every history table: a row as it stood after one insert or update, or before its deletion."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def keep_history(
    *, exclude: Sequence[str] = (), only: Sequence[str] | None = None
) -> Callable[[Tracked], Tracked]:
    """Let the database note every insert, update and deletion of a model's rows, whoever writes.

    The table of `<Model>History` is append-only, has no foreign keys that could hold or follow what
    it tells of, and one index, by the row. `only` names the fields that are copied, `exclude` those
    that are not: secrets, and what an immutable row keeps itself.
    """

    def decorate(model: Tracked) -> Tracked:
        fields = [
            field.name
            for field in model._meta.local_fields
            if not field.primary_key
            and field.name not in exclude
            and (only is None or field.name in only)
        ]
        no_number: Any = None  # the library's types forget that it may be left out
        track: Any = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            fields=fields,
            base_model=RowHistory,
            model_name=f"{model.__name__}History",
            obj_field=pghistory.ObjForeignKey(related_name="+", db_index=True),
            context_field=pghistory.ContextJSONField(),
            context_id_field=no_number,
            append_only=False,
            meta={"triggers": [IMMUTABLE, NO_TRUNCATE], "default_permissions": ()},
        )
        decorated: Tracked = track(model)
        return decorated

    return decorate


class Event(models.Model):
    """One act. `verb` is a dotted code such as `assessment.submitted`; `data` holds what changed."""

    at = models.DateTimeField(_("waktu"), db_default=Now(), editable=False)
    actor_id = models.BigIntegerField(_("pelaku"), null=True, blank=True)
    actor_name = models.CharField(_("nama pelaku"), max_length=250, blank=True)
    verb = models.CharField(_("peristiwa"), max_length=60)
    subject_type = models.CharField(_("jenis objek"), max_length=60)
    subject_id = models.CharField(_("nomor objek"), max_length=64)
    data = models.JSONField(_("rincian"), default=dict)
    request_id = models.CharField(_("nomor permintaan"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("peristiwa audit")
        verbose_name_plural = _("peristiwa audit")
        ordering = ("id",)
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "id"), name="audit_event_subject"),
            models.Index(fields=("actor_id", "id"), name="audit_event_actor"),
            models.Index(fields=("verb", "id"), name="audit_event_verb"),
            models.Index(
                fields=("request_id",),
                name="audit_event_request",
                condition=~models.Q(request_id=""),
            ),
            GinIndex(
                KeyTransform("people", "data"),
                name="audit_event_people",
                condition=models.Q(verb="person.read"),
            ),
            models.Index(fields=("at",), name="audit_event_moment"),
        )
        triggers = (
            IMMUTABLE,
            NO_TRUNCATE,
            pgtrigger.Trigger(
                name="wait_for_seal",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="INSERT INTO audit_unsealed (event_id) VALUES (NEW.id); RETURN NULL;",
            ),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}:{self.subject_id}"


class Unsealed(models.Model):
    """An event that waits for its place in the chain; whatever wrote the event, the database notes it."""

    event_id = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = _("peristiwa menunggu segel")
        verbose_name_plural = _("peristiwa menunggu segel")

    def __str__(self) -> str:
        return str(self.event_id)


class Seal(models.Model):
    """An event's place in one gapless sequence. `digest` is SHA-256 over the event and the seal before.

    Events are sealed after their commit, by one writer at a time: a thousand people who hand in at
    once never wait for the chain, and two writers can never fork it.
    """

    sequence = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("segel audit")
        verbose_name_plural = _("segel audit")
        ordering = ("sequence",)
        constraints = (
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="seal_from_one"),
        )
        triggers = (IMMUTABLE, NO_TRUNCATE)

    def __str__(self) -> str:
        return f"{self.sequence}: {self.digest[:12]}"


class RetentionRule(models.Model):
    """How many months a kind is kept after its time began; the database itself reads it at every destruction.

    Written from `RETENTION_MONTHS` after each `migrate`; the application's role cannot write it.
    """

    kind = models.CharField(_("jenis"), max_length=12, primary_key=True, choices=RetentionKind)
    months = models.PositiveSmallIntegerField(_("bulan"))

    class Meta:
        verbose_name = _("masa simpan")
        verbose_name_plural = _("masa simpan")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(months__gte=12)
                | models.Q(kind=RetentionKind.TRACES, months__gte=1),
                name="retention_long_enough",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.months}"


class Destruction(models.Model):
    """Proof that rows were destroyed, without what they said; written by the database's own function.

    `tables` lists name and count in the order of their destruction. For each, `digest` becomes SHA-256
    over itself and the SHA-256 of every row's JSON, by key. `subjects` counts people's assessments;
    `kept_since` is the moment before which everything in them had to lie.
    """

    at = models.DateTimeField(_("waktu"), db_default=Now())
    kind = models.CharField(_("jenis"), max_length=12, choices=RetentionKind)
    cycle = models.CharField(_("periode"), max_length=40, blank=True)
    subjects = models.PositiveIntegerField(_("penilaian"))
    rows = models.PositiveIntegerField(_("baris"))
    tables = models.JSONField(_("rincian"))
    digest = models.CharField(_("sidik jari"), max_length=64)
    months = models.PositiveSmallIntegerField(_("masa simpan (bulan)"))
    kept_since = models.DateTimeField(_("lebih tua dari"))
    actor_id = models.BigIntegerField(_("pelaku"), null=True, blank=True)
    actor_name = models.CharField(_("nama pelaku"), max_length=250, blank=True)
    database_role = models.CharField(_("peran basis data"), max_length=64)

    class Meta:
        verbose_name = _("pemusnahan")
        verbose_name_plural = _("pemusnahan")
        ordering = ("id",)
        indexes = (models.Index(fields=("cycle", "kind", "id"), name="destruction_of_cycle"),)
        triggers = (IMMUTABLE, NO_TRUNCATE)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.cycle}: {self.rows}"


class DestroyedLine(models.Model):
    """SHA-256 of a history line that was destroyed, until the digest of its range is made anew without it.

    Written by the database's own function in the transaction that destroys; gone when the run ends, since
    a digest of so little could be guessed.
    """

    history = models.CharField(max_length=63)
    line = models.BigIntegerField()
    digest = models.BinaryField()

    class Meta:
        verbose_name = _("baris riwayat yang dimusnahkan")
        verbose_name_plural = _("baris riwayat yang dimusnahkan")
        constraints = (
            models.UniqueConstraint(fields=("history", "line"), name="destroyed_line_once"),
        )

    def __str__(self) -> str:
        return f"{self.history} {self.line}"
