"""The one way an edit of a draft is made: lock, compare revisions, check, write, record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.operations import record
from exchange.files import Fault
from pillars.errors import InstrumentInvalid, StaleRevision
from pillars.files import InstrumentDocument
from pillars.models import Instrument
from pillars.operations.lifecycle import locked_draft
from pillars.operations.writing import write
from pillars.queries import document_of, faults_of
from pillars.queries.trees import jsonable


@dataclass(frozen=True, slots=True)
class Edit:
    """The draft after an edit. Faults under `place` refuse it: all, or those of `keys` where given;
    faults elsewhere are for the checks page, since a draft may be unfinished."""

    document: InstrumentDocument
    before: Any = None
    after: Any = None
    place: str = ""
    keys: tuple[str, ...] = ()


@transaction.atomic
def apply(
    instrument: Instrument,
    edit: Callable[[InstrumentDocument], Edit],
    *,
    verb: str,
    revision: int,
    by: User | None,
) -> Instrument:
    """Make one edit and return the draft; an edit that changes nothing leaves no trace.

    Raises NotADraft, StaleRevision with what is stored, PartMissing, InstrumentInvalid with faults
    whose places are relative to the part edited.
    """
    draft = locked_draft(instrument)
    stored = document_of(draft)
    if revision != draft.revision:
        raise StaleRevision(stored=stored, revision=draft.revision)
    made = edit(stored)
    if made.document == stored:
        return draft
    if faults := _faults_within(made):
        raise InstrumentInvalid(faults)
    draft.revision += 1
    write(draft, made.document)
    record(
        verb,
        by=by,
        subject=draft,
        revision=draft.revision,
        before=jsonable(made.before),
        after=jsonable(made.after),
    )
    return draft


def _faults_within(edit: Edit) -> list[Fault]:
    if not edit.place:
        return []
    found = []
    for fault in faults_of(edit.document):
        rest = fault.place.removeprefix(edit.place)
        if rest == fault.place or rest[:1] not in {"", ".", "["}:
            continue
        place = rest.lstrip(".")
        if not edit.keys or place in edit.keys:
            found.append(Fault.at(place, fault.reason))
    return found


def check_free(code: str, taken: Iterable[str]) -> None:
    """Raise InstrumentInvalid where a code is taken: two parts of one code cannot be stored."""
    if code in set(taken):
        raise InstrumentInvalid(
            [
                Fault.at(
                    "code",
                    _("Kode “%(code)s” sudah dipakai di instrumen ini. Pilih kode lain.")
                    % {"code": code},
                )
            ]
        )
