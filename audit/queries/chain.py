"""The chain of seals: how a digest is made, and whether what is stored is what was sealed."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from audit.models import Seal

START: Final = "0" * 64
"""Stands before the first seal."""
COLUMNS: Final = (
    "id",
    "at",
    "actor_id",
    "actor_name",
    "verb",
    "subject_type",
    "subject_id",
    "data",
    "request_id",
)
_CHAIN = """
    SELECT seal.sequence, seal.digest, to_jsonb(event)
    FROM audit_seal seal LEFT JOIN audit_event event ON event.id = seal.event_id
    ORDER BY seal.sequence
"""
_LOST = """
    SELECT event.id FROM audit_event event
    WHERE NOT EXISTS (SELECT 1 FROM audit_seal WHERE event_id = event.id)
        AND NOT EXISTS (SELECT 1 FROM audit_unsealed WHERE event_id = event.id)
    ORDER BY event.id LIMIT 1
"""

# The whole proof, as its event holds it. Columns that come later are not in it.
_PROOF = """
    encode(sha256(convert_to(jsonb_build_array(
        proof.id, proof.at, proof.kind, proof.cycle, proof.subjects, proof.rows, proof.tables, proof.digest,
        proof.months, proof.kept_since, proof.actor_id, proof.actor_name, proof.database_role
    )::text, 'UTF8')), 'hex')
"""
# A proof of destruction and the event that stands for it in the chain say the same, or one was bent.
_UNPROVED = f"""
    SELECT coalesce(proof.id::text, event.subject_id)
    FROM (SELECT * FROM audit_destruction WHERE rows > 0) proof
    FULL JOIN (
        SELECT * FROM audit_event WHERE verb = 'data.destroyed' AND subject_type = 'audit.Destruction'
    ) event ON event.subject_id = proof.id::text
    WHERE proof.id IS NULL OR event.id IS NULL OR proof.digest <> event.data ->> 'digest'
        OR proof.kind <> event.data ->> 'kind' OR proof.cycle <> event.data ->> 'cycle'
        OR proof.rows::text <> event.data ->> 'rows' OR {_PROOF} <> event.data ->> 'proof'
    ORDER BY 1 LIMIT 1
"""  # noqa: S608  # nosec B608  # columns of ours


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the chain at a moment, kept where nobody who writes the database can write."""

    sequence: int
    digest: str

    def to_line(self) -> str:
        """One line of an anchor file."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> "Anchor":
        """Read a line of an anchor file; raises ValueError or KeyError for anything else."""
        data = json.loads(line)
        anchor = cls(sequence=int(data["sequence"]), digest=str(data["digest"]))
        if anchor.sequence < 0 or (not anchor.sequence and anchor.digest != START):
            raise ValueError(line)
        return anchor


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which the record is not what was sealed; 0 for an event outside the chain."""

    sequence: int
    reason: str


def digest_of(previous: str, event: dict[str, Any]) -> str:
    """SHA-256, hexadecimal, over the digest before and the canonical JSON of the event's columns."""
    columns = {name: event[name] for name in COLUMNS}
    canonical = json.dumps(columns, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def events_as_sealed(event_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Events in the database's own JSON, in the order of their keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(event) FROM audit_event event WHERE id = ANY(%s) ORDER BY id",
            [list(event_ids)],
        )
        return [parsed(document) for (document,) in cursor.fetchall()]


def digest_of_proof(destruction_id: int) -> str:
    """SHA-256, hexadecimal, over all that a proof of destruction says."""
    statement = f"SELECT {_PROOF} FROM audit_destruction proof WHERE id = %s"  # noqa: S608  # nosec B608  # columns of ours
    with connection.cursor() as cursor:
        cursor.execute(statement, [destruction_id])
        digest: str = cursor.fetchone()[0]
    return digest


def last_anchor() -> Anchor:
    """The end of the chain now; sequence 0 before the first seal."""
    last = Seal.objects.order_by("-sequence").values_list("sequence", "digest").first()
    return Anchor(*last) if last else Anchor(0, START)


def first_break_of_chain(anchors: Sequence[Anchor] = ()) -> Break | None:
    """The first bad sequence number, and why; None where every event is as it was sealed.

    Finds an edited, deleted or exchanged event, a missing, doubled or reordered seal, and, by the
    anchors, a chain that was cut off or written anew.
    """
    expected: dict[int, str] = {}
    for anchor in anchors:
        # The first one counts: a chain written anew may have been anchored again at the same place.
        if anchor.sequence:
            expected.setdefault(anchor.sequence, anchor.digest)
    place, previous = 0, START
    for sequence, digest, event in _chain():
        place += 1
        if sequence != place:
            return Break(place, _("segel hilang"))
        if event is None:
            return Break(place, _("peristiwa hilang"))
        if digest_of(previous, event) != digest:
            return Break(place, _("peristiwa atau segel berubah"))
        if expected.get(place, digest) != digest:
            return Break(place, _("rantai ditulis ulang: berbeda dari jangkar"))
        previous = digest
    if expected and max(expected) > place:
        return Break(place + 1, _("rantai terpotong: jangkar lebih panjang"))
    return _outside_the_chain()


def _chain() -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Seals with their events, read by a server-side cursor: the chain may be long."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_CHAIN)
        for sequence, digest, event in cursor:
            yield sequence, digest, parsed(event) if event is not None else None


def _outside_the_chain() -> Break | None:
    with connection.cursor() as cursor:
        cursor.execute(_LOST)
        if lost := cursor.fetchone():
            return Break(0, _("peristiwa %(pk)d tidak pernah disegel") % {"pk": lost[0]})
        cursor.execute(_UNPROVED)
        if bent := cursor.fetchone():
            reason = _("bukti pemusnahan %(pk)s berbeda dari peristiwanya")
            return Break(0, reason % {"pk": bent[0]})
    return None


def parsed(document: Any) -> dict[str, Any]:
    """A jsonb value, which Django leaves as text for its own field to read."""
    parsed: dict[str, Any] = json.loads(document) if isinstance(document, str) else document
    return parsed
