"""The deadline is a closed interval: the very instant is in time, a millisecond later is not."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from assessments.errors import DeadlinePassed
from assessments.models import Assessment
from assessments.operations.locking import Held, hold

MILLISECOND = datetime.timedelta(milliseconds=1)


@pytest.mark.parametrize("early", [MILLISECOND, datetime.timedelta()])
def test_up_to_the_deadline_itself_is_in_time(assessment, early):
    Held(assessment, assessment.deadline - early).require_open()


def test_a_millisecond_later_is_refused_with_the_deadline_in_words(assessment):
    with pytest.raises(DeadlinePassed, match="WIB"):
        Held(assessment, assessment.deadline + MILLISECOND).require_open()


def test_a_persons_own_extension_is_closed_too(assessment):
    assessment.extended_until = assessment.deadline + datetime.timedelta(days=1)
    Held(assessment, assessment.extended_until).require_open()
    with pytest.raises(DeadlinePassed):
        Held(assessment, assessment.extended_until + MILLISECOND).require_open()


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_lock_arrived_before_waiting(assessment, eventually):
    """The database's time at arrival decides, however long the queue is."""

    def ask():
        try:
            with transaction.atomic():
                return hold(assessment.pk).arrived_at
        finally:
            connection.close()

    def ask_database(question):
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]

    waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Assessment.objects.select_for_update().get(pk=assessment.pk)
            asked = pool.submit(ask)
            eventually(lambda: ask_database(waiting) == 1)
            deadline = ask_database("SELECT clock_timestamp()")
        arrived_at = asked.result()
    assessment.extended_until = assessment.cycle.closes_at = deadline
    assert arrived_at < deadline
    Held(assessment, arrived_at).require_open()
