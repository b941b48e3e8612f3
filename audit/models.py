"""What was done, by whom, when: append-only, without foreign keys, so that it outlives its subjects."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from audit.triggers import IMMUTABLE, NO_TRUNCATE


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
