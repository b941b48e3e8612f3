"""Cycles as curators open and keep them."""

import datetime
import re

import pytest
from django.utils import timezone

from accounts.clock import portal_today
from accounts.models import RoleGrant
from assessments.enums import Status
from assessments.models import Assessment, Cycle, Submission
from assessments.operations import open_cycle
from audit.models import Event
from organization.models import Unit
from tests.assessments.pages import url
from tests.factories import make_instrument
from tests.pages import text_of

LIST = "/periode/"
OPEN = "/periode/buka/"
TODAY = portal_today()


@pytest.fixture(autouse=True)
def as_dewi(client, dewi):
    client.force_login(dewi)


def written(days, hour="08:00"):
    """A moment as the browser's picker sends it."""
    return f"{TODAY + datetime.timedelta(days=days)}T{hour}"


def local(days, *time):
    day = TODAY + datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(*time)))


def typed(version):
    return {
        "name": "PRIMA Semester I 2027",
        "code": "2027-S1",
        "instrument": version.pk,
        "opens_at": written(1),
        "closes_at": written(30, "23:59"),
        "census_date": TODAY.isoformat(),
        "population": [],
        "unit_codes": "",
    }


def send(client, version, step="preview", **changes):
    return client.post(OPEN, {**typed(version) | changes, "step": step})


PAGES = [
    ("get", LIST),
    ("get", OPEN),
    ("post", OPEN),
    ("get", "cycle"),
    ("get", "cycle_reschedule"),
    ("post", "cycle_reschedule"),
    ("get", "cycle_reminders"),
    ("get", "cycle_extend"),
    ("post", "cycle_extend"),
    ("get", "cycle_extension_end"),
    ("post", "cycle_extension_end"),
    ("get", "cycle_establish"),
    ("post", "cycle_establish"),
]


@pytest.mark.parametrize(("method", "page"), PAGES)
def test_for_curators_only_and_only_while_they_are(client, cycle, page, method, dewi, budi):
    path = page if page.startswith("/") else url(page, cycle)
    assert getattr(client, method)(path).status_code in {200, 422, 409}
    RoleGrant.objects.filter(user=dewi).update(valid=(TODAY - datetime.timedelta(days=9), TODAY))
    assert getattr(client, method)(path).status_code == 404
    client.force_login(budi)
    assert getattr(client, method)(path).status_code == 404


def test_the_list_without_a_cycle_says_what_to_do(client, db):
    text = text_of(client.get(LIST))
    assert "Belum ada periode" in text
    assert "Buka periode baru" in text


@pytest.mark.parametrize(
    ("opens", "closes", "state"),
    [(1, 2, "Belum dibuka"), (-1, 1, "Sedang berjalan"), (-2, -1, "Ditutup")],
)
def test_the_list_says_where_the_clock_stands_and_who_has_handed_in(
    client, cycle, opens, closes, state
):
    now = timezone.now()
    Cycle.objects.update(
        opens_at=now + datetime.timedelta(days=opens),
        closes_at=now + datetime.timedelta(days=closes),
    )
    (row,) = client.get(LIST).context["rows"]
    assert (row["counts"].invited, row["counts"].handed_in, row["counts"].verified) == (3, 0, 0)
    assert f"2026-S2 · TOY 1 {state}" in text_of(client.get(LIST))


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list_do_not_grow(
    client, instrument, ani, units, number, django_assert_num_queries
):
    for each in range(number):
        open_cycle(
            code=f"C{each}",
            name=f"Periode {each}",
            instrument=instrument,
            opens_at=local(1),
            closes_at=local(9),
            census_date=TODAY,
            by=None,
        )
    with django_assert_num_queries(7):
        assert len(client.get(LIST).context["rows"]) == number


