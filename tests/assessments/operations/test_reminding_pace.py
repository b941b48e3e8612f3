"""Letters to a whole cycle go out at a pace, once each, whatever breaks on the way."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.enums import LetterKind
from accounts.models import Letter, User
from accounts.operations import deliver_letters
from accounts.operations.queueing import write_to
from assessments.models import Assessment, ReminderRound
from assessments.operations import (
    remind_people,
)
from tests.assessments.reminders import MONTH, rested, told
from tests.factories import make_user


@pytest.fixture
def paced(running, settings):
    """Two people, one a minute."""
    settings.REMINDERS_PER_MINUTE = 1
    return running


def test_no_more_than_so_many_a_minute_and_nobody_is_left_out(paced):
    assert remind_people() == 1
    assert remind_people() == 0  # the first letter still waits for its first try
    Letter.objects.update(attempts=1)
    assert remind_people() == 1
    assert told() == ["Ani", "Budi"]


def test_a_batch_that_broke_off_left_nothing_and_is_repeated(paced):
    remind_people()
    Letter.objects.update(attempts=1)
    with transaction.atomic():
        assert remind_people() == 1
        transaction.set_rollback(True)
    assert told() == ["Ani"]
    assert remind_people() == 1
    assert told() == ["Ani", "Budi"]
    (sent,) = ReminderRound.objects.all()
    assert sent.letters == 2


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_write_one_letter_to_each(running, units):
    for serial in range(20, 40):
        person = make_user(f"P{serial} Uji", serial=serial, email=f"p{serial}@contoh.invalid")
        Assessment.objects.create(
            cycle=running,
            person=person,
            unit=Assessment.objects.filter(cycle=running).first().unit,
            status_changed_at=timezone.now() - MONTH,
            reminded_at=timezone.now() - MONTH,
        )
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        remind_people()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rested()
    remind_people()
    assert len(told()) == len(set(told())) == 22


@pytest.mark.django_db(transaction=True)
def test_whoever_saves_at_this_moment_is_not_waited_for_and_comes_later(running, assessment):
    def work():
        remind_people()
        connection.close()

    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=assessment.pk)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(timeout=30)
        assert not thread.is_alive()
    assert told() == ["Budi"]
    rested()
    assert remind_people() == 1
    assert told() == ["Ani", "Budi"]


def test_while_the_mail_server_is_away_letters_wait_and_go_once_each(running, settings, mailoutbox):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    remind_people()
    assert deliver_letters() == 0
    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 1]
    rested()
    assert remind_people() == 0
    settings.EMAIL_BACKEND = backend
    Letter.objects.update(next_at=timezone.now())
    assert deliver_letters() == 2
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        "ani@contoh.invalid",
        "budi@contoh.invalid",
    ]
    assert deliver_letters() == 0


def test_a_letter_that_waited_past_the_deadline_is_not_sent(running, mailoutbox):
    remind_people()
    past = timezone.now() - datetime.timedelta(minutes=1)
    for letter in Letter.objects.all():
        letter.data["at"] = past.isoformat()
        letter.save()
    assert deliver_letters() == 2
    assert mailoutbox == []


def test_letters_of_one_person_overtake_those_of_a_whole_cycle(running, citra, mailoutbox):
    User.objects.filter(pk=citra.pk).update(email="citra@contoh.invalid")
    remind_people()
    write_to(citra, LetterKind.PASSWORD_CHANGED)
    assert deliver_letters(limit=1) == 1
    assert mailoutbox[0].to == ["citra@contoh.invalid"]
