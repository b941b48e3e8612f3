"""The posts that a roster wants: who should stand where, and the posts made for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from exchange.files import Fault
from organization.enums import PositionKind
from organization.files import RosterRow
from organization.files.roster import UNIT
from organization.models import Position, Unit
from organization.operations.outcome import BATCH
from organization.operations.units import default_head_title


class Post(NamedTuple):
    """A post by its natural key; a head's post is one for its unit, whatever its title."""

    unit_id: int
    title: str
    kind: str
    is_head: bool


@dataclass(slots=True)
class Plan:
    """What the roster wants on the effective date, and what keeps it from being done."""

    own: dict[int, Post] = field(default_factory=dict)
    """The own post of each active person, by row number."""
    designated: dict[int, str] = field(default_factory=dict)
    """NIP of the head whom the units file names, by unit, where the file gives no own post there."""
    head_titles: dict[int, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def plan(rows: Iterable[RosterRow], units: Mapping[str, Unit]) -> Plan:
    """Decide who should hold which post.

    The head whom the units file names comes first: in the own unit the head's post is the own post,
    elsewhere it is an additional duty. Where it names nobody, the active structural person of the
    unit is its head; beside a named head a structural person holds an ordinary post.
    """
    wanted = Plan()
    heads: dict[int, int] = {}
    named = {unit.pk: unit.head_nip for unit in units.values() if unit.head_nip}
    settled: set[int] = set()
    for row in rows:
        unit = units.get(row.unit_code)
        if unit is None:
            if row.unit_code:
                reason = _(
                    "Unit %(code)s tidak dikenal. Impor berkas unit dahulu, atau periksa kodenya."
                )
                wanted.faults.append(Fault(row.row, UNIT, reason % {"code": row.unit_code}))
            continue
        if not row.is_active:
            continue
        is_named = bool(row.nip) and named.get(unit.pk) == row.nip
        leads = is_named or (row.is_structural and unit.pk not in named)
        if leads and unit.pk in heads:
            wanted.faults += _two_heads(unit, heads[unit.pk], row.row)
            continue
        if leads:
            heads[unit.pk] = row.row
            wanted.head_titles[unit.pk] = row.position
            settled |= {unit.pk} if is_named else set()
        title = "" if leads else row.position
        kind = PositionKind.STRUCTURAL if leads else row.position_kind
        wanted.own[row.row] = Post(unit.pk, title, kind, leads)
    wanted.designated = {pk: nip for pk, nip in named.items() if pk not in settled}
    return wanted


def _two_heads(unit: Unit, first: int, second: int) -> list[Fault]:
    reason = _("%(unit)s mempunyai dua pejabat struktural aktif: baris %(first)s dan %(second)s.")
    text = reason % {"unit": unit.name, "first": first, "second": second}
    return [Fault(first, UNIT, text), Fault(second, UNIT, text)]


def write_positions(wanted: Plan, units: Iterable[Unit]) -> dict[Post, int]:
    """Make the posts that are missing; returns the ids of all posts by key."""
    ids: dict[Post, int] = {}
    by_unit = {unit.pk: unit for unit in units}
    concerned = {post.unit_id for post in wanted.own.values()} | wanted.designated.keys()
    untitled = []
    for position in Position.objects.filter(unit__in=concerned).order_by("pk"):
        ids[_key(position)] = position.pk
        found = wanted.head_titles.get(position.unit_id) if position.is_head else None
        if found and position.title == default_head_title(by_unit[position.unit_id]):
            position.title = found
            untitled.append(position)
    Position.objects.bulk_update(untitled, ("title",), batch_size=500)
    heads = {Post(pk, "", PositionKind.STRUCTURAL, is_head=True) for pk in wanted.designated}
    missing = sorted((heads | set(wanted.own.values())) - ids.keys())
    new = Position.objects.bulk_create(
        [
            Position(
                unit_id=post.unit_id,
                title=post.title
                or wanted.head_titles.get(post.unit_id)
                or default_head_title(by_unit[post.unit_id]),
                kind=post.kind,
                is_head=post.is_head,
            )
            for post in missing
        ],
        batch_size=BATCH,
    )
    return ids | dict(zip(missing, (position.pk for position in new), strict=True))


def _key(position: Position) -> Post:
    if position.is_head:
        return Post(position.unit_id, "", PositionKind.STRUCTURAL, is_head=True)
    return Post(position.unit_id, position.title, position.kind, is_head=False)
