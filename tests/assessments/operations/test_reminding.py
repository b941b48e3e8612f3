"""Whoever has not handed in is written to in time, once, and never on the last evening."""

import datetime

import pytest
from django.apps import apps
from django.utils import timezone, translation

from accounts.clock import in_words, shown_to
from accounts.enums import TimeZone
from accounts.models import User
from accounts.operations import deliver_letters
from assessments.enums import Status
from assessments.models import Assessment, Cycle, ReminderRound
from assessments.operations import (
    AnswerInput,
    end_extension,
    extend,
    plan_reminders,
    remind_people,
    return_assessment,
    save_answers,
    save_ratings,
    submit,
    withdraw,
)
from audit.models import Event
from tests.assessments.operations.test_deciding import TO_REDO
from tests.assessments.reminders import MONTH, OPENED, end_in, ends, long_ago, rested, told


def test_whoever_has_not_handed_in_is_reminded_once_of_each_day(running):
    assert remind_people() == 2
    assert told() == ["Ani", "Budi"]
    assert remind_people() == 0
    rested()
    assert remind_people() == 0
    assert told() == ["Ani", "Budi"]
    assert Event.objects.filter(verb="cycle.reminding", data__days=2).count() == 1


@pytest.mark.parametrize(("days", "reminded"), [(8, 0), (7, 2), (3, 2), (2, 2)])
def test_seven_days_before_is_the_first_and_one_letter_makes_up_for_what_was_missed(
    running, days, reminded
):
    ends(running, end_in(days))
    assert remind_people() == reminded
    rested()
    assert remind_people() == 0


def test_the_next_day_that_is_planned_brings_the_next_letter(running):
    ends(running, end_in(7))
    remind_people()
    ends(running, end_in(2))
    Assessment.objects.update(reminded_at=timezone.now() - datetime.timedelta(days=5))
    rested()
    assert remind_people() == 2
    assert dict(ReminderRound.objects.values_list("days", "letters")) == {7: 2, 2: 2}


def test_nobody_is_written_to_on_the_last_evening(running):
    ends(running, timezone.now() + datetime.timedelta(hours=11, minutes=59))
    long_ago(reminded_at=None)
    assert remind_people() == 0


def test_the_letter_says_what_until_when_how_far_and_why(running, assessment, ani, mailoutbox):
    save_answers(assessment=assessment, answers={"ALF-01": AnswerInput(value=3)}, by=ani)
    long_ago()
    remind_people()
    deliver_letters()
    (mail,) = [each for each in mailoutbox if each.to == ["ani@contoh.invalid"]]
    at = in_words(end_in(2))
    assert mail.subject == f"Belum diajukan: penilaian PRIMA Anda, paling lambat {at}"
    assert "Penilaian mandiri Anda dalam Semester II 2026 belum diajukan." in mail.body
    assert f"Batas waktu Anda {at}." in mail.body
    assert "1 dari 4 pernyataan dijawab." in mail.body
    assert "Sisanya memerlukan sekitar 5 menit." in mail.body
    assert f"http://localhost:8000/penilaian/{assessment.pk}/" in mail.body
    assert "Hubungi pengelola kepegawaian unit Anda" in mail.body
    assert "Surat ini dikirim karena" in mail.body


@pytest.mark.parametrize("zone", TimeZone)
def test_the_deadline_is_in_the_readers_zone(running, ani, mailoutbox, zone):
    ani.refresh_from_db()
    ani.time_zone = zone
    ani.save()
    remind_people()
    deliver_letters()
    (mail,) = [each for each in mailoutbox if each.to == [ani.email]]
    with shown_to(ani):
        assert in_words(end_in(2)) in mail.body


def test_who_reads_english_is_told_the_moment_in_english(running, ani, mailoutbox):
    ani.refresh_from_db()
    ani.language = "en"
    ani.save()
    remind_people()
    deliver_letters()
    (mail,) = [each for each in mailoutbox if each.to == [ani.email]]
    with translation.override("en"):
        at = in_words(end_in(2))
    assert mail.subject == f"Not submitted yet: your PRIMA assessment, due by {at}"
    assert "0 of 4 statements answered." in mail.body


def test_more_time_is_the_persons_own_deadline(running, assessment, dewi):
    later = end_in(9)
    extend(assessments=Assessment.objects.of(assessment.person), until=later, reason="-", by=dewi)
    assert remind_people() == 1
    assert told() == ["Budi"]
    Assessment.objects.of(assessment.person).update(
        extended_until=end_in(7), reminded_at=timezone.now() - MONTH
    )
    ends(running, timezone.now() - datetime.timedelta(hours=1))
    rested()
    assert remind_people() == 1
    assert told() == ["Ani", "Budi"]


