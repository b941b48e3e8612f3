"""Whether what is stored is what was put on record: the chain of events, the history under it, the rows themselves."""

from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import RowHistory
from audit.queries.chain import Anchor, Break, first_break_of_chain
from audit.queries.history import (
    DIGESTED,
    Discontinued,
    Sealed,
    columns_of,
    digests_on_record,
    histories,
    last_given,
    measure,
    tracked_label,
)
from audit.queries.rows import first_bent_row, first_silent_trigger

_UNPROVEN = """
    SELECT (
        SELECT coalesce(sum((data ->> 'destroyed')::bigint), 0) FROM audit_event
        WHERE verb = %(verb)s AND subject_type = %(label)s AND subject_id = %(table)s
    ) + (
        SELECT count(*) FROM audit_destroyedline WHERE history = %(table)s
    ) - (
        SELECT coalesce(sum((part ->> 1)::bigint), 0)
        FROM audit_destruction, jsonb_array_elements(tables) part
        WHERE rows > 0 AND part ->> 0 = %(table)s
    )
"""
HISTORY_LOCK: Final = 0x48495354
"""Key of the advisory lock under which digests of history are made, one maker at a time."""


def first_break(anchors: Sequence[Anchor] = ()) -> Break | None:
    """The first bad sequence number, and why; None where everything is as it was sealed.

    Of row history it is the number of the digest that does not fit, and the reason names table and lines.
    """
    return (
        first_break_of_chain(anchors)
        or first_break_of_history()
        or first_silent_trigger()
        or first_bent_row(histories())
    )


def first_break_of_history() -> Break | None:
    """The first range of lines that is not what its digest says, table by table."""
    for history in histories():
        try:
            broken = _first_break_of(history)
        except Discontinued as error:
            return Break(error.sequence, str(error))
        if broken:
            return broken
    return None


def fits(history: type[RowHistory], sealed: Sealed) -> bool:
    """Whether the lines of a range are those of its digest, but for what a schedule let go."""
    return _fault(history, sealed) == ""


def _first_break_of(history: type[RowHistory]) -> Break | None:
    for sealed in digests_on_record(history):
        # A digest that was made anew meanwhile is no fault: it is asked again while nobody makes any.
        if not fits(history, sealed) and (broken := _asked_again(history, sealed)):
            return broken
    return _unproven(history) or _beyond(history)


def _asked_again(history: type[RowHistory], sealed: Sealed) -> Break | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [HISTORY_LOCK])
        through = sealed.range.through
        now = next(each for each in digests_on_record(history) if each.range.through == through)
        fault = _fault(history, now)
    return Break(now.sequence, fault) if fault else None


def _fault(history: type[RowHistory], sealed: Sealed) -> str:
    """What is wrong with a range; nothing where it fits."""
    known = sealed.range
    fault = _difference(history, sealed)
    if not fault:
        return ""
    place = {
        "table": history._meta.db_table,
        "first": (known.after or 0) + 1,
        "last": known.through,
    }
    return _("riwayat %(table)s baris %(first)d-%(last)d: %(fault)s") % {**place, "fault": fault}


def _difference(history: type[RowHistory], sealed: Sealed) -> str:
    table, known = history._meta.db_table, sealed.range
    if missing := sorted(set(known.columns) - set(columns_of(table))):
        return _("kolom %(name)s hilang") % {"name": missing[0]}
    found = measure(history, known.after, known.through, columns=known.columns)
    if found.rows > known.rows:
        return _("%(rows)d baris disisipkan") % {"rows": found.rows - known.rows}
    if found.rows < known.rows:
        return _("%(rows)d baris hilang") % {"rows": known.rows - found.rows}
    if found.lines_digest != known.lines_digest:
        return _("isi berubah")
    if found.gone and not known.could_be_destroyed(timezone.now()):
        return _("%(rows)d baris dimusnahkan sebelum waktunya") % {"rows": found.gone}
    return ""


def _unproven(history: type[RowHistory]) -> Break | None:
    """Lines that are said to be destroyed although no `Destruction` counts them."""
    table = history._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            _UNPROVEN, {"verb": DIGESTED, "label": tracked_label(history), "table": table}
        )
        (unproven,) = cursor.fetchone()
    if unproven <= 0:
        return None
    reason = _("riwayat %(table)s: %(rows)d baris hilang tanpa bukti pemusnahan")
    return Break(0, reason % {"table": table, "rows": unproven})


def _beyond(history: type[RowHistory]) -> Break | None:
    """Lines with keys that no sequence gave: they would be under no digest for long."""
    last = last_given(history)
    beyond = history._default_manager.filter(pgh_id__gt=last).order_by("pgh_id").first()
    # Whoever wrote between the two questions has a key of the sequence, too.
    if beyond is None or beyond.pk <= last_given(history):
        return None
    reason = _("riwayat %(table)s baris %(pk)d: nomor di luar urutan")
    return Break(0, reason % {"table": history._meta.db_table, "pk": beyond.pk})
