"""An instrument file becomes a draft, or nothing at all."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.operations import record
from pillars.enums import InstrumentStatus
from pillars.errors import InstrumentInvalid, VersionExists
from pillars.files import InstrumentDocument, content_hash
from pillars.models import Instrument
from pillars.operations.lifecycle import publish as publish_draft
from pillars.operations.writing import write
from pillars.queries import document_of, faults_of


@transaction.atomic
def load_instrument(
    *, document: InstrumentDocument, by: User | None, publish: bool = False, replace: bool = False
) -> Instrument:
    """Store a document as a draft, published at once on request; return the stored version.

    A version that says the same already is returned as it is: there is nothing to load. A draft that
    says something else is overwritten only with `replace`.

    Raises VersionExists where the version is taken, InstrumentInvalid where a rule is broken.
    """
    if faults := faults_of(document):
        raise InstrumentInvalid(faults)
    # Taking the unique key first makes a second load of the same version wait, then find it.
    instrument, created = Instrument.objects.select_for_update().get_or_create(
        code=document.code,
        version=document.version,
        defaults={"title": document.title, "created_by": by},
    )
    if created or document_of(instrument) != document:
        if not created:
            _check_replaceable(instrument, replace=replace)
            instrument.revision += 1
        write(instrument, document)
        record(
            "instrument.loaded" if created else "instrument.replaced",
            by=by,
            subject=instrument,
            code=document.code,
            version=document.version,
            content_hash=content_hash(document),
        )
    if publish and instrument.is_draft:
        return publish_draft(instrument=instrument, by=by)
    return instrument


def _check_replaceable(instrument: Instrument, *, replace: bool) -> None:
    names = {"code": instrument.code, "version": instrument.version}
    if instrument.status != InstrumentStatus.DRAFT:
        raise VersionExists(
            _(
                "%(code)s versi %(version)s sudah terbit dengan isi lain dan tidak dapat diubah. "
                "Beri nomor versi baru pada berkas, lalu muat lagi."
            )
            % names
        )
    if not replace:
        raise VersionExists(
            _(
                "Rancangan %(code)s versi %(version)s sudah ada. Pilih untuk menggantinya, "
                "atau beri nomor versi lain pada berkas."
            )
            % names
        )