def test_whoever_was_just_told_of_more_time_or_its_end_is_not_reminded_of_it(
    running, assessment, dewi
):
    Assessment.objects.exclude(pk=assessment.pk).update(reminded_at=timezone.now())
    own = Assessment.objects.of(assessment.person)
    extend(assessments=own, until=end_in(3), reason="-", by=dewi)
    assert remind_people() == 0
    end_extension(assessments=own, reason="-", by=dewi)
    rested()
    assert remind_people() == 0


def test_after_the_end_only_those_with_more_time_are_looked_at(running, assessment):
    ends(running, timezone.now() - datetime.timedelta(days=1))
    assert remind_people() == 0
    Assessment.objects.filter(pk=assessment.pk).update(extended_until=end_in(2))
    assert remind_people() == 1
    assert told() == ["Ani"]


def test_whoever_handed_in_is_left_alone_and_after_taking_it_back_until_the_next_day(
    running, assessment, ani
):
    submit(assessment=assessment, by=ani, require_complete=False)
    long_ago()
    assert remind_people() == 1
    assert told() == ["Budi"]
    withdraw(assessment=assessment, by=ani)
    rested()
    assert remind_people() == 0
    long_ago()
    Assessment.objects.exclude(pk=assessment.pk).update(reminded_at=timezone.now())
    rested()
    assert remind_people() == 1


def test_what_was_returned_is_reminded_of_as_such_but_not_at_once(
    handed_in, rated, budi, running, mailoutbox
):
    save_ratings(assessment=handed_in, ratings={"BET-01": TO_REDO}, by=budi)
    return_assessment(assessment=handed_in, by=budi)
    Assessment.objects.exclude(pk=handed_in.pk).update(reminded_at=timezone.now())
    assert remind_people() == 0
    Assessment.objects.filter(pk=handed_in.pk).update(
        status_changed_at=timezone.now() - MONTH, extended_until=end_in(2)
    )
    rested()
    assert remind_people() == 1
    deliver_letters()
    assert "dikembalikan untuk diperbaiki dan belum diajukan lagi" in mailoutbox[-1].body


def test_at_the_opening_those_who_have_not_begun_are_invited(running, assessment, mailoutbox):
    ends(running, end_in(20))
    long_ago(reminded_at=None)
    Assessment.objects.filter(pk=assessment.pk).update(status=Status.DRAFT)
    assert remind_people() == 1
    assert told(OPENED) == ["Budi"]
    deliver_letters()
    (mail,) = mailoutbox
    assert mail.subject == "Penilaian mandiri Semester II 2026 dibuka"
    assert "4 pernyataan" in mail.body
    rested()
    assert remind_people() == 0


def test_before_the_opening_nobody_is_invited(running):
    Cycle.objects.update(opens_at=timezone.now() + datetime.timedelta(hours=1))
    long_ago(reminded_at=None)
    assert remind_people() == 0


def test_who_has_no_address_is_counted_and_passed_over(running, ani):
    User.objects.filter(pk=ani.pk).update(email="")
    assert remind_people() == 2
    assert told() == ["Budi"]
    (sent,) = ReminderRound.objects.all()
    assert (sent.letters, sent.without_address) == (1, 1)


def test_accounts_that_are_switched_off_are_not_written_to(running, ani):
    User.objects.filter(pk=ani.pk).update(is_active=False)
    remind_people()
    assert told() == ["Budi"]
    (sent,) = ReminderRound.objects.all()
    assert (sent.letters, sent.without_address) == (1, 0)


def test_each_cycle_writes_a_letter_of_its_own(running, ani):
    other = Cycle.objects.get(pk=running.pk)
    other.pk, other.code, other.name = None, "2026-S3", "Susulan"
    other._state.adding = True
    other.save()
    first = Assessment.objects.get(cycle=running, person=ani)
    unit = first.unit
    unit.pk, unit.cycle, unit._state.adding = None, other, True
    unit.save()
    moment = timezone.now() - MONTH
    Assessment.objects.create(
        cycle=other, person=ani, unit=unit, status_changed_at=moment, reminded_at=moment
    )
    assert remind_people() == 3
    assert told() == ["Ani", "Ani", "Budi"]


def test_where_no_day_is_chosen_nobody_is_written_to(running, dewi):
    plan_reminders(cycle=running, days=[], by=dewi)
    assert remind_people() == 0
    plan_reminders(cycle=running, days=[2, 5], by=dewi)
    assert remind_people() == 2
    changes = Event.objects.filter(verb="cycle.reminders_planned").order_by("pk")
    assert [(each.data["before"], each.data["after"]) for each in changes] == [
        ([7, 2], []),
        ([], [5, 2]),
    ]


def test_the_same_days_again_are_no_event(running, dewi):
    plan_reminders(cycle=running, days=[2, 7, 7], by=dewi)
    assert not Event.objects.filter(verb="cycle.reminders_planned").exists()


def test_reminding_writes_no_line_of_history(running):
    lines = apps.get_model("assessments", "AssessmentHistory").objects
    before = lines.count()
    assert remind_people() == 2
    assert lines.count() == before