def test_the_form_offers_published_versions_and_the_first_levels(client, instrument, units):
    make_instrument(code="RANCANGAN", publish=False)
    Unit.objects.create(code="U-4", name="Tim Kerja", parent=units.seksi)
    text = text_of(client.get(OPEN))
    assert "Instrumen TOY (TOY 1)" in text
    assert "RANCANGAN" not in text
    assert "Seksi Pengaduan" in text
    assert "Tim Kerja" not in text
    assert "Waktu WIB." in text


def test_units_of_the_same_name_are_boxes_that_name_the_unit_above(client, instrument, units):
    Unit.objects.create(code="U-5", name="Seksi Pengaduan", parent=units.citra)
    html = client.get(OPEN).content.decode()
    boxes = re.findall(r'<input type="checkbox"[^>]*name="population"[^>]*>', html)
    named = sorted(found for box in boxes for found in re.findall(r'aria-label="([^"]*)"', box))
    assert len(boxes) == len(named) + 1  # nothing is above the first
    assert "Seksi Pengaduan, Bidang Pelayanan" in named
    assert "Seksi Pengaduan, Bidang Perencanaan" in named


def test_the_preview_counts_and_changes_nothing(client, instrument, ani, budi, units):
    response = send(client, instrument, population=[units.ani.pk])
    text = text_of(response)
    assert "2 pegawai akan diundang" in text
    assert "Populasi Bidang Pelayanan (Provinsi)" in text
    assert "tidak dapat diganti setelah periode dibuka" in text
    assert not Cycle.objects.exists()


def test_confirming_opens_it_in_the_portals_time(client, instrument, ani, budi, dewi, units):
    preview = send(client, instrument, population=[units.ani.pk], unit_codes="U-Bidang Perencanaan")
    assert preview.status_code == 422  # codes have no spaces
    units.citra.code = "U.77"
    units.citra.save()
    changes = {"population": [units.ani.pk], "unit_codes": " U.77,\n"}
    response = send(client, instrument, "open", **changes)
    cycle = Cycle.objects.get()
    assert (response.status_code, response["Location"]) == (303, url("cycle", cycle))
    assert (cycle.opens_at, cycle.closes_at) == (local(1, 8), local(30, 23, 59, 59))
    assert (cycle.census_date, cycle.opened_by) == (TODAY, dewi)
    assert set(cycle.population.all()) == {units.ani, units.citra}
    assert {each.person for each in Assessment.objects.filter(cycle=cycle)} == {ani, budi, dewi}
    assert "Periode PRIMA Semester I 2027 sudah dibuka." in text_of(
        client.get(response["Location"])
    )


def test_the_preview_sends_on_exactly_what_was_typed(client, instrument, ani, units):
    page = send(client, instrument, population=[units.ani.pk, units.seksi.pk]).content.decode()
    for name, value in typed(instrument).items():
        if name != "population":
            assert f'name="{name}" value="{value}"' in page or (value == "" and name in page)
    assert page.count('name="population"') == 2


def test_without_a_population_everybody_is_asked(client, instrument, ani, budi, units):
    send(client, instrument, "open")
    assert list(Cycle.objects.get().population.all()) == [units.root]
    assert Assessment.objects.count() == 3


def test_sent_twice_it_is_opened_once(client, instrument, ani):
    first = send(client, instrument, "open")
    second = send(client, instrument, "open")
    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert Event.objects.filter(verb="cycle.opened").count() == 1


def test_going_back_keeps_what_was_typed_without_judging_it(client, instrument):
    response = send(client, instrument, "edit", code="TIDAK SAH")
    assert response.status_code == 200
    assert 'value="TIDAK SAH"' in response.content.decode()
    assert "<title>Kesalahan" not in response.content.decode()


