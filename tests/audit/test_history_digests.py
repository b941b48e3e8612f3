"""Row history under the chain: whoever bends a line behind its triggers is found, and the place is named."""

import re
import threading

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit.models import DestroyedLine, Event
from audit.operations import digest_history, digesting, record, renew_digests, seal, seal_all
from audit.queries import first_break
from audit.queries.history import DIGESTED
from organization.models import Unit
from tests.factories import make_unit

TABLE = "organization_unithistory"


def lines():
    return apps.get_model("organization.UnitHistory").objects.order_by("pgh_id")


def digests():
    return [
        (event.data["after"], event.data["through"], event.data["rows"])
        for event in Event.objects.filter(verb=DIGESTED, subject_id=TABLE).order_by("pk")
    ]


def behind_the_triggers(statement, *parameters, table=TABLE):
    """What somebody with the owner's password could do."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def nine(units, monkeypatch):
    """Nine lines of units and more, all under digests of four lines each, which are sealed."""
    monkeypatch.setattr(digesting, "LINES_IN_A_RANGE", 4)
    for number in range(9 - lines().count() % 9):
        make_unit(f"Unit {number}")
    digest_history()
    seal_all()
    assert lines().count() % 9 == 0
    return list(lines().values_list("pgh_id", flat=True))


def place_of(number):
    """Which digest a line is under, as a report of a break names it."""
    event = next(
        event
        for event in Event.objects.filter(verb=DIGESTED, subject_id=TABLE)
        if (event.data["after"] or 0) < number <= event.data["through"]
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequence FROM audit_seal WHERE event_id = %s", [event.pk])
        (sequence,) = cursor.fetchone()
    return (
        sequence,
        f"riwayat {TABLE} baris {(event.data['after'] or 0) + 1}-{event.data['through']}: ",
    )


def test_untouched_history_fits_its_digests(nine):
    assert first_break() is None
    ranges = digests()
    assert sum(rows for _after, _through, rows in ranges) == len(nine)
    assert [after for after, _through, _rows in ranges[1:]] == [
        through for _after, through, _rows in ranges[:-1]
    ]
    assert (digest_history(), renew_digests()) == (0, 0)


def test_lines_that_came_later_go_on_from_the_last_digest(nine):
    make_unit("Kemudian")
    assert digest_history() == 2  # the unit, and its post
    assert digests()[-1][0] == digests()[-2][1]
    assert first_break() is None


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE {table} SET name = 'Lain' WHERE pgh_id = %s", "isi berubah"),
        (
            "UPDATE {table} SET pgh_created_at = pgh_created_at + '1us' WHERE pgh_id = %s",
            "isi berubah",
        ),
        ("UPDATE {table} SET pgh_context = '{{\"actor\": 1}}' WHERE pgh_id = %s", "isi berubah"),
        ("DELETE FROM {table} WHERE pgh_id = %s", "1 baris hilang"),
    ],
)
@pytest.mark.parametrize("which", [0, 5, -1])
def test_a_bent_line_is_found_and_its_range_is_named(nine, statement, fault, which):
    behind_the_triggers(statement.format(table=TABLE), nine[which])
    sequence, place = place_of(nine[which])
    broken = first_break()
    assert (broken.sequence, broken.reason) == (sequence, place + fault)


def test_lines_that_changed_places_are_found(nine):
    first, second = nine[1], nine[6]
    for old, new in ((first, -1), (second, first), (-1, second)):
        behind_the_triggers(f"UPDATE {TABLE} SET pgh_id = %s WHERE pgh_id = %s", new, old)  # noqa: S608
    sequence, place = place_of(first)
    assert (first_break().sequence, first_break().reason) == (sequence, place + "isi berubah")


def test_a_line_put_in_between_or_before_is_found(nine):
    copied = f"INSERT INTO {TABLE} SELECT (jsonb_populate_record(line, jsonb_build_object('pgh_id', %s))).* FROM {TABLE} line WHERE pgh_id = %s"  # noqa: E501, S608
    behind_the_triggers(copied, 0, nine[2])
    sequence, place = place_of(nine[0])
    assert (first_break().sequence, first_break().reason) == (
        sequence,
        place + "1 baris disisipkan",
    )


def test_a_line_with_a_number_that_nobody_was_given_is_found(nine):
    behind_the_triggers(f"UPDATE {TABLE} SET pgh_id = 10 ^ 12 WHERE pgh_id = %s", nine[-1])  # noqa: S608
    make_unit("Sesudahnya")
    digest_history()
    assert re.search(r"1 baris hilang|nomor di luar urutan", first_break().reason)


def test_an_emptied_history_is_found(nine):
    behind_the_triggers(f"DELETE FROM {TABLE}")  # noqa: S608  TRUNCATE leaves the same
    sequence, place = place_of(nine[0])
    assert (first_break().sequence, first_break().reason) == (sequence, place + "4 baris hilang")


def test_a_column_that_went_is_named_and_one_that_came_changes_nothing(nine):
    behind_the_triggers(f"ALTER TABLE {TABLE} ADD COLUMN colour text NOT NULL DEFAULT 'x'")
    assert first_break() is None
    behind_the_triggers(f"ALTER TABLE {TABLE} DROP COLUMN kind")
    assert first_break().reason.endswith("kolom kind hilang")


def pretend_destruction(number):
    """Leave what a destruction leaves, and take the line away."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_destroyedline (history, line, digest) SELECT %s, pgh_id,"  # noqa: S608
            f" sha256(convert_to(to_jsonb(line)::text, 'UTF8')) FROM {TABLE} line WHERE pgh_id = %s",
            [TABLE, number],
        )
    behind_the_triggers(f"DELETE FROM {TABLE} WHERE pgh_id = %s", number)  # noqa: S608


