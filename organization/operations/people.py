"""The people of a roster: who of them is known already, and what is written about each."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from accounts.models import FormerNip, User
from audit.operations import record_many
from exchange.files import Fault
from organization.files import RosterRow
from organization.files.roster import NIP, in_service
from organization.operations.outcome import batches

_PLAIN: Final = (
    "name",
    "title_before",
    "title_after",
    "email",
    "employment_type",
    "legal_status",
    "rank",
)
_COLUMNS: Final = ("username", "nip", "siasn_id", "is_active", *_PLAIN)


class _Account(NamedTuple):
    """An account as the rows are matched with it."""

    pk: int
    siasn_id: str | None
    nip: str | None
    name: str


@dataclass(slots=True)
class People:
    """Account ids by row number; rows of people who are not known yet are left out."""

    known: dict[int, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class Written:
    """Account ids by row number for every row, those made new, and those whose data changed."""

    users: dict[int, int]
    new: set[int]
    changed: set[int]


def find_people(rows: Sequence[RosterRow]) -> People:
    """Find the people of the rows: by PNS ID, which stays, then by NIP, which can change."""
    accounts = _load(rows)
    by_id = {one.siasn_id: one for one in accounts if one.siasn_id}
    by_nip = {one.nip: one for one in accounts if one.nip}
    people = People()
    taken: dict[int, int] = {}
    for row in rows:
        if row.siasn_id and (account := by_id.get(row.siasn_id)):
            people.known[row.row] = account.pk
            taken[account.pk] = row.row
    former = _former_nips([row.nip for row in rows if row.row not in people.known and row.nip])
    for row in rows:
        holder = by_nip.get(row.nip)
        found = people.known.get(row.row)
        if found is None and holder is not None and holder.pk not in taken:
            people.known[row.row] = holder.pk
            taken[holder.pk] = row.row
        elif holder is not None and holder.pk != found and not (found and holder.pk in taken):
            people.faults.append(_held_by(row, holder, taken.get(holder.pk)))
        elif found is None and row.nip in former:
            reason = _("NIP ini NIP lama %(name)s. Isi NIP yang berlaku, atau PNS ID-nya.")
            people.faults.append(Fault(row.row, NIP, reason % {"name": former[row.nip]}))
    return people


def write_people(
    rows: Sequence[RosterRow], known: Mapping[int, int], *, by: User | None
) -> Written:
    """Write what the rows say about the person, in as many statements as there are batches.

    A new account has no usable password: nobody can sign in to it before being invited. An account
    is switched off or on only when the roster's legal status says something else than before, so
    that an import never undoes an operator's lock.
    """
    written = Written(users=dict(known), new=set(), changed=set())
    written.changed = _write_changes([row for row in rows if row.row in known], known, by=by)
    for batch in batches([row for row in rows if row.row not in known]):
        users = [_account(row) for row in batch]
        User.objects.bulk_create(users)
        record_many("user.registered", by=by, subjects=users)
        written.users |= {row.row: user.pk for row, user in zip(batch, users, strict=True)}
        written.new |= {user.pk for user in users}
    return written


def _account(row: RosterRow) -> User:
    user = User(password=UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20), is_active=row.is_active)
    _assign(user, row)
    return user


def _write_changes(
    rows: Sequence[RosterRow], known: Mapping[int, int], *, by: User | None
) -> set[int]:
    changed: list[User] = []
    fields: set[str] = set()
    renamed: dict[int, str] = {}
    for batch in batches(rows):
        users = User.objects.only(*_COLUMNS).in_bulk([known[row.row] for row in batch])
        for row in batch:
            user = users[known[row.row]]
            if differing := _assign(user, row):
                changed.append(user)
                fields |= differing.keys()
                if before := differing.get("nip"):
                    renamed[user.pk] = str(before)
    _free_nips(renamed)
    if changed:
        User.objects.bulk_update(changed, sorted(fields), batch_size=500)
        record_many("user.changed", by=by, subjects=changed)
    return {user.pk for user in changed}


def _assign(user: User, row: RosterRow) -> dict[str, object]:
    """Set what the row says; returns the values before, by field, of what differs."""
    wanted: dict[str, object] = {name: getattr(row, name) for name in _PLAIN}
    wanted |= {"nip": row.nip, "username": row.nip, "siasn_id": row.siasn_id or user.siasn_id}
    if in_service(user.legal_status) != row.is_active:
        wanted["is_active"] = row.is_active
    before = {
        name: getattr(user, name) for name, value in wanted.items() if getattr(user, name) != value
    }
    for name in before:
        setattr(user, name, wanted[name])
    return before


def _free_nips(before: Mapping[int, str]) -> None:
    """Keep the NIP that people had, and take it off their accounts, so that two may exchange theirs."""
    if not before:
        return
    FormerNip.objects.bulk_create(
        [FormerNip(user_id=user, nip=nip) for user, nip in before.items()], ignore_conflicts=True
    )
    User.objects.filter(pk__in=before).update(
        nip=None, username=Concat(Value("~"), Cast("pk", CharField()))
    )


def _load(rows: Sequence[RosterRow]) -> Iterable[_Account]:
    found: dict[int, _Account] = {}
    for batch in batches(rows):
        ids = [row.siasn_id for row in batch if row.siasn_id]
        nips = [row.nip for row in batch if row.nip]
        accounts = User.objects.filter(Q(siasn_id__in=ids) | Q(nip__in=nips)).order_by()
        for account in accounts.values_list(*_Account._fields):
            found[account[0]] = _Account(*account)
    return found.values()


def _former_nips(nips: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for batch in batches(nips):
        found |= dict(FormerNip.objects.filter(nip__in=batch).values_list("nip", "user__name"))
    return found


def _held_by(row: RosterRow, holder: _Account, other_row: int | None) -> Fault:
    if other_row is None:
        reason = _("NIP ini milik pegawai lain, %(name)s, yang PNS ID-nya berbeda.")
    else:
        reason = _("NIP ini masih tercatat milik %(name)s (baris %(row)s). Impor barisnya dahulu.")
    return Fault(row.row, NIP, reason % {"name": holder.name, "row": other_row})
