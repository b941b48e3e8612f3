"""The account page: what the portal holds about the person's place, and what they can change."""

from tests.factories import make_user
from tests.pages import text_of

PROFILE = "/akun/"


def page(client, user):
    client.force_login(user)
    response = client.get(PROFILE)
    assert response.status_code == 200
    return text_of(response)


def test_name_number_unit_post_and_supervisor(client, ani, budi):
    text = page(client, ani)
    assert "NIP 19860926 201505 1 001" in text
    assert "Unit kerja Bidang Pelayanan" in text
    assert "Jabatan Analis Kebijakan" in text
    assert "Atasan Drs. Budi Santosa, M.Si." in text
    assert "Belum tercatat" in text


def test_at_the_top_there_is_no_supervisor(client, budi):
    assert "Tidak ada atasan yang tercatat" in page(client, budi)


def test_without_a_post(client, db):
    rater = make_user("Gubernur", serial=9, nip=None, username="gubernur", email="g@contoh.invalid")
    text = page(client, rater)
    assert "Nama masuk gubernur" in text
    assert "Tidak ada jabatan yang tercatat hari ini" in text
    assert "g@contoh.invalid" in text


def test_anonymous_people_sign_in_first(client, db):
    response = client.get(PROFILE)
    assert (response.status_code, response["Location"]) == (302, "/akun/masuk/?next=/akun/")