def test_a_line_removed_under_pretence_of_destruction_is_found_while_it_is_young(nine):
    pretend_destruction(nine[5])
    _sequence, place = place_of(nine[5])
    assert first_break().reason == place + "1 baris dimusnahkan sebelum waktunya"
    assert (renew_digests(), DestroyedLine.objects.count()) == (0, 1)


def test_a_line_removed_under_pretence_of_destruction_is_found_by_the_lack_of_proof(units):
    behind_the_triggers(f"UPDATE {TABLE} SET pgh_created_at = pgh_created_at - interval '9 years'")  # noqa: S608
    digest_history()
    pretend_destruction(lines().first().pk)
    expected = f"riwayat {TABLE}: 1 baris hilang tanpa bukti pemusnahan"
    assert first_break().reason == expected
    assert (renew_digests(), DestroyedLine.objects.count()) == (1, 0)
    assert first_break().reason == expected


def test_a_digest_forged_to_fit_a_bent_line_is_found(nine):
    """Whoever bends a line and adds a digest of what is there now says that something was destroyed, too early."""
    old = Event.objects.filter(verb=DIGESTED, subject_id=TABLE).first()
    for forged in (
        old.data | {"lines_digest": "0" * 64},
        old.data | {"lines_digest": "0" * 64, "rows": old.data["rows"] - 1, "destroyed": 1},
        old.data | {"since": "2001-01-01T00:00:00+00:00", "rows": 3, "destroyed": 1},
        {"after": 0},
    ):
        with transaction.atomic():
            Event.objects.create(
                verb=DIGESTED, subject_type=old.subject_type, subject_id=TABLE, data=forged
            )
            seal()
            assert first_break().reason == f"riwayat {TABLE}: sidik tidak bersambung"
            transaction.set_rollback(True)


def test_the_commands_anchor_history_and_name_what_was_bent(units, tmp_path, capsys):
    file = tmp_path / "jangkar.jsonl"
    call_command("audit_anchor", to=file, dry_run=True, format="json")
    call_command("audit_anchor", to=file, format="json")
    foretold, done = capsys.readouterr().out.splitlines()
    assert foretold.replace("true", "false") == done
    assert digests() != []
    call_command("audit_verify", anchor=file, format="json")
    behind_the_triggers(f"UPDATE {TABLE} SET name = 'Lain'")  # noqa: S608
    with pytest.raises(CommandError, match=rf"^\d+: riwayat {TABLE} baris 1-\d+: isi berubah$"):
        call_command("audit_verify", anchor=file)


@pytest.mark.django_db(transaction=True)
class TestLateCommits:
    """A line with a lower number may be committed after one with a higher."""

    @pytest.fixture
    def slow(self, units):
        """Somebody who makes a unit, and ends only when told to."""
        digest_history()
        written, may_end = threading.Event(), threading.Event()

        def write():
            try:
                with transaction.atomic():
                    make_unit("Lambat")
                    written.set()
                    may_end.wait(20)
            finally:
                connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        assert written.wait(20)
        make_unit("Cepat")

        def end():
            may_end.set()
            thread.join()

        yield end
        end()

    def test_who_takes_long_is_left_to_the_next_time(self, slow):
        before = digests()
        digest_history(patience=0.1)
        assert digests() == before
        slow()
        digest_history()
        assert digests()[-1][2] == 2
        assert first_break() is None

    def test_who_ends_soon_is_waited_for_and_new_writers_are_not(self, slow):
        timer = threading.Timer(0.3, slow)
        timer.start()
        digest_history(patience=20)
        timer.join()
        assert digests()[-1][2] == 2
        assert first_break() is None

    def test_whoever_writes_meanwhile_is_never_held_up(self, slow):
        waiting = threading.Thread(target=_digest_elsewhere)
        waiting.start()
        make_unit("Tidak menunggu")
        record("test.done", by=None, subject=Unit.objects.first())
        assert waiting.is_alive()
        slow()
        waiting.join()
        assert first_break() is None


def _digest_elsewhere():
    try:
        digest_history(patience=20)
    finally:
        connection.close()
