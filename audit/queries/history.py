"""Digests over ranges of history lines: how one is made, and which are on record (ADR 0027)."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django.apps import apps
from django.db import connection
from django.db.models import BigIntegerField, Max
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from audit.models import Event, RowHistory
from audit.queries.chain import parsed

DIGESTED: Final = "history.digested"
"""The verb of a digest over a range of lines; `subject_id` is the table, `data` a `Range`."""
LINES_IN_A_RANGE: Final = 10_000
KEPT_AT_LEAST: Final = datetime.timedelta(days=365)
"""No schedule lets a line go earlier: the database refuses a `RetentionRule` below twelve months."""

# A line counts by its id and JSON in the database's own spelling; columns that came later are in no digest.
_MEASURE = """
    WITH part AS (
        SELECT pgh_id AS place, pgh_created_at AS made,
            sha256(convert_to((to_jsonb(line) - %(later)s::text[])::text, 'UTF8')) AS digest
        FROM {table} line
        WHERE (%(after)s::bigint IS NULL OR pgh_id > %(after)s) AND pgh_id <= %(through)s
        ORDER BY pgh_id LIMIT %(most)s
    ), whole AS (
        SELECT * FROM part
        UNION ALL
        SELECT line, NULL, digest FROM audit_destroyedline
        WHERE %(gone)s AND history = %(history)s AND line <= %(through)s
            AND (%(after)s::bigint IS NULL OR line > %(after)s)
    )
    SELECT count(*), count(*) FILTER (WHERE made IS NULL), max(place), min(made),
        encode(sha256(coalesce(string_agg(digest, ''::bytea ORDER BY place), ''::bytea)), 'hex')
    FROM whole
"""
_COLUMNS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname
"""
_ON_RECORD = """
    SELECT coalesce(seal.sequence, 0), event.at, event.data
    FROM audit_event event LEFT JOIN audit_seal seal ON seal.event_id = event.id
    WHERE event.subject_type = %s AND event.subject_id = %s AND event.verb = %s
    ORDER BY event.id
"""


@dataclass(frozen=True, slots=True)
class Range:
    """Lines of one history from `after` (excluded; None: from the beginning) to `through`, as a digest holds them.

    `since` is the moment of the oldest line (ISO 8601); `destroyed` counts lines that a schedule let go
    since the digest before.
    """

    after: int | None
    through: int
    rows: int
    lines_digest: str
    since: str
    columns: tuple[str, ...]
    destroyed: int = 0

    @classmethod
    def of(cls, data: dict[str, Any]) -> "Range":
        """Read what an event holds; raises KeyError or TypeError for anything else."""
        return cls(**{**data, "columns": tuple(data["columns"])})

    def to_data(self) -> dict[str, Any]:
        """What an event holds."""
        return asdict(self)

    def could_be_destroyed(self, at: datetime.datetime) -> bool:
        """Whether the oldest line was old enough by then for any schedule."""
        return datetime.datetime.fromisoformat(self.since) < at - KEPT_AT_LEAST


@dataclass(frozen=True, slots=True)
class Sealed:
    """The digest that counts for a range, and where in the chain it stands (0: not yet sealed)."""

    sequence: int
    range: Range


@dataclass(frozen=True, slots=True)
class Measured:
    """A range as it is now; `gone` of its `rows` are only known by what destruction left of them."""

    rows: int
    gone: int
    last: int | None
    since: datetime.datetime | None
    lines_digest: str


class Discontinued(Exception):
    """A digest on record does not go on from the one before it."""

    def __init__(self, sequence: int, table: str) -> None:
        super().__init__(_("riwayat %(table)s: sidik tidak bersambung") % {"table": table})
        self.sequence = sequence


def histories() -> list[type[RowHistory]]:
    """Every history there is, by table."""
    found = [model for model in apps.get_models() if issubclass(model, RowHistory)]
    return sorted(found, key=lambda model: model._meta.db_table)


def tracked_label(history: type[RowHistory]) -> str:
    """Whose rows it tells of: `assessments.Answer`."""
    tracked: Any = history.pgh_tracked_model
    label: str = tracked._meta.label
    return label


def digests_on_record(history: type[RowHistory]) -> list[Sealed]:
    """The digests that count, by line. Raises Discontinued."""
    table = history._meta.db_table
    found: dict[int, Sealed] = {}
    last: int | None = None
    for sequence, at, data in _on_record(history):
        try:
            new = Range.of(data)
        except (KeyError, TypeError) as error:
            raise Discontinued(sequence, table) from error
        known = found.get(new.through)
        if known is None and new.after == last and not new.destroyed:
            last = new.through
        elif known is None or not _goes_on(known.range, new, at):
            raise Discontinued(sequence, table)
        found[new.through] = Sealed(sequence, new)
    return list(found.values())


def last_digested(history: type[RowHistory]) -> int | None:
    """The last line that is under a digest."""
    digests = Event.objects.filter(
        verb=DIGESTED,
        subject_type=tracked_label(history),
        subject_id=history._meta.db_table,
    )
    through = Cast(KeyTextTransform("through", "data"), BigIntegerField())
    last: int | None = digests.aggregate(last=Max(through))["last"]
    return last


def digests_due() -> int:
    """How many digests the lines would take that are under none yet."""
    due = 0
    for history in histories():
        lines = history._default_manager.filter(pgh_id__gt=last_digested(history) or 0).count()
        due += -(-lines // LINES_IN_A_RANGE)
    return due


def measure(
    history: type[RowHistory],
    after: int | None,
    through: int,
    *,
    columns: Sequence[str] | None = None,
    with_gone: bool = True,
    most: int | None = None,
) -> Measured:
    """Lines as they are now, with what destruction left of others; `columns` as they were at the digest."""
    table = history._meta.db_table
    later = [] if columns is None else [name for name in columns_of(table) if name not in columns]
    parameters = {
        "after": after,
        "through": through,
        "most": most,
        "later": later,
        "gone": with_gone,
        "history": table,
    }
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(table)
        cursor.execute(_MEASURE.format(table=name), parameters)
        rows, gone, last, since, digest = cursor.fetchone()
    return Measured(rows, gone, last, since, digest)


def columns_of(table: str) -> list[str]:
    """The columns that the table has in the database, also those that older code does not know."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [table])
        return [name for (name,) in cursor.fetchall()]


def last_given(history: type[RowHistory]) -> int:
    """The last key that the table's sequence gave to anybody, committed or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(%s, 'pgh_id')::regclass), 0)",
            [history._meta.db_table],
        )
        return int(cursor.fetchone()[0])


def _on_record(history: type[RowHistory]) -> Iterator[tuple[int, datetime.datetime, Any]]:
    """Digests as they came, by a server-side cursor: there may be many."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ON_RECORD, [tracked_label(history), history._meta.db_table, DIGESTED])
        for sequence, at, data in cursor:
            yield sequence, at, parsed(data)


def _goes_on(known: Range, new: Range, at: datetime.datetime) -> bool:
    """Whether `new` is `known` less lines that a schedule may have let go by then."""
    expected = replace(
        known,
        rows=known.rows - new.destroyed,
        lines_digest=new.lines_digest,
        destroyed=new.destroyed,
    )
    return new == expected and new.destroyed > 0 and known.could_be_destroyed(at)
