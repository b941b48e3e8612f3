"""Data saya as an archive: every file byte by byte, whoever's it is, and on record."""

import json

from assessments.enums import ScanState
from assessments.files import vault
from assessments.models import Evidence
from audit.models import Event
from tests.prima_portal.archives import FILE, PAGE, archive_of


def test_taking_the_file_is_recorded_and_reading_the_page_is_not(client, ani):
    client.force_login(ani)
    client.get(PAGE)
    assert not Event.objects.filter(verb="personal_data.exported").exists()
    client.post(FILE).getvalue()
    event = Event.objects.get(verb="personal_data.exported")
    assert (event.actor_id, event.subject_type, event.subject_id) == (
        ani.pk,
        "accounts.User",
        str(ani.pk),
    )


def test_the_archive_holds_the_files_byte_by_byte(client, with_files, ani):
    archive = archive_of(client, ani)
    document = json.loads(archive.read("data-saya.json"))
    (assessment,) = document["assessments"]
    for file, told in zip(with_files, assessment["evidence_files"], strict=True):
        with vault.opened(file.key) as kept:
            assert archive.read(told["path"]) == kept.read()
    assert len(set(archive.namelist())) == 5
    assert archive.namelist()[:2] == ["BACA-SAYA.txt", "data-saya.json"]
    for name in archive.namelist()[2:]:
        folder, _cycle, indicator, leaf = name.split("/")
        assert (folder, indicator, leaf[0].isdigit()) == ("bukti", "alf-01", True)
        assert not {*leaf} & {*' :*?"<>|\\'}


def test_a_file_without_bytes_is_told_and_not_there(client, with_files, ani):
    infected, lost, kept = with_files
    Evidence.objects.filter(pk=infected.pk).update(scan_state=ScanState.INFECTED)
    vault.discard(lost.key)
    archive = archive_of(client, ani)
    (assessment,) = json.loads(archive.read("data-saya.json"))["assessments"]
    paths = [each["path"] for each in assessment["evidence_files"]]
    assert paths[:2] == ["", ""]
    assert archive.namelist()[2:] == [paths[2]]
    assert assessment["evidence_files"][0]["scan_state_label"] == "Terinfeksi"
    assert kept.name == "CON.pdf"


def test_files_of_others_are_not_in_it(client, with_files, budi):
    assert archive_of(client, budi).namelist() == ["BACA-SAYA.txt", "data-saya.json"]
