"""The chain of seals: whoever bends the record, by whatever means, is found and the place is named."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.utils import InternalError

from audit.models import Event, Seal, Unsealed
from audit.operations import digest_history, record, seal
from audit.queries import START, Anchor, digest_of, events_as_sealed, first_break, last_anchor
from tests import shapes


@pytest.fixture
def five(ani):
    """Five sealed events."""
    for number in range(5):
        record("test.done", by=ani, subject=ani, number=number)
    seal()
    return list(Seal.objects.values_list("event_id", flat=True))


def behind_the_triggers(statement: str, *parameters: object) -> None:
    """What somebody with the owner's password could do."""
    with connection.cursor() as cursor:
        for table in ("audit_event", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        for table in ("audit_event", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def rewrite_from(sequence: int) -> None:
    """Compute every seal from a place on anew, as a careful forger would."""
    previous = Seal.objects.get(sequence=sequence - 1).digest if sequence > 1 else START
    for each in Seal.objects.filter(sequence__gte=sequence):
        previous = digest_of(previous, events_as_sealed([each.event_id])[0])
        behind_the_triggers(
            "UPDATE audit_seal SET digest = %s WHERE sequence = %s", previous, each.sequence
        )


def test_an_untouched_chain_is_whole(five):
    assert list(Seal.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    assert first_break([last_anchor()]) is None
    assert not Unsealed.objects.exists()


def test_sealing_again_finds_nothing_to_do(five):
    assert seal() == 0


def test_raw_sql_waits_for_its_seal_like_everything_else(five):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (verb, subject_type, subject_id, actor_name, data, request_id)"
            " VALUES ('raw.sql', 'x', '1', '', '{}', '')"
        )
    assert seal() == 1
    assert first_break() is None


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE audit_event SET verb = 'lain' WHERE id = %s", 3),
        ("UPDATE audit_event SET at = at + interval '1 second' WHERE id = %s", 3),
        ("UPDATE audit_event SET data = '{}' WHERE id = %s", 3),
        ("DELETE FROM audit_event WHERE id = %s", 3),
        ("DELETE FROM audit_seal WHERE event_id = %s", 3),
        ("UPDATE audit_seal SET digest = repeat('a', 64) WHERE event_id = %s", 3),
    ],
)
def test_what_was_bent_is_found_and_the_place_is_named(five, statement, place):
    behind_the_triggers(statement, five[place - 1])
    assert first_break().sequence == place


def test_two_events_that_changed_places_are_found(five):
    behind_the_triggers(
        "UPDATE audit_seal SET event_id = CASE event_id WHEN %s THEN -1 ELSE event_id END", five[1]
    )
    behind_the_triggers("UPDATE audit_seal SET event_id = %s WHERE event_id = %s", five[1], five[3])
    behind_the_triggers("UPDATE audit_seal SET event_id = %s WHERE event_id = -1", five[3])
    assert first_break().sequence == 2


def test_a_chain_that_was_cut_off_is_shorter_than_its_anchor(five):
    anchor = last_anchor()
    behind_the_triggers("DELETE FROM audit_event WHERE id > %s", five[2])
    behind_the_triggers("DELETE FROM audit_seal WHERE sequence > 3")

    assert first_break() is None
    assert first_break([anchor]).sequence == 4


def test_a_chain_that_was_written_anew_differs_from_its_anchors(five):
    anchors = [Anchor(each.sequence, each.digest) for each in Seal.objects.all()]
    behind_the_triggers("UPDATE audit_event SET actor_name = 'Orang Lain' WHERE id = %s", five[2])
    rewrite_from(3)

    assert first_break() is None
    assert first_break(anchors).sequence == 3
    assert first_break([anchors[0], anchors[4]]).sequence == 5
    # Anchored again afterwards, as the daily run does: the anchor from before still counts.
    assert first_break([anchors[4], last_anchor()]).sequence == 5


def test_an_event_that_was_kept_from_its_seal_is_found(five, ani):
    hidden = record("test.hidden", by=ani, subject=ani)
    Unsealed.objects.filter(pk=hidden.pk).delete()
    assert first_break().reason == f"peristiwa {hidden.pk} tidak pernah disegel"


def test_seals_cannot_be_changed(five):
    with pytest.raises(InternalError):
        Seal.objects.update(digest="")


@pytest.mark.django_db(transaction=True)
def test_two_hundred_writers_and_four_sealers_make_one_chain(ani):
    before = Event.objects.count()

    def write(number: int) -> None:
        try:
            record("test.parallel", by=ani, subject=ani, number=number)
            if number % 50 == 0:
                seal(limit=7)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(200)))
    seal()

    assert Event.objects.count() == before + 200
    assert Seal.objects.count() == Event.objects.count()
    assert first_break() is None


def test_the_commands_anchor_and_verify(five, ani, tmp_path, capsys):
    file = tmp_path / "jangkar.jsonl"
    digest_history()
    seal()
    before = last_anchor().sequence
    record("test.waiting", by=ani, subject=ani)
    call_command("audit_anchor", to=file, dry_run=True)
    assert not file.exists()
    call_command("audit_verify", format="json")
    call_command("audit_verify")
    call_command("audit_anchor", to=file)
    call_command("audit_verify", anchor=file)
    assert capsys.readouterr().out.splitlines() == [
        f"jangkar {before + 1} akan ditulis ke {file}; 1 peristiwa akan disegel dahulu; tidak ada yang disimpan",
        f'{{"sealed": {before}, "waiting": 1, "anchors": 0, "first_bad": null}}',
        f"{before} peristiwa utuh, 0 jangkar cocok",
        "1 peristiwa menunggu segel, jadi belum diperiksa",
        f"jangkar {before + 1} ditulis ke {file}",
        f"{before + 1} peristiwa utuh, 1 jangkar cocok",
    ]

    behind_the_triggers("DELETE FROM audit_event WHERE id = %s", five[1])
    with pytest.raises(CommandError, match=r"^2: peristiwa hilang$"):
        call_command("audit_verify", anchor=file, format="json")
    assert shapes.require("audit_verify", capsys.readouterr().out) == {
        "sealed": before + 1,
        "waiting": 0,
        "anchors": 1,
        "first_bad": {"sequence": 2, "reason": "peristiwa hilang"},
    }


@pytest.mark.parametrize(
    "content",
    [
        "bukan json",
        '{"sequence": 1}',
        "[]",
        '{"sequence": -1, "digest": ""}',
        '{"sequence": 0, "digest": "x"}',
    ],
)
def test_a_file_that_is_no_anchor_is_refused(five, tmp_path, content):
    (tmp_path / "rusak").write_text(content)
    with pytest.raises(CommandError, match="bukan berkas jangkar"):
        call_command("audit_verify", anchor=tmp_path / "rusak")
    with pytest.raises(CommandError, match="tidak dapat dibaca"):
        call_command("audit_verify", anchor=tmp_path / "tidak-ada")
    with pytest.raises(CommandError, match="tidak dapat ditulis"):
        call_command("audit_anchor", to=tmp_path / "tidak" / "ada")


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_emptied_file_of_anchors_proves_nothing(five, tmp_path, content):
    (tmp_path / "kosong").write_text(content)
    with pytest.raises(CommandError, match="tidak memuat satu jangkar pun"):
        call_command("audit_verify", anchor=tmp_path / "kosong")
