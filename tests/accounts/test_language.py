"""Indonesian until somebody chooses; then what was chosen, on every device."""

import pytest

from tests.factories import PASSWORD

CHOOSE = "/bahasa/"
SIGN_IN = "/akun/masuk/"


def language_of(response):
    return response["Content-Language"]


@pytest.mark.parametrize("asked", ["en-US,en;q=0.9", "de", ""])
def test_what_the_browser_asks_for_is_not_read(client, db, asked):
    response = client.get(SIGN_IN, headers={"accept-language": asked})
    assert language_of(response) == "id"
    assert '<html lang="id"' in response.text


def test_anybody_chooses_by_a_cookie(client, db):
    response = client.post(CHOOSE, {"language": "en", "next": SIGN_IN})
    assert (response.status_code, response["Location"]) == (302, SIGN_IN)
    assert language_of(client.get(SIGN_IN)) == "en"


def test_the_choice_goes_with_the_person_to_another_device(client, ani):
    ani.set_password(PASSWORD)
    ani.save()
    client.force_login(ani)
    client.post(CHOOSE, {"language": "en", "next": "/akun/"})
    ani.refresh_from_db()
    assert ani.language == "en"

    elsewhere = client.__class__()
    elsewhere.post(SIGN_IN, {"login": ani.nip, "password": PASSWORD})
    assert language_of(elsewhere.get("/")) == "en"


def test_without_a_choice_signing_in_changes_nothing(client, ani):
    ani.set_password(PASSWORD)
    ani.save()
    client.post(SIGN_IN, {"login": ani.nip, "password": PASSWORD})
    assert language_of(client.get("/")) == "id"


@pytest.mark.parametrize("language", ["de", "xx", "", "../en"])
def test_other_languages_are_not_kept(client, ani, language):
    client.force_login(ani)
    client.post(CHOOSE, {"language": language})
    ani.refresh_from_db()
    assert ani.language == ""
    assert language_of(client.get("/")) == "id"


def test_a_link_cannot_change_it(client, ani):
    assert client.get(CHOOSE, {"language": "en"}).status_code == 405