@pytest.mark.parametrize("step", ["preview", "open"])
@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"code": "2026-S2"}, "code", "Kode periode ini sudah dipakai."),
        ({"code": "a b"}, "code", "Kode hanya boleh berisi huruf"),
        ({"closes_at": written(1)}, "closes_at", None),
        ({"closes_at": written(0)}, "closes_at", "Waktu tutup harus sesudah waktu buka."),
        ({"opens_at": "besok"}, "opens_at", ""),
        ({"census_date": "2099-01-01"}, "census_date", "Tanggal sensus tidak boleh sesudah"),
        ({"census_date": "2001-01-01"}, "population", "Tidak ada pegawai aktif di unit ini"),
        ({"unit_codes": "U-9, U-8"}, "unit_codes", "Kode unit ini tidak ada: U-8, U-9."),
        ({"instrument": ""}, "instrument", ""),
        ({"population": ["999999"]}, "population", ""),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, cycle, instrument, step, changes, field, said):
    response = send(client, instrument, step, **changes)
    if said is None:  # to the end of the same minute: short, but a period
        assert response.status_code == (200 if step == "preview" else 303)
        return
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert said in text_of(response)
    page = response.content.decode()
    assert 'value="PRIMA Semester I 2027"' in page
    assert "<title>Kesalahan:" in page
    assert Cycle.objects.count() == 1


def test_a_draft_cannot_be_chosen(client, ani):
    draft = make_instrument(code="RANCANGAN", publish=False)
    response = send(client, draft)
    assert list(response.context["form"].errors) == ["instrument"]


def test_the_page_of_a_cycle(client, cycle, assessment):
    Assessment.objects.filter(pk=assessment.pk).update(status=Status.DRAFT)
    text = text_of(client.get(url("cycle", cycle)))
    assert "Diundang 3 Sudah mengajukan 0 Sudah diverifikasi 0" in text
    assert "Belum mengisi 2 Draf 1 Diajukan 0" in text
    assert "Instrumen TOY (TOY 1)" in text
    assert "Populasi Provinsi termasuk semua unit di bawahnya" in text
    assert "Dapat dilakukan setelah periode ditutup." in text


def test_rescheduling(client, cycle):
    response = client.post(url("cycle_reschedule", cycle), {"closes_at": written(40, "12:00")})
    assert (response.status_code, response["Location"]) == (303, url("cycle", cycle))
    cycle.refresh_from_db()
    assert cycle.closes_at == local(40, 12, 0, 59)


@pytest.mark.parametrize(
    ("closes_at", "said"),
    [(written(-5), "Waktu tutup harus sesudah waktu buka."), ("", ""), ("31-31-2026", "")],
)
def test_rescheduling_to_what_cannot_be(client, cycle, closes_at, said):
    before = cycle.closes_at
    response = client.post(url("cycle_reschedule", cycle), {"closes_at": closes_at})
    assert response.status_code == 422
    assert said in text_of(response)
    cycle.refresh_from_db()
    assert cycle.closes_at == before


def test_without_a_published_instrument_the_page_says_what_comes_first(client):
    assert "Belum ada instrumen yang terbit" in text_of(client.get(OPEN))
    make_instrument(code="A")
    assert "Belum ada instrumen yang terbit" not in text_of(client.get(OPEN))


def extend(client, cycle, **fields):
    given = {"nip": "", "unit": "", "unit_code": "", "until": written(20, "16:00"), **fields}
    return client.post(url("cycle_extend", cycle), {"reason": "Sakit", **given})


def extended(cycle):
    found = Assessment.objects.filter(cycle=cycle, extended_until__isnull=False)
    return {each.person.name for each in found}


def test_more_time_for_one_person(client, cycle, ani, dewi):
    response = extend(client, cycle, nip="19860926 201505 1 001")
    assert (response.status_code, response["Location"]) == (303, url("cycle", cycle))
    assert extended(cycle) == {"Ani Lestari"}
    assert Assessment.objects.get(cycle=cycle, person=ani).extended_until == local(20, 16, 0, 59)
    event = Event.objects.get(verb="assessment.extended")
    assert (event.actor_id, event.data["reason"]) == (dewi.pk, "Sakit")
    assert "1 pegawai mendapat waktu tambahan." in text_of(client.get(response["Location"]))


