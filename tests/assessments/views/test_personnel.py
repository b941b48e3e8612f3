"""How far people are, as files for the personnel office: its own units alone, and no answers or scores."""

import csv
import io
import tracemalloc

import pytest
from python_calamine import CalamineWorkbook

from assessments import exports
from assessments.models import Assessment
from audit.models import PERSON_READ, Event
from tests.assessments.views.test_supervisor_reports import mandate
from tests.factories import make_user, post

HEADING = ["Nama", "NIP", "Unit kerja", "Jabatan", "Keadaan", "Diajukan", "Batas waktu"]


@pytest.fixture
def hesti(units):
    """Mends personnel data of Ani's unit and below."""
    user = make_user("Hesti Rahmawati", serial=8)
    post(user, units.ani)
    mandate(user, units.ani)
    return user


def rows_of(response, extension):
    content = b"".join(response.streaming_content)
    if extension == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_file_names_the_people_of_ones_units_and_their_states(
    client, hesti, assessment, units, citra, extension
):
    client.force_login(hesti)
    response = client.get(f"/pegawai/{assessment.cycle_id}/{extension}/")
    assert response["Content-Disposition"] == (
        f'attachment; filename="pegawai-{assessment.cycle.code.lower()}.{extension}"'
    )
    heading, *rows = rows_of(response, extension)
    assert heading == HEADING
    expected = Assessment.objects.filter(unit__unit__in=(units.ani, units.seksi))
    assert sorted(row[1] for row in rows) == sorted(each.person.nip for each in expected)
    assert citra.nip not in {row[1] for row in rows}
    (ani,) = (row for row in rows if row[1] == assessment.person.nip)
    assert ani[:6] == [
        *("Ani Lestari", assessment.person.nip, "Bidang Pelayanan"),
        *(assessment.position_title, "Belum mengisi", ""),
    ]


def test_whoever_is_named_was_read(client, hesti, assessment):
    client.force_login(hesti)
    client.get(f"/pegawai/{assessment.cycle_id}/csv/")
    event = Event.objects.filter(verb=PERSON_READ).latest("pk")
    assert assessment.person_id in event.data["people"]
    assert event.data["where"] == "assessments:personnel_file"


def test_the_page_lists_cycles_with_people_of_ones_units(client, hesti, assessment):
    client.force_login(hesti)
    page = client.get("/pegawai/").content.decode()
    assert f'href="/pegawai/{assessment.cycle_id}/xlsx/"' in page


def test_a_cycle_without_ones_people_and_other_kinds_are_not_found(client, assessment, units):
    elsewhere = make_user("Hasan", serial=91)
    mandate(elsewhere, units.ani.__class__.objects.create(code="LUAR", name="Luar"))
    client.force_login(elsewhere)
    assert client.get(f"/pegawai/{assessment.cycle_id}/csv/").status_code == 404
    assert "Belum ada periode" in client.get("/pegawai/").content.decode()


def test_another_kind_of_file_is_not_found(client, hesti, assessment):
    client.force_login(hesti)
    assert client.get(f"/pegawai/{assessment.cycle_id}/ods/").status_code == 404


def test_without_a_mandate_nothing_is_there(client, ani, budi, dewi, assessment):
    for person in (ani, budi, dewi):
        client.force_login(person)
        assert client.get("/pegawai/").status_code == 404
        assert client.get(f"/pegawai/{assessment.cycle_id}/csv/").status_code == 404


@pytest.mark.parametrize("write", [exports.people_as_csv, exports.people_as_xlsx])
def test_memory_does_not_grow_with_the_number_of_people(assessment, write):
    people = Assessment.objects.filter(pk=assessment.pk)

    class Many:
        """The same person over and over, as the database would hand out others."""

        def __getattr__(self, name):
            return lambda *args, **kwargs: self

        def iterator(self, chunk_size):
            (one,) = people.select_related("cycle", "person", "unit", "submission")
            yield from (one for _ in range(20_000))

    tracemalloc.start()
    written = write(Many())
    for _line in written:
        pass
    written.close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000
