"""Instrument files that people send in: the request keeps the file, a worker reads it.

The row is the queue (ADR 0005): nothing is lost while Redis or the worker is away, and no request
opens what somebody else made.
"""

import datetime

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.clock import portal_today
from accounts.enums import Role
from accounts.errors import Refused
from accounts.models import User
from accounts.operations import note_denial
from accounts.permissions import has_role
from exchange.files import Fault, FileRefused
from pillars.errors import InstrumentInvalid
from pillars.files import read_instrument_apart
from pillars.models import Instrument, Upload
from pillars.operations.loading import load_instrument

TASK = "pillars.tasks.read_upload"
GRACE = datetime.timedelta(seconds=5)
FORGOTTEN_AFTER = datetime.timedelta(minutes=5)
KEPT_FOR = datetime.timedelta(days=30)
"""What came of a file, without the file."""
GIVE_UP_AFTER = 3
"""Tries that ended without an answer: the worker was killed, or the reader fell over."""


@transaction.atomic
def keep_upload(*, content: bytes, name: str, replace: bool, by: User) -> Upload:
    """Put a file on the queue as it is, unopened."""
    upload = Upload.objects.create(
        content=content, name=name[-120:], replace=replace, uploaded_by=by
    )
    transaction.on_commit(lambda: announce_upload(upload.pk), robust=True)
    return upload


def announce_upload(upload_id: int) -> None:
    """Tell a worker; raises the broker's error when it cannot be reached."""
    Upload.objects.filter(pk=upload_id).update(announced_at=Now())
    current_app.send_task(TASK, args=[upload_id])


def dispatch_uploads() -> int:
    """Tell workers about files that nobody reads, and drop what was kept long enough.

    Returns how many were announced.
    """
    Upload.objects.filter(finished_at__lt=Now() - KEPT_FOR).delete()
    unheard = Q(announced_at=None) | Q(announced_at__lt=Now() - FORGOTTEN_AFTER)
    due = Upload.objects.waiting().filter(unheard, uploaded_at__lte=Now() - GRACE).order_by("pk")
    ids = list(due.values_list("pk", flat=True)[:100])
    for upload_id in ids:
        announce_upload(upload_id)
    return len(ids)


def read_upload(upload_id: int) -> bool:
    """Read one file in a limited process and store what it says, or why not; the file is then gone.

    Safe to run twice and at once: one of them reads, the other finds nothing to do. Returns whether
    it was this one.
    """
    # In a transaction of its own: a worker that is killed has tried all the same.
    Upload.objects.waiting().filter(pk=upload_id).update(attempts=F("attempts") + 1)
    with transaction.atomic():
        waiting = Upload.objects.waiting().select_for_update(skip_locked=True, of=("self",))
        upload = waiting.select_related("uploaded_by").filter(pk=upload_id).first()
        if upload is None:
            return False
        with translation.override(upload.uploaded_by.language or settings.LANGUAGE_CODE):
            _decide(upload)
    return True


def _decide(upload: Upload) -> None:
    try:
        upload.instrument = _loaded(upload)
    except (FileRefused, InstrumentInvalid) as refusal:
        upload.problem = _(
            "Berkas ini ditolak. Perbaiki semua yang ada di daftar kesalahan, lalu unggah lagi."
        )
        upload.faults = [(fault.place, fault.reason) for fault in refusal.faults]
    except Refused as refusal:
        upload.problem = str(refusal)
    if upload.problem:
        note_denial(rule="upload.instrument", upload=upload.pk, actor=upload.uploaded_by_id)
    upload.finished_at, upload.content = Now(), b""
    upload.save()


def _loaded(upload: Upload) -> Instrument:
    if upload.attempts > GIVE_UP_AFTER:
        reason = _("Berkas ini berulang kali tidak selesai dibaca. Simpan ulang, lalu unggah lagi.")
        raise FileRefused([Fault(0, "", reason)])
    sender = upload.uploaded_by
    if not sender.is_active or not has_role(sender, Role.CURATOR, portal_today()):
        raise Refused(_("Tugas Anda sebagai pengelola instrumen sudah berakhir."))
    content, name = bytes(upload.content), upload.name
    with transaction.atomic():
        return load_instrument(
            document=read_instrument_apart(content, name=name),
            by=sender,
            replace=upload.replace,
        )
