"""Importing the unit tree. Units that the file does not name are left as they are."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.operations import record, record_many
from exchange.files import Fault, FileRefused
from organization.enums import PositionKind
from organization.files import UnitRow, UnitsFile
from organization.files.units import PARENT
from organization.models import Position, Unit
from organization.operations.outcome import BATCH, Outcome, lock_organization

_TITLE_LENGTH = 250


@transaction.atomic
def import_units(*, file: UnitsFile, by: User | None, dry_run: bool = False) -> Outcome:
    """Create and change units as the file has them, all or none; with `dry_run` none.

    Each unit gets the post of its head. Several roots are legal: one installation may serve several
    governments. Raises FileRefused with every fault of the file and of the tree it would make.
    """
    lock_organization()
    known = {unit.code: unit for unit in Unit.objects.order_by("pk")}
    if faults := [*file.faults, *_tree_faults(file.rows, known)]:
        raise FileRefused(sorted(faults))
    created, changed = _write_units(file.rows, known)
    retitled = _write_head_posts(file.rows, known)
    changed |= retitled - created
    outcome = Outcome(
        created=len(created),
        changed=len(changed),
        unchanged=len(file.rows) - len(created) - len(changed),
        warnings=tuple(_roots_warning(file.rows)),
    )
    if outcome.wrote:
        units = {unit.pk: unit for unit in known.values()}
        record_many("unit.created", by=by, subjects=[units[pk] for pk in sorted(created)])
        record_many("unit.changed", by=by, subjects=[units[pk] for pk in sorted(changed)])
        record(
            "organization.units_imported",
            by=by,
            subject=known[file.rows[0].code],
            created=outcome.created,
            changed=outcome.changed,
        )
    if dry_run:
        transaction.set_rollback(True)
    return outcome


def _tree_faults(rows: Iterable[UnitRow], known: Mapping[str, Unit]) -> list[Fault]:
    codes = {unit.pk: unit.code for unit in known.values()}
    above = {unit.code: codes.get(unit.parent_id, "") for unit in known.values()}
    above |= {row.code: row.parent_code for row in rows if row.code}
    unknown = _("Unit atasan %(code)s tidak dikenal. Tambahkan barisnya, atau perbaiki kodenya.")
    faults = [
        Fault(row.row, PARENT, unknown % {"code": row.parent_code})
        for row in rows
        if row.parent_code and row.parent_code not in above
    ]
    names = {unit.code: unit.name for unit in known.values()} | {row.code: row.name for row in rows}
    reason = _(
        "Unit ini menjadi atasan dirinya sendiri: %(circle)s. Perbaiki atasan salah satunya."
    )
    circles = _circles(above)
    for row in rows:
        if circle := circles.get(row.code):
            path = " → ".join(names.get(code) or code for code in (*circle, circle[0]))
            faults.append(Fault(row.row, PARENT, reason % {"circle": path}))
    return faults


def _circles(above: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The codes that lie on a circle, each with the circle it lies on."""
    circles: dict[str, tuple[str, ...]] = {}
    done: set[str] = set()
    for start in above:
        path: dict[str, None] = {}
        code = start
        while code in above and code not in done and code not in path:
            path[code] = None
            code = above[code]
        if code in path:
            steps = list(path)
            circle = tuple(steps[steps.index(code) :])
            circles |= dict.fromkeys(circle, circle)
        done |= path.keys()
    return circles


def _write_units(rows: Iterable[UnitRow], known: dict[str, Unit]) -> tuple[set[int], set[int]]:
    """Write the units; returns the ids of new and of changed ones, and adds the new to `known`."""
    new = [Unit(code=row.code, name=row.name) for row in rows if row.code not in known]
    Unit.objects.bulk_create(new, batch_size=BATCH)
    known |= {unit.code: unit for unit in new}
    created = {unit.pk for unit in new}
    touched, moved = [], []
    for row in rows:
        unit = known[row.code]
        parent_id = known[row.parent_code].pk if row.parent_code else None
        wanted = (row.name, row.kind, row.head_nip, parent_id)
        if wanted != (unit.name, unit.kind, unit.head_nip, unit.parent_id):
            if unit.parent_id not in {None, parent_id}:
                moved.append(unit.pk)
            unit.name, unit.kind, unit.head_nip, unit.parent_id = wanted
            touched.append(unit)
    # Cut loose first: while the tree is rewritten row by row, two units that change places would
    # for a moment lie below each other, which the database refuses.
    Unit.objects.filter(pk__in=moved).update(parent=None)
    Unit.objects.bulk_update(touched, ("name", "kind", "head_nip", "parent"), batch_size=500)
    return created, {unit.pk for unit in touched} - created


def _write_head_posts(rows: Iterable[UnitRow], known: Mapping[str, Unit]) -> set[int]:
    """Give each unit its head's post under the title of the file; returns the units retitled."""
    posts = {post.unit_id: post for post in Position.objects.filter(is_head=True)}
    missing, retitled = [], []
    for row in rows:
        unit = known[row.code]
        post = posts.get(unit.pk)
        if post is None:
            title = row.head_title or default_head_title(unit)
            missing.append(
                Position(unit=unit, title=title, kind=PositionKind.STRUCTURAL, is_head=True)
            )
        elif row.head_title and post.title != row.head_title:
            post.title = row.head_title
            retitled.append(post)
    Position.objects.bulk_create(missing, batch_size=BATCH)
    Position.objects.bulk_update(retitled, ("title",), batch_size=500)
    return {post.unit_id for post in retitled}


def default_head_title(unit: Unit) -> str:
    """The title of a head's post that no file has named yet."""
    return f"Pimpinan {unit.name}"[:_TITLE_LENGTH]


def _roots_warning(rows: Iterable[UnitRow]) -> list[Fault]:
    roots = [row for row in rows if not row.parent_code]
    reason = _("Berkas memuat %(count)s unit tanpa atasan. Periksa bila pemerintahnya hanya satu.")
    return [Fault(row.row, PARENT, reason % {"count": len(roots)}) for row in roots[1:]]
