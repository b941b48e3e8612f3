"""Importing acting heads (Plt. and Plh.). Acting posts that the file does not name are left as they are."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import FormerNip, User
from audit.operations import record, record_many
from exchange.files import Fault, FileRefused
from organization.enums import ACTING, PositionKind, PostingKind
from organization.files import ActingFile, ActingRow
from organization.files.acting import NIP, SINCE, UNIT
from organization.models import Position, Posting, Unit
from organization.operations.outcome import Outcome, lock_organization
from organization.operations.units import default_head_title


@dataclass(slots=True)
class _Known:
    """What the rows refer to."""

    people: dict[str, User]
    units: dict[str, Unit]
    posts: dict[int, Position]
    acting: dict[int, list[Posting]] = field(default_factory=lambda: defaultdict(list))
    held: dict[int, list[Posting]] = field(default_factory=lambda: defaultdict(list))


@transaction.atomic
def import_acting(*, file: ActingFile, by: User | None, dry_run: bool = False) -> Outcome:
    """Record who acts as head of which unit and when, all or none.

    A row with the person, unit, kind and first day of an acting post on record sets its last day.
    Raises FileRefused with every fault.
    """
    lock_organization()
    known = _load(file.rows)
    if faults := [*file.faults, *_unknown(file.rows, known)]:
        raise FileRefused(sorted(faults))
    new, prolonged, unchanged, faults = _compare(file.rows, known)
    if faults:
        raise FileRefused(sorted(faults))
    Posting.objects.bulk_update(prolonged, ("valid",))
    Posting.objects.bulk_create(new)
    outcome = Outcome(
        created=len(new),
        changed=len(prolonged),
        unchanged=unchanged,
        warnings=tuple(_held_warnings(file.rows, known)),
    )
    if outcome.wrote:
        record(
            "organization.acting_imported",
            by=by,
            subject=known.units[file.rows[0].unit_code],
            created=outcome.created,
            changed=outcome.changed,
        )
        record_many("posting.appointed", by=by, subjects=new)
        record_many("posting.prolonged", by=by, subjects=prolonged)
    if dry_run:
        transaction.set_rollback(True)
    return outcome


def _load(rows: Iterable[ActingRow]) -> _Known:
    nips = {row.nip for row in rows if row.nip}
    codes = {row.unit_code for row in rows if row.unit_code}
    former = FormerNip.objects.filter(nip__in=nips).select_related("user")
    people = {each.nip: each.user for each in former}
    people |= {user.nip: user for user in User.objects.filter(nip__in=nips) if user.nip}
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=codes).order_by("pk")}
    heads = Position.objects.filter(is_head=True, unit__code__in=codes)
    known = _Known(people, units, {post.unit_id: post for post in heads})
    postings = Posting.objects.filter(position__in=known.posts.values()).select_related("user")
    for posting in postings.order_by("valid"):
        kept = known.acting if posting.kind in ACTING else known.held
        kept[posting.position_id].append(posting)
    return known


def _unknown(rows: Iterable[ActingRow], known: _Known) -> list[Fault]:
    faults = []
    for row in rows:
        person = known.people.get(row.nip)
        if row.nip and person is None:
            reason = _(
                "Tidak ada pegawai dengan NIP ini. Periksa angkanya, atau impor orangnya dahulu."
            )
            faults.append(Fault(row.row, NIP, reason))
        elif person is not None and not person.is_active:
            reason = _("Pegawai ini tidak aktif. Tunjuk pegawai lain, atau hapus barisnya.")
            faults.append(Fault(row.row, NIP, reason))
        if row.unit_code and row.unit_code not in known.units:
            reason = _(
                "Unit %(code)s tidak dikenal. Impor berkas unit dahulu, atau periksa kodenya."
            )
            faults.append(Fault(row.row, UNIT, reason % {"code": row.unit_code}))
    return faults


def _compare(
    rows: Iterable[ActingRow], known: _Known
) -> tuple[list[Posting], list[Posting], int, list[Fault]]:
    """New and prolonged postings, the number of those on record already, and overlaps."""
    new, prolonged, unchanged, faults = [], [], 0, []
    periods: list[tuple[ActingRow, Posting]] = []
    for row in rows:
        person, unit = known.people[row.nip], known.units[row.unit_code]
        post = known.posts.get(unit.pk) or _make_post(unit, known)
        valid = _period(row)
        same = next((one for one in known.acting[post.pk] if _same(one, row, person)), None)
        if same is None:
            same = Posting(user=person, position=post, kind=row.kind, valid=valid)
            known.acting[post.pk].append(same)
            new.append(same)
        elif same.valid.upper != valid.upper:
            same.valid = valid
            prolonged.append(same)
        else:
            unchanged += 1
        periods.append((row, same))
    reason = _("Masa ini tumpang tindih dengan %(name)s, yang bertugas sejak %(since)s.")
    for row, posting in periods:
        for other in known.acting[posting.position_id]:
            if other is not posting and _overlap(posting.valid, other.valid):
                since = date_format(other.valid.lower, "j F Y")
                text = reason % {"name": other.user, "since": since}
                faults.append(Fault(row.row, SINCE, text))
    return new, prolonged, unchanged, faults


def _make_post(unit: Unit, known: _Known) -> Position:
    post = known.posts[unit.pk] = Position.objects.create(
        unit=unit, title=default_head_title(unit), kind=PositionKind.STRUCTURAL, is_head=True
    )
    return post


def _period(row: ActingRow) -> DateRange:
    if row.since is None or row.until is None:  # the reader has faulted such a row
        raise ValueError(row)
    return DateRange(row.since, row.until + datetime.timedelta(days=1))


def _same(posting: Posting, row: ActingRow, person: User) -> bool:
    return (
        posting.user_id == person.pk
        and posting.kind == row.kind
        and posting.valid.lower == row.since
    )


def _overlap(one: DateRange, other: DateRange) -> bool:
    return (other.upper is None or one.lower < other.upper) and (
        one.upper is None or other.lower < one.upper
    )


def _held_warnings(rows: Iterable[ActingRow], known: _Known) -> list[Fault]:
    reason = _(
        "Unit ini mempunyai pimpinan definitif pada masa Plt. Periksa: Plt. mengisi jabatan kosong."
    )
    return [
        Fault(row.row, UNIT, reason)
        for row in rows
        if row.kind == PostingKind.PLT
        and any(_overlap(_period(row), posting.valid) for posting in _holders(known, row))
    ]


def _holders(known: _Known, row: ActingRow) -> list[Posting]:
    return known.held[known.posts[known.units[row.unit_code].pk].pk]
