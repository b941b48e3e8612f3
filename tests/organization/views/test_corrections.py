"""Pages on which people ask for corrections and the personnel office answers."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from audit.models import Event
from organization.enums import CorrectionItem
from organization.models import CorrectionRequest, HrMandate
from organization.operations import ask_for_correction, decide_correction
from tests.aging import move_back
from tests.factories import LONG_AGO, make_user, post
from tests.pages import document_in, text_of

OWN = reverse("organization:corrections")
LIST = reverse("organization:correction_requests")
FORM = {"item": "RANK", "requested": "III/c, bukan III/b", "reference": "SK 12"}


@pytest.fixture
def hesti(units):
    """The personnel office of Ani's unit; reads in Papua's time."""
    user = make_user("Hesti Rahayu", serial=7, time_zone="Asia/Jayapura")
    post(user, units.root)
    HrMandate.objects.create(user=user, unit=units.ani, valid=DateRange(LONG_AGO, None))
    return user


@pytest.fixture
def asked(ani):
    return ask_for_correction(
        item=CorrectionItem.RANK, requested="III/c, bukan III/b", reference="SK 12", by=ani
    )


def one(correction):
    return reverse("organization:correction_request", args=(correction.pk,))


def test_a_request_is_sent_from_data_saya_and_read_there_with_its_deadline(client, ani):
    client.force_login(ani)
    assert OWN in client.get("/akun/data/").content.decode()
    assert client.post(OWN, FORM).status_code == 303
    text = text_of(client.get(OWN))
    assert "Golongan" in text
    assert "Dijawab paling lambat" in text
    assert "WIB" in text
    data = document_in(client.post("/akun/data/berkas/"))
    assert [each["requested"] for each in data["correction_requests"]] == ["III/c, bukan III/b"]


def test_what_is_missing_is_named_and_nothing_is_lost(client, ani):
    client.force_login(ani)
    response = client.post(OWN, FORM | {"requested": ""})
    assert response.status_code == 422
    assert "Tulis bagaimana seharusnya." in text_of(response)
    assert "SK 12" in response.content.decode()
    assert not CorrectionRequest.objects.exists()


def test_a_second_about_the_same_datum_is_refused_with_what_to_do(client, ani, asked):
    client.force_login(ani)
    response = client.post(OWN, FORM | {"requested": "IV/a"})
    assert (response.status_code, "Tarik dahulu" in text_of(response)) == (409, True)
    assert "IV/a" in response.content.decode()


def test_the_person_takes_it_back_and_others_cannot(client, ani, budi, asked):
    url = reverse("organization:correction_withdraw", args=(asked.pk,))
    client.force_login(budi)
    assert client.post(url).status_code == 404
    client.force_login(ani)
    assert client.post(url).status_code == 303
    asked.refresh_from_db()
    assert asked.status == "WITHDRAWN"


def test_the_office_reads_each_deadline_in_its_own_zone(client, asked, hesti):
    client.force_login(hesti)
    assert "WIT" in text_of(client.get(LIST))


def test_what_is_late_is_marked_for_both_sides(client, asked, ani, hesti):
    move_back(asked, hours=80)
    for person, page in ((hesti, LIST), (ani, OWN)):
        client.force_login(person)
        assert "Lewat batas" in text_of(client.get(page))


def test_the_office_answers_and_the_person_reads_it(client, asked, ani, hesti):
    client.force_login(hesti)
    assert "III/c, bukan III/b" in text_of(client.get(one(asked)))
    answer = {"decision": "REJECTED", "answer": "SK 12 milik orang lain."}
    assert client.post(one(asked), answer).status_code == 303
    client.force_login(ani)
    assert "SK 12 milik orang lain." in text_of(client.get(OWN))


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("ani@contoh.invalid", "Pegawai diberi tahu lewat surel."),
        ("", "Ani Lestari belum punya surel dinas: beri tahu langsung."),
    ],
)
def test_the_office_is_told_whether_the_person_was(client, asked, ani, hesti, email, words):
    type(ani).objects.filter(pk=ani.pk).update(email=email)
    client.force_login(hesti)
    answer = {"decision": "ACCEPTED", "answer": "Sudah."}
    assert words in text_of(client.post(one(asked), answer, follow=True))


def test_reading_a_request_is_on_record_and_the_person_finds_it(client, asked, ani, hesti):
    client.force_login(hesti)
    client.get(one(asked))
    event = Event.objects.get(verb="person.read")
    assert event.data == {"people": [ani.pk], "where": "organization:correction_request"}


def test_an_answer_without_words_is_refused(client, asked, hesti):
    client.force_login(hesti)
    response = client.post(one(asked), {"decision": "ACCEPTED", "answer": " "})
    assert response.status_code == 422
    assert "Tulis apa yang Anda perbaiki" in text_of(response)


def test_whoever_comes_second_reads_that_it_is_settled(client, asked, hesti, units):
    other = make_user("Rini", serial=9)
    HrMandate.objects.create(user=other, unit=units.root, valid=DateRange(LONG_AGO, None))
    decide_correction(correction=asked, status="ACCEPTED", answer="Sudah.", by=other)
    client.force_login(hesti)
    response = client.post(one(asked), {"decision": "REJECTED", "answer": "Tidak."})
    assert response.status_code == 409
    assert "sudah selesai" in text_of(response)


def test_heads_and_strangers_read_nothing(client, asked, budi, citra, dewi, eko):
    for person in (budi, citra, dewi, eko):
        client.force_login(person)
        assert (client.get(LIST).status_code, client.get(one(asked)).status_code) == (404, 404)
