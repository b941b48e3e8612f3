"""The people of a roster: who of them is known already, and what is written about each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from accounts.models import FormerNip, User
from organization.files import Fault, RosterRow
from organization.files.roster import NIP, in_service
from organization.operations.outcome import BATCH, batches

_PLAIN: Final = (
    *("name", "title_before", "title_after", "email", "employment_type", "legal_status", "rank"),
)
_COLUMNS: Final = ("username", "nip", "siasn_id", "is_active", *_PLAIN)


@dataclass(slots=True)
class People:
    """The person of each row, by row number; rows of people who are not known yet are left out."""

    known: dict[int, User] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def find_people(rows: Sequence[RosterRow]) -> People:
    """Find the people of the rows: by PNS ID, which stays, then by NIP, which can change."""
    by_id, by_nip = _load(rows)
    people = People()
    taken: dict[int, int] = {}
    for row in rows:
        if row.siasn_id and (user := by_id.get(row.siasn_id)):
            people.known[row.row] = user
            taken[user.pk] = row.row
    former = _former_nips([row.nip for row in rows if row.row not in people.known and row.nip])
    for row in rows:
        holder = by_nip.get(row.nip) if row.nip else None
        found = people.known.get(row.row)
        if found is None and holder is not None and holder.pk not in taken:
            people.known[row.row] = holder
            taken[holder.pk] = row.row
        elif holder is not None and holder != found and not (found and holder.pk in taken):
            people.faults.append(_held_by(row, holder, taken.get(holder.pk)))
        elif found is None and row.nip in former:
            reason = _("NIP ini NIP lama %(name)s. Isi NIP yang berlaku, atau PNS ID-nya.")
            people.faults.append(Fault(row.row, NIP, reason % {"name": former[row.nip]}))
    return people


def write_people(
    rows: Iterable[RosterRow], known: Mapping[int, User]
) -> tuple[dict[int, User], list[User], list[User]]:
    """Write what the rows say. Returns everybody by row number, the new, and those who changed.

    A new account has no usable password: nobody can sign in to it before being invited. An account
    is switched off or on only when the roster's legal status says something else than before, so
    that an import never undoes an operator's lock.
    """
    everybody, new, changed = dict(known), [], []
    renamed: dict[int, str] = {}
    fields: set[str] = set()
    for row in rows:
        user = known.get(row.row)
        if user is None:
            user = User(password=make_password(None), is_active=row.is_active)
            everybody[row.row] = user
            new.append(user)
        differing = _assign(user, row)
        if user.pk and differing:
            changed.append(user)
            fields |= differing.keys()
            if before := differing.get("nip"):
                renamed[user.pk] = str(before)
    _free_nips(renamed)
    if changed:
        User.objects.bulk_update(changed, sorted(fields), batch_size=500)
    User.objects.bulk_create(new, batch_size=BATCH)
    return everybody, new, changed


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


def _load(rows: Sequence[RosterRow]) -> tuple[dict[str, User], dict[str, User]]:
    users: dict[int, User] = {}
    for batch in batches(rows):
        ids = [row.siasn_id for row in batch if row.siasn_id]
        nips = [row.nip for row in batch if row.nip]
        found = User.objects.filter(Q(siasn_id__in=ids) | Q(nip__in=nips)).only(*_COLUMNS)
        for user in found.order_by("pk"):
            users.setdefault(user.pk, user)
    return (
        {user.siasn_id: user for user in users.values() if user.siasn_id},
        {user.nip: user for user in users.values() if user.nip},
    )


def _former_nips(nips: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for batch in batches(nips):
        rows = FormerNip.objects.filter(nip__in=batch).values_list("nip", "user__name")
        found |= dict(rows)
    return found


def _held_by(row: RosterRow, holder: User, other_row: int | None) -> Fault:
    if other_row is None:
        reason = _("NIP ini milik pegawai lain, %(name)s, yang PNS ID-nya berbeda.")
    else:
        reason = _("NIP ini masih tercatat milik %(name)s (baris %(row)s). Impor barisnya dahulu.")
    return Fault(row.row, NIP, reason % {"name": holder.name, "row": other_row})
