"""A NIP that was wrong in the roster: what changes with it, what stays, and who is kept out."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.enums import LinkPurpose
from accounts.errors import NipTaken
from accounts.models import FormerNip, PasswordLink
from accounts.operations import correct_nip, make_link
from assessments.models import Assessment
from audit.models import Event
from tests.factories import PASSWORD

RIGHT = "198609262015051888"


@pytest.fixture
def ani(ani):
    ani.set_password(PASSWORD)
    ani.save()
    return ani


def sign_in(name):
    browser = Client()
    browser.post("/akun/masuk/", {"login": name, "password": PASSWORD})
    return browser


def is_in(browser):
    return browser.get("/").status_code == 200


def test_the_person_signs_in_by_the_right_one_and_no_longer_by_the_wrong_one(ani):
    wrong = ani.nip
    before = sign_in(wrong)
    assert is_in(before)
    correct_nip(user=ani, nip=RIGHT, by=None)
    assert (is_in(before), is_in(sign_in(wrong)), is_in(sign_in(RIGHT))) == (False, False, True)


def test_what_the_person_has_stays_and_a_link_that_waits_ends(assessment, ani):
    make_link(user=ani, purpose=LinkPurpose.RESET)
    correct_nip(user=ani, nip=RIGHT, by=None)
    assert list(Assessment.objects.of(ani)) == [assessment]
    assert ani.postings.count() == 1
    assert not PasswordLink.objects.exists()


def test_the_event_names_the_account_and_no_nip(ani):
    wrong = ani.nip
    correct_nip(user=ani, nip=RIGHT, by=None)
    event = Event.objects.get(verb="user.nip_corrected")
    assert (event.subject_type, event.subject_id) == ("accounts.User", str(ani.pk))
    assert event.data == {"kept": True, "count": 0}
    assert list(FormerNip.objects.values_list("user", "nip")) == [(ani.pk, wrong)]


def test_the_wrong_one_of_somebody_else_keeps_nobody_out(ani, capsys):
    wrong = ani.nip
    call_command("correct_nip", wrong, RIGHT, "--of-somebody-else")
    assert "NIP diperbaiki" in capsys.readouterr().out
    assert not FormerNip.objects.exists()


def test_the_same_again_changes_nothing(ani):
    correct_nip(user=ani, nip=RIGHT, by=None)
    correct_nip(user=ani, nip=RIGHT, by=None)
    assert Event.objects.filter(verb="user.nip_corrected").count() == 1


def test_back_again_after_a_mistake(ani):
    wrong = ani.nip
    correct_nip(user=ani, nip=RIGHT, by=None)
    correct_nip(user=ani, nip=wrong, by=None)
    ani.refresh_from_db()
    assert (ani.nip, ani.username) == (wrong, wrong)


def test_one_that_somebody_has_or_had_is_refused_with_what_to_do(ani, budi):
    with pytest.raises(NipTaken, match=r"Budi Santosa.*Periksa NIP-nya pada SK"):
        correct_nip(user=ani, nip=budi.nip, by=None)
    budi.former_nips.create(nip=RIGHT)
    with pytest.raises(NipTaken, match="Budi Santosa"):
        correct_nip(user=ani, nip=RIGHT, by=None)


def test_trying_it_writes_nothing(ani, capsys):
    call_command("correct_nip", ani.nip, RIGHT, "--dry-run")
    assert "uji coba" in capsys.readouterr().out
    ani.refresh_from_db()
    assert ani.nip != RIGHT
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("tidak-ada", RIGHT, "Tidak ada akun"),
        ("198609262015051001", "1986", "18 angka"),
        ("198609262015051001", "198613262015051888", "bukan tanggal lahir"),
    ],
)
def test_the_command_refuses_in_words(ani, wrong, right, words):
    with pytest.raises(CommandError, match=words):
        call_command("correct_nip", wrong, right)
