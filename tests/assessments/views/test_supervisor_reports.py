"""Reports about supervisors as the personnel office reads and settles them."""

import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.clock import portal_today
from assessments.enums import ReportStatus
from assessments.models import Assessment
from assessments.operations import open_cycle, reject_report, report_supervisor
from organization.enums import PostingKind
from organization.models import HrMandate
from tests.assessments.pages import url
from tests.factories import LONG_AGO, make_user, post
from tests.pages import text_of

LIST = "/laporan-atasan/"


def mandate(user, unit, until=None):
    HrMandate.objects.create(user=user, unit=unit, valid=DateRange(LONG_AGO, until))


@pytest.fixture
def hesti(units):
    """Mends personnel data of Ani's unit and below."""
    user = make_user("Hesti Rahmawati", serial=8)
    post(user, units.ani)
    mandate(user, units.ani)
    return user


@pytest.fixture
def report(assessment, ani):
    return report_supervisor(assessment=assessment, message="Saya <pindah> tim", by=ani)


def settle(client, report, **fields):
    given = {"decision": "NAMED", "nip": "", "resolution": "Sudah diperiksa", **fields}
    return client.post(url("supervisor_report", report), given)


def test_the_list_shows_what_waits_with_its_age(client, hesti, report):
    report.__class__.objects.update(reported_at=timezone.now() - datetime.timedelta(days=3))
    client.force_login(hesti)
    text = text_of(client.get(LIST))
    assert "Ani Lestari Bidang Pelayanan Semester II 2026 Drs. Budi Santosa, M.Si." in text
    assert "menunggu 3 hari" in text


def test_settled_reports_are_found_by_the_filter(client, hesti, report):
    reject_report(report=report, resolution="Benar", by=hesti)
    client.force_login(hesti)
    assert "Tidak ada laporan yang menunggu" in text_of(client.get(LIST))
    for query in ("?status=", "?status=REJECTED", "?status=&name=lestari"):
        assert "Ani Lestari" in text_of(client.get(LIST + query))
    nothing = text_of(client.get(LIST + "?status=&name=zzz"))
    assert "Tidak ada laporan yang cocok dengan saringan ini." in nothing


