"""The deadline is a closed interval: the very instant is in time, a millisecond later is not."""

import datetime

import pytest

from assessments.errors import DeadlinePassed
from assessments.operations.locking import Held

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