@pytest.mark.parametrize("by", ["unit", "unit_code"])
def test_more_time_for_a_unit_but_not_for_what_is_decided(client, cycle, units, budi, by):
    _decide(Assessment.objects.get(cycle=cycle, person=budi))
    unit = cycle.units.get(unit=units.root)
    extend(client, cycle, **{by: unit.pk if by == "unit" else units.root.code})
    assert extended(cycle) == {"Ani Lestari", "Dewi Anggraini"}


def _decide(assessment):
    """Straight to verified, as the database allows it."""
    submission = Submission.objects.create(
        assessment=assessment,
        sequence=1,
        number="X-1",
        submitted_at=timezone.now(),
        answers={},
        answers_hash="0" * 64,
    )
    of = Assessment.objects.filter(pk=assessment.pk)
    of.update(status=Status.DRAFT)
    of.update(status=Status.SUBMITTED, submission=submission)
    of.update(status=Status.VERIFIED)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "nip"),
        ({"nip": "198609262015051001", "unit_code": "U-Provinsi"}, "unit_code"),
        ({"nip": "198609262015051999"}, "nip"),
        ({"unit_code": "U-?"}, "unit_code"),
        ({"unit": "999999"}, "unit"),
        ({"nip": "198609262015051001", "until": written(2)}, "until"),
        ({"nip": "198609262015051001", "until": ""}, "until"),
        ({"nip": "198609262015051001", "reason": " "}, "reason"),
    ],
)
def test_an_extension_that_cannot_be(client, cycle, fields, field):
    response = extend(client, cycle, **fields)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert extended(cycle) == set()


def test_every_fault_of_an_extension_is_told_at_once(client, cycle):
    nothing = extend(client, cycle, until="", reason="")
    assert nothing.context["form"].errors["nip"] == [
        "Isi salah satu: NIP pegawai, unit, atau kode unit lain."
    ]
    assert sorted(nothing.context["form"].errors) == ["nip", "reason", "until"]
    two = extend(client, cycle, nip="198609262015051001", unit_code="U-Provinsi", reason="")
    assert two.context["form"].errors["unit_code"] == [
        "Isi salah satu saja. Sekarang terisi: NIP pegawai, Kode unit lain."
    ]
    assert sorted(two.context["form"].errors) == ["reason", "unit_code"]


def test_an_extension_that_is_over_before_it_begins(client, cycle):
    Cycle.objects.update(opens_at=local(-9), closes_at=local(-5))
    response = extend(client, cycle, nip="198609262015051001", until=written(-1))
    assert "Pilih waktu yang belum lewat." in text_of(response)


def test_establishing_waits_for_the_end(client, cycle):
    page = client.get(url("cycle_establish", cycle))
    assert "Hasil belum dapat ditetapkan" in text_of(page)
    response = client.post(url("cycle_establish", cycle))
    assert response.status_code == 409
    assert "Hasil baru dapat ditetapkan sesudah periode ditutup" in text_of(response)


def test_establishing_asks_and_then_makes_verified_results_final(client, cycle, assessment):
    _decide(assessment)
    Cycle.objects.update(opens_at=local(-9), closes_at=local(-5))
    assert "1 hasil terverifikasi belum ditetapkan." in text_of(client.get(url("cycle", cycle)))
    asked = text_of(client.get(url("cycle_establish", cycle)))
    assert "Hasil 1 pegawai yang sudah diverifikasi menjadi final." in asked
    assert "Penetapan tidak dapat dibatalkan." in asked

    response = client.post(url("cycle_establish", cycle))
    assert (response.status_code, response["Location"]) == (303, url("cycle", cycle))
    assessment.refresh_from_db()
    assert assessment.status == Status.FINAL
    nothing = text_of(client.get(url("cycle_establish", cycle)))
    assert "Tidak ada hasil terverifikasi yang belum ditetapkan." in nothing
    assert client.post(url("cycle_establish", cycle)).status_code == 303


def test_an_unknown_cycle(client, db):
    assert client.get("/periode/999999/").status_code == 404
