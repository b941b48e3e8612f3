"""The personnel office invites the people of its units, and nobody else."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.clock import portal_today
from accounts.models import Letter, PasswordLink
from accounts.operations import deliver_letters
from audit.models import Event
from organization.models import HrMandate
from organization.operations import invite_people
from organization.queries import count_by_entry
from tests.factories import LONG_AGO, PASSWORD, make_unit, make_user, post
from tests.pages import text_of

PAGE = "/undangan/"


@pytest.fixture
def section(units):
    return make_unit("Seksi Arsip", parent=units.ani, kind="SEKSI")


@pytest.fixture
def people(units, section):
    """One of each standing in Ani's unit, one below it, one elsewhere."""
    made = {
        "gita": make_user("Gita", serial=21, email="gita@contoh.invalid"),
        "yoga": make_user("Yoga", serial=22),
        "mira": make_user("Mira", serial=23, email="mira@contoh.invalid", password=PASSWORD),
        "nana": make_user("Nana", serial=24, email="nana@contoh.invalid", is_active=False),
    }
    for person in made.values():
        post(person, units.ani)
    made["tari"] = make_user("Tari", serial=25, email="tari@contoh.invalid")
    post(made["tari"], section)
    made["oki"] = make_user("Oki", serial=26, email="oki@contoh.invalid")
    post(made["oki"], units.citra)
    return made


@pytest.fixture
def hesti(units, client):
    """Mends personnel data of Ani's unit and below; signed in."""
    user = make_user("Hesti Rahmawati", serial=8, password=PASSWORD)
    post(user, units.root)
    HrMandate.objects.create(user=user, unit=units.ani, valid=DateRange(LONG_AGO, None))
    client.force_login(user)
    return user


def send(client, unit, reach="BELOW", **more):
    return client.post(f"{PAGE}{unit.pk}/kirim/", {"reach": reach, **more})


def addressees():
    return sorted(Letter.objects.values_list("addressee", flat=True))


def test_the_page_counts_before_anything_is_sent(client, hesti, people):
    text = text_of(client.get(PAGE))
    assert "Bidang Pelayanan" in text
    assert "Dapat diundang 2 " in text
    assert "Sudah diundang, belum membuat kata sandi 0 " in text
    assert "Tidak dapat diundang: tanpa surel dinas 1 " in text
    assert "Tidak dapat diundang: akun tidak aktif 1 " in text
    assert "Sudah punya kata sandi 1 " in text
    assert "Yoga Bidang Pelayanan" in text
    assert Letter.objects.count() == 0


def test_whoever_has_no_password_is_sent_a_letter_in_the_whole_subtree(
    client, hesti, people, units, mailoutbox
):
    answer = send(client, units.ani)
    assert answer.status_code == 303
    assert answer["Location"] == f"{PAGE}?unit={units.ani.pk}&reach=BELOW"
    assert "2 undangan masuk antrean surat" in text_of(client.get(answer["Location"]))
    deliver_letters()
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        "gita@contoh.invalid",
        "tari@contoh.invalid",
    ]
    events = Event.objects.filter(verb="account.invited")
    assert set(events.values_list("actor_id", "subject_id")) == {
        (hesti.pk, str(people[name].pk)) for name in ("gita", "tari")
    }


def test_one_unit_alone_leaves_those_below(client, hesti, people, units):
    send(client, units.ani, reach="ALONE")
    assert addressees() == [str(people["gita"].pk)]


def test_sending_twice_sends_once_also_after_the_letters_left(client, hesti, people, units):
    for _ in range(2):
        send(client, units.ani)
    assert Letter.objects.count() == 2
    deliver_letters()
    send(client, units.ani)
    assert Letter.objects.count() == 0
    assert count_by_entry({units.ani.pk}, portal_today()) == {
        "READY": 0,
        "INVITED": 1,
        "UNREACHABLE": 1,
        "INACTIVE": 1,
        "ENTERED": 1,
    }


def test_inviting_again_reaches_only_those_who_were_invited(client, hesti, people, units):
    send(client, units.ani, reach="ALONE")
    deliver_letters()
    before = PasswordLink.objects.get().digest
    send(client, units.ani, again="1")
    assert addressees() == [str(people["gita"].pk)]
    deliver_letters()
    assert PasswordLink.objects.get().digest != before


def test_a_unit_outside_the_mandate_does_not_exist(client, hesti, people, units):
    for unit in (units.citra, units.root):
        assert send(client, unit).status_code == 404
        page = text_of(client.get(f"{PAGE}?unit={unit.pk}&reach=BELOW"))
        assert "Unit itu tidak ada dalam wewenang Anda. Pilih dari daftar." in page
        assert "Dapat diundang" not in page
    assert Letter.objects.count() == 0


def test_the_operation_itself_passes_over_what_is_not_in_the_mandate(hesti, people, units):
    today = portal_today()
    everywhere = {units.root.pk, units.ani.pk, units.citra.pk}
    assert invite_people(units=everywhere, on=today, by=hesti) == 1
    assert addressees() == [str(people["gita"].pk)]


def test_without_a_mandate_the_page_does_not_exist(client, people, units, citra, dewi):
    for person in (citra, dewi, people["gita"]):
        client.force_login(person)
        assert client.get(PAGE).status_code == 404
        assert send(client, units.ani).status_code == 404


def test_a_mandate_that_ended_yesterday_is_over(client, hesti, people, units):
    hesti.hr_mandates.update(valid=DateRange(LONG_AGO, portal_today()))
    assert client.get(PAGE).status_code == 404
    assert invite_people(units={units.ani.pk}, on=portal_today(), by=hesti) == 0


def test_who_is_listed_by_name_is_on_record(client, hesti, people):
    client.get(PAGE)
    event = Event.objects.get(verb="person.read")
    assert event.data == {"people": [people["yoga"].pk], "where": "organization:invitations"}


def test_the_page_costs_the_same_however_many_there_are(
    client, hesti, people, units, django_assert_num_queries
):
    for serial in range(40, 70):
        post(make_user(f"Pegawai {serial}", serial=serial), units.ani)
    client.get(PAGE)
    with django_assert_num_queries(13):
        client.get(PAGE)
