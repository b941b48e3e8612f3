"""A version's life: draft, published, retired; and the next version, which starts as a copy."""

from dataclasses import replace

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from audit.operations import record
from exchange.files import Fault
from pillars.enums import InstrumentStatus
from pillars.errors import (
    InstrumentInvalid,
    NotADraft,
    NotPublished,
    StaleRevision,
    VersionExists,
)
from pillars.files import content_hash, structure_hash
from pillars.files.tables import CODE
from pillars.models import Instrument
from pillars.operations.writing import write
from pillars.queries import document_of, faults_of


@transaction.atomic
def publish(*, instrument: Instrument, by: User | None, revision: int | None = None) -> Instrument:
    """Freeze a draft for good; cycles may then be opened on it.

    `revision` is the one the person read and agreed to; None publishes what is stored.
    Raises NotADraft, StaleRevision, InstrumentInvalid with every fault.
    """
    draft = locked_draft(instrument)
    document = document_of(draft)
    if revision is not None and revision != draft.revision:
        raise StaleRevision(stored=document, revision=draft.revision)
    if faults := faults_of(document):
        raise InstrumentInvalid(faults)
    Instrument.objects.filter(pk=draft.pk).update(
        status=InstrumentStatus.PUBLISHED,
        content_hash=content_hash(document),
        structure_hash=structure_hash(document),
        published_by=by,
        published_at=Now(),
    )
    draft.refresh_from_db()
    record(
        "instrument.published",
        by=by,
        subject=draft,
        code=draft.code,
        version=draft.version,
        content_hash=draft.content_hash,
        structure_hash=draft.structure_hash,
    )
    return draft


@transaction.atomic
def retire(*, instrument: Instrument, by: User | None) -> Instrument:
    """Close a published version to new cycles; cycles that run on it go on. Raises NotPublished."""
    published = Instrument.objects.select_for_update().get(pk=instrument.pk)
    if published.status != InstrumentStatus.PUBLISHED:
        raise NotPublished
    published.status = InstrumentStatus.RETIRED
    published.save(update_fields=["status"])
    record(
        "instrument.retired",
        by=by,
        subject=published,
        code=published.code,
        version=published.version,
    )
    return published


@transaction.atomic
def new_version(*, instrument: Instrument, version: str, by: User | None) -> Instrument:
    """Copy a version, in any state, as a draft that remembers what it is based on.

    Raises InstrumentInvalid for a version that is no code, VersionExists where it is taken.
    """
    if not CODE.fullmatch(version):
        raise InstrumentInvalid([Fault.at("version", _("Nomor versi ini tidak dapat dipakai."))])
    # The source is locked, so that a draft is not copied half edited.
    source = Instrument.objects.select_for_update().get(pk=instrument.pk)
    document = replace(document_of(source), version=version)
    draft, created = Instrument.objects.get_or_create(
        code=source.code,
        version=version,
        defaults={"title": source.title, "based_on": source, "created_by": by},
    )
    if not created:
        raise VersionExists(
            _("%(code)s versi %(version)s sudah ada. Pilih nomor versi lain.")
            % {"code": source.code, "version": version}
        )
    write(draft, document)
    record(
        "instrument.cloned",
        by=by,
        subject=draft,
        code=draft.code,
        version=version,
        based_on=source.version,
    )
    return draft


def locked_draft(instrument: Instrument) -> Instrument:
    """The draft as it is now, locked until the end of the transaction. Raises NotADraft."""
    draft = Instrument.objects.select_for_update().get(pk=instrument.pk)
    if not draft.is_draft:
        raise NotADraft
    return draft