@pytest.mark.parametrize("who", ["ani", "budi", "citra", "dewi", "eko"])
def test_nobody_else_reads_them(client, report, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(LIST).status_code == 404
    assert client.get(url("supervisor_report", report)).status_code == 404
    assert settle(client, report, decision="REJECTED").status_code == 404


def test_only_in_the_subtree_of_the_mandate_and_while_it_lasts(client, report, units):
    elsewhere = make_user("Hana", serial=21)
    mandate(elsewhere, units.citra)
    former = make_user("Hilman", serial=22)
    mandate(former, units.root, until=portal_today())
    above = make_user("Hera", serial=23)
    mandate(above, units.root)

    client.force_login(elsewhere)
    assert client.get(LIST).status_code == 200
    assert client.get(url("supervisor_report", report)).status_code == 404
    client.force_login(former)
    assert client.get(LIST).status_code == 404
    client.force_login(above)
    assert client.get(url("supervisor_report", report)).status_code == 200


def test_ones_own_report_is_for_a_colleague(client, assessment, ani, units):
    mandate(ani, units.root)
    own = report_supervisor(assessment=assessment, message="Bukan", by=ani)
    client.force_login(ani)
    assert "Tidak ada laporan yang menunggu" in text_of(client.get(LIST))
    assert client.get(url("supervisor_report", own)).status_code == 404


def test_one_report_shows_how_the_supervisor_was_found(client, hesti, report, units, fajar):
    post(fajar, units.root, head=True, kind=PostingKind.PLT)
    client.force_login(hesti)
    response = client.get(url("supervisor_report", report))
    text = text_of(response)
    assert "Saya <pindah> tim" in text
    assert (
        "Bidang Pelayanan Kepala Bidang Pelayanan: Drs. Budi Santosa, M.Si. penilai sekarang"
        in text
    )
    assert "Provinsi Kepala Provinsi: Fajar Nugraha (Plt.)" in text
    assert [link.unit_name for link in response.context["chain"]] == [
        "Bidang Pelayanan",
        "Provinsi",
    ]


def test_a_vacant_post_and_the_person_themselves_are_passed_by(client, cycle, budi, hesti):
    own = report_supervisor(
        assessment=Assessment.objects.get(cycle=cycle, person=budi), message="Siapa?", by=budi
    )
    client.force_login(hesti)
    text = text_of(client.get(url("supervisor_report", own)))
    assert "Drs. Budi Santosa, M.Si. pegawai ini sendiri, jadi dicari ke atas" in text
    assert "Kepala Provinsi: kosong, jadi dicari ke atas" in text
    assert "Penilai sekarang tidak ada" in text


def test_naming_the_right_reviewer(client, hesti, report, assessment, fajar):
    client.force_login(hesti)
    response = settle(client, report, nip="19860926 201505 1 006")
    assert (response.status_code, response["Location"]) == (303, LIST)
    assessment.refresh_from_db()
    report.refresh_from_db()
    assert (assessment.named_reviewer, report.status) == (fajar, ReportStatus.RESOLVED)
    assert "Laporan sudah ditindaklanjuti." in text_of(client.get(LIST))
    closed = text_of(client.get(url("supervisor_report", report)))
    assert "Sudah diperiksa Hesti Rahmawati" in closed
    assert "Simpan dan beri tahu pegawai" not in closed


@pytest.mark.parametrize(
    ("decision", "status"),
    [("MENDED", ReportStatus.RESOLVED), ("REJECTED", ReportStatus.REJECTED)],
)
def test_settling_without_a_name(client, hesti, report, assessment, decision, status):
    client.force_login(hesti)
    assert settle(client, report, decision=decision).status_code == 303
    assessment.refresh_from_db()
    report.refresh_from_db()
    assert (assessment.named_reviewer, report.status) == (None, status)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"decision": ""}, "decision", "Pilih salah satu hasil."),
        ({"nip": ""}, "nip", "Tulis NIP penilai yang benar."),
        ({"nip": "198609262015051999"}, "nip", "Tidak ada pegawai dengan NIP ini di unit"),
        ({"nip": "198609262015051001"}, "nip", "Pegawai tidak meninjau dirinya sendiri."),
        ({"nip": "198609262015051007"}, "nip", "Akun pegawai ini tidak aktif."),
        ({"decision": "REJECTED", "nip": "198609262015051002"}, "nip", "Kosongkan NIP"),
        ({"decision": "MENDED", "resolution": " "}, "resolution", "Tulis apa yang Anda temukan"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    client, hesti, report, fields, field, said, units
):
    post(make_user("Gita", serial=7, is_active=False), units.seksi)
    client.force_login(hesti)
    response = settle(client, report, **{"resolution": "Sudah ditelusuri"} | fields)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    text = text_of(response)
    assert said in text
    assert "<title>Kesalahan:" in response.content.decode()
    if "resolution" not in fields:
        assert "Sudah ditelusuri" in text
    report.refresh_from_db()
    assert report.status == ReportStatus.OPEN


def test_a_nip_of_other_units_reads_like_one_that_nobody_has(client, hesti, report, units, dewi):
    head = make_user("Heru", serial=31, is_active=False)
    post(head, units.citra, head=True)
    make_user("Hani", serial=32)
    client.force_login(hesti)
    texts = {
        text_of(settle(client, report, nip=nip)).replace(nip, "…")
        for nip in (dewi.nip, head.nip, "198609262015051032", "198609262015051999")
    }
    assert len(texts) == 1
    report.refresh_from_db()
    assert report.status == ReportStatus.OPEN


def test_heads_of_any_unit_may_be_named(client, hesti, report, assessment, citra):
    client.force_login(hesti)
    assert settle(client, report, nip=citra.nip).status_code == 303
    assessment.refresh_from_db()
    assert assessment.named_reviewer == citra


def test_a_colleague_was_quicker(client, hesti, report):
    reject_report(report=report, resolution="Benar", by=hesti)
    client.force_login(hesti)
    response = settle(client, report, decision="MENDED")
    assert response.status_code == 409
    assert "Laporan ini sudah ditindaklanjuti" in text_of(response)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(
    client, instrument, ani, budi, units, hesti, number, django_assert_num_queries
):
    now = timezone.now()
    for each in range(number):
        opened = open_cycle(
            code=f"C{each}",
            name=f"Periode {each}",
            instrument=instrument,
            opens_at=now,
            closes_at=now + datetime.timedelta(days=7),
            census_date=portal_today(),
            by=None,
        )
        theirs = Assessment.objects.get(cycle=opened, person=ani)
        report_supervisor(assessment=theirs, message="Bukan", by=ani)
    client.force_login(hesti)
    client.get(LIST)
    with django_assert_num_queries(11):
        response = client.get(LIST)
    assert len(response.context["page"]) == number
