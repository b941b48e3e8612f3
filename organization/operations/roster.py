"""Importing people and their posts. People whom the file does not name are left as they are."""

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.operations import record
from exchange.files import Fault, FileRefused
from organization.enums import PostingKind
from organization.files import RosterFile, RosterRow
from organization.files.roster import UNIT
from organization.models import Unit
from organization.operations.outcome import Outcome, batches, lock_organization
from organization.operations.people import find_people, write_people
from organization.operations.placements import Plan, Post, plan, write_positions
from organization.operations.standings import Changes, Wish, apply, compare, load_standings


@transaction.atomic
def import_roster(
    *, file: RosterFile, effective_date: datetime.date, by: User | None, dry_run: bool = False
) -> Outcome:
    """Bring people and postings to what the roster says as of `effective_date`, all or none.

    A new person's posting begins on the day the file gives (TMT JABATAN) where that is past and
    free; a change ends the old posting and begins the new one on the effective date. Who is no
    longer in service keeps the account, switched off, and holds no post from that date. A holder
    whom the file does not name gives way where the file names another head: a warning says so.
    Raises FileRefused with every fault.
    """
    lock_organization()
    units = {unit.code: unit for unit in Unit.objects.order_by("pk")}
    wanted = plan(file.rows, units)
    people = find_people(file.rows)
    if faults := [*file.faults, *wanted.faults, *people.faults, *_no_units(units)]:
        raise FileRefused(sorted(faults))
    written = write_people(file.rows, people.known, by=by)
    positions = write_positions(wanted, units.values())
    warnings = list(file.warnings)
    wishes = _wishes(file.rows, wanted, written.users, positions, warnings)
    leaving = {written.users[row.row]: row.row for row in file.rows if not row.is_active}
    heads = [wish.position_id for wish in wishes if wish.is_head]
    standings = load_standings(list(people.known.values()), heads, effective_date)
    changes = compare(wishes, leaving, standings, effective_date)
    if changes.faults:
        raise FileRefused(sorted(changes.faults))
    apply(changes, effective_date, newcomers=written.new, by=by)
    warnings += _displaced(changes, wishes, set(written.users.values()))
    differing = (written.changed | changes.people) & set(people.known.values())
    outcome = Outcome(
        created=len(written.new),
        changed=len(differing),
        unchanged=len(people.known) - len(differing),
        ended=len(changes.end),
        warnings=tuple(sorted(warnings)),
    )
    if outcome.wrote:
        record(
            "organization.roster_imported",
            by=by,
            subject=next(iter(units.values())),
            effective_date=effective_date.isoformat(),
            created=outcome.created,
            changed=outcome.changed,
            ended=outcome.ended,
        )
    if dry_run:
        transaction.set_rollback(True)
    return outcome


def _no_units(units: Mapping[str, Unit]) -> list[Fault]:
    return [] if units else [Fault(0, "", _("Belum ada unit kerja. Impor berkas unit dahulu."))]


def _wishes(
    rows: Iterable[RosterRow],
    wanted: Plan,
    users: Mapping[int, int],
    positions: Mapping[Post, int],
    warnings: list[Fault],
) -> list[Wish]:
    """Own posts first, then the additional duties of heads whom the units file names."""
    wishes = [
        Wish(
            row=row.row,
            user_id=users[row.row],
            position_id=positions[post],
            is_head=post.is_head,
            since=row.since,
        )
        for row in rows
        if (post := wanted.own.get(row.row))
    ]
    named = _named_heads(wanted, rows, users)
    heads = {post.unit_id: pk for post, pk in positions.items() if post.is_head}
    reason = _(
        "NIP PIMPINAN %(nip)s bukan pegawai aktif yang dikenal; jabatan itu dibiarkan kosong."
    )
    for unit_id, nip in wanted.designated.items():
        if nip in named:
            row, user_id = named[nip]
            wishes.append(
                Wish(row, user_id, heads[unit_id], is_head=True, kind=PostingKind.ADDITIONAL)
            )
        else:
            warnings.append(Fault(0, "", reason % {"nip": nip}))
    return wishes


def _named_heads(
    wanted: Plan, rows: Iterable[RosterRow], users: Mapping[int, int]
) -> dict[str, tuple[int, int]]:
    """Row (0 where the file lacks the person) and id of the active people with these NIP."""
    nips = set(wanted.designated.values())
    found: dict[str, tuple[int, int]] = {}
    for batch in batches(sorted(nips)):
        known = User.objects.filter(nip__in=batch, is_active=True).order_by()
        found |= {nip: (0, pk) for nip, pk in known.values_list("nip", "pk") if nip}
    for row in rows:
        if row.nip in found:
            found[row.nip] = (row.row, users[row.row])
    return found


def _displaced(changes: Changes, wishes: Iterable[Wish], named: set[int]) -> list[Fault]:
    """Holders whom the file does not name and whose post it gives to somebody else."""
    displaced = {
        one.position_id: one.user_id for one in changes.end.values() if one.user_id not in named
    }
    rows = {wish.position_id: wish.row for wish in wishes if wish.position_id in displaced}
    reason = _(
        "%(name)s tidak ada dalam berkas; jabatan pimpinannya diakhiri karena diisi pegawai ini."
    )
    names = dict(User.objects.filter(pk__in=displaced.values()).values_list("pk", "name"))
    return [
        Fault(rows[position], UNIT, reason % {"name": names[user]})
        for position, user in displaced.items()
    ]
