"""More time is given, told of in the person's own zone, and taken back."""

import datetime

import pytest
from django.utils import timezone

from accounts.enums import TimeZone
from accounts.models import Letter
from accounts.operations import deliver_letters
from assessments.models import Assessment
from assessments.operations import end_extension, extend, return_assessment, save_ratings
from assessments.queries.extensions import extensions_in
from audit.models import Event
from tests.assessments.operations.test_deciding import TO_REDO
from tests.assessments.pages import url
from tests.pages import text_of

UNTIL = datetime.datetime(2040, 1, 1, 15, 30, 59, tzinfo=datetime.UTC)


def give(cycle, by, *, until=UNTIL):
    every = Assessment.objects.filter(cycle=cycle)
    return extend(assessments=every, until=until, reason="Jaringan putus", by=by)


def end(client, cycle, **fields):
    given = {"nip": "", "unit": "", "unit_code": "", "reason": "Salah unit", **fields}
    return client.post(url("cycle_extension_end", cycle), given)


def times(cycle):
    rows = Assessment.objects.filter(cycle=cycle).order_by("person__name")
    return dict(rows.values_list("person__name", "extended_until"))


@pytest.fixture
def extended(cycle, dewi):
    give(cycle, dewi)
    Letter.objects.all().delete()
    return cycle


def test_the_page_says_until_when_more_time_runs_and_for_how_many(client, extended, dewi):
    client.force_login(dewi)
    page = text_of(client.get(url("cycle_extend", extended)))
    people = len(times(extended))
    assert f"Sampai 1 Januari 2040 pukul 22.30 WIB {people} pegawai" in page
    assert "Cabut waktu tambahan" in page


def test_more_time_of_one_person_is_taken_back_and_the_others_keep_theirs(
    client, extended, ani, dewi
):
    client.force_login(dewi)
    response = end(client, extended, nip="19860926 201505 1 001")
    assert (response.status_code, response["Location"]) == (303, url("cycle_extend", extended))
    assert "Waktu tambahan 1 pegawai dicabut." in text_of(client.get(response["Location"]))
    left = times(extended)
    assert left.pop(ani.name) is None
    assert set(left.values()) == {UNTIL}
    event = Event.objects.get(verb="assessment.extension_ended")
    assert (event.actor_id, event.data["reason"]) == (dewi.pk, "Salah unit")


def test_more_time_of_a_whole_unit_is_taken_back(client, extended, units, dewi):
    client.force_login(dewi)
    end(client, extended, unit_code=units.root.code)
    assert set(times(extended).values()) == {None}
    page = text_of(client.get(url("cycle_extension_end", extended)))
    assert "Tidak ada waktu tambahan yang berlaku" in page


def test_time_to_mend_a_return_is_not_taken_back(client, handed_in, rated, budi, dewi):
    save_ratings(assessment=handed_in, ratings={"BET-01": TO_REDO}, by=budi)
    return_assessment(assessment=handed_in, by=budi)
    give(handed_in.cycle, dewi)
    client.force_login(dewi)
    response = end(client, handed_in.cycle, nip=handed_in.person.nip)
    assert response.status_code == 422
    assert "Tidak ada pegawai dengan waktu tambahan yang masih berlaku di sini." in text_of(
        response
    )
    assert times(handed_in.cycle)[handed_in.person.name] == UNTIL


def test_nobody_who_has_no_more_time_loses_any(client, cycle, ani, dewi):
    client.force_login(dewi)
    response = end(client, cycle, nip=ani.nip, reason="")
    assert response.context["form"].errors == {
        "nip": ["Tidak ada pegawai dengan waktu tambahan yang masih berlaku di sini."],
        "reason": ["Tulis alasannya."],
    }


def test_more_time_for_a_unit_shortens_nobodys_own(extended, dewi):
    give(extended, dewi, until=UNTIL - datetime.timedelta(days=1))
    assert set(times(extended).values()) == {UNTIL}
    assert extensions_in(extended) == [(UNTIL, len(times(extended)))]


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        (TimeZone.WIB, "1 Januari 2040 pukul 22.30 WIB"),
        (TimeZone.WITA, "1 Januari 2040 pukul 23.30 WITA"),
        (TimeZone.WIT, "2 Januari 2040 pukul 00.30 WIT"),
    ],
)
def test_the_person_reads_more_time_by_mail_and_page_in_the_own_zone(
    client, cycle, ani, dewi, mailoutbox, zone, at
):
    ani.email, ani.time_zone = "ani@contoh.invalid", zone
    ani.save()
    give(cycle, dewi)
    deliver_letters()
    (mail,) = mailoutbox
    assert mail.subject == "Anda mendapat waktu tambahan di PRIMA"
    assert f"sampai {at}." in mail.body
    client.force_login(ani)
    home = text_of(client.get("/"))
    assert f"sampai {at}" in home
    assert "Waktu Anda lebih panjang daripada penutupan periode" in home


def test_the_person_is_told_which_end_holds_again(extended, ani, dewi, mailoutbox):
    ani.email = "ani@contoh.invalid"
    ani.save()
    end_extension(
        assessments=Assessment.objects.filter(cycle=extended), reason="Salah unit", by=dewi
    )
    deliver_letters()
    (mail,) = mailoutbox
    assert mail.subject == "Waktu tambahan Anda di PRIMA dicabut"
    closes = timezone.localtime(extended.closes_at)
    assert f"Berlaku lagi batas bagi semua pegawai: {closes.day} " in mail.body


def test_whoever_has_handed_in_is_not_written_to_about_time(handed_in, dewi):
    Letter.objects.all().delete()
    give(handed_in.cycle, dewi)
    told = set(Letter.objects.values_list("addressee", flat=True))
    assert told
    assert str(handed_in.person_id) not in told
