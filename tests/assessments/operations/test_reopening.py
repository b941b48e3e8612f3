"""An established result is opened again by two people, with a reason; the old one stays as it was."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from accounts.clock import in_words, shown_to
from accounts.enums import TimeZone
from accounts.models import RoleGrant
from accounts.operations import deliver_letters
from assessments.enums import ReopeningStatus, Status
from assessments.errors import (
    NotEstablished,
    OwnResult,
    ReopeningSettled,
    ReopeningWaits,
    SecondPersonNeeded,
)
from assessments.models import Assessment, Reopening, Score, ScoringJob
from assessments.operations import (
    AnswerInput,
    approve_reopening,
    establish,
    propose_reopening,
    reject_reopening,
    reschedule,
    save_answers,
    score_jobs,
    submit,
    verify,
)
from audit.models import Event
from tests.factories import LONG_AGO, make_user
from tests.pages import text_of

SOON = datetime.timedelta(days=9)


@pytest.fixture
def final(rated, cycle, dewi):
    """Ani's result, verified by Budi, scored, and established."""
    assessment = rated.submission.assessment
    verify(assessment=assessment, by=rated.reviewer)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    end = timezone.now() - datetime.timedelta(seconds=1)
    reschedule(cycle=cycle, closes_at=end, by=dewi)
    establish(cycle=cycle, by=dewi)
    return Assessment.objects.get(pk=assessment.pk)


@pytest.fixture
def proposed(final, dewi):
    return propose_reopening(
        assessment=final, reason="Salah pilih", until=timezone.now() + SOON, by=dewi
    )


def test_a_second_person_opens_it_and_the_answers_are_there_to_mend(final, proposed, eko, ani):
    approve_reopening(reopening=proposed, by=eko)
    final.refresh_from_db()
    assert (final.status, final.submission.sequence) == (Status.RETURNED, 1)
    assert final.deadline == proposed.until
    assert {answer.indicator.code for answer in final.answers.all()} == {
        *("ALF-01", "ALF-02", "BET-01", "BET-02")
    }
    save_answers(assessment=final, answers={"BET-02": AnswerInput(value=4)}, by=ani)
    assert submit(assessment=final, by=ani).sequence == 2


def test_the_old_one_with_its_scores_stays_readable_beside_the_new(
    client, final, proposed, eko, ani, budi
):
    before = {(each.kind, each.total, each.band) for each in Score.objects.all()}
    approve_reopening(reopening=proposed, by=eko)
    save_answers(assessment=final, answers={"BET-02": AnswerInput(value=4)}, by=ani)
    submit(assessment=final, by=ani)
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    old = Score.objects.filter(submission__sequence=1)
    assert {(each.kind, each.total, each.band) for each in old} == before
    earlier = reverse("assessments:earlier_result", args=(final.pk, 1))
    for reader in (ani, budi):
        client.force_login(reader)
        assert (
            earlier in client.get(reverse("assessments:result", args=(final.pk,))).content.decode()
        )
        page = client.get(earlier)
        assert page.status_code == 200
        assert page.context["result"].submission.sequence == 1
        assert page.context["result"].verified.score.total == old.get(kind="VERIFIED").total
    assert client.get(reverse("assessments:earlier_result", args=(final.pk, 2))).status_code == 404


def test_nobody_decides_alone_or_about_themselves(final, proposed, dewi, ani):
    for act in (approve_reopening, reject_reopening):
        with pytest.raises(SecondPersonNeeded):
            act(reopening=proposed, by=dewi)
        with pytest.raises(OwnResult):
            act(reopening=proposed, by=ani)
    final.refresh_from_db()
    assert final.status == Status.FINAL
    proposed.refresh_from_db()
    assert proposed.status == ReopeningStatus.PROPOSED


def test_what_is_decided_stays_decided(final, proposed, eko, budi):
    reject_reopening(reopening=proposed, by=eko)
    with pytest.raises(ReopeningSettled):
        approve_reopening(reopening=proposed, by=budi)
    final.refresh_from_db()
    assert final.status == Status.FINAL


def test_what_cannot_be_proposed(rated, final, proposed, ani, eko, cycle, budi):
    until = timezone.now() + SOON
    with pytest.raises(ReopeningWaits):
        propose_reopening(assessment=final, reason="Lagi", until=until, by=eko)
    with pytest.raises(OwnResult):
        propose_reopening(assessment=final, reason="Saya", until=until, by=ani)
    other = Assessment.objects.filter(cycle=cycle).exclude(pk=final.pk).first()
    with pytest.raises(NotEstablished):
        propose_reopening(assessment=other, reason="Belum", until=until, by=eko)


def test_the_database_refuses_a_way_around(final, proposed, dewi, ani, eko):
    """Raw updates: without a decision, with one's own, a changed one."""
    ways = [
        lambda: Assessment.objects.filter(pk=final.pk).update(status=Status.RETURNED),
        lambda: Reopening.objects.filter(pk=proposed.pk).update(
            status="APPROVED", decided_by=dewi, decided_at=timezone.now()
        ),
        lambda: Reopening.objects.filter(pk=proposed.pk).update(
            status="APPROVED", decided_by=ani, decided_at=timezone.now()
        ),
        lambda: Reopening.objects.filter(pk=proposed.pk).update(status="APPROVED"),
    ]
    for way in ways:
        with pytest.raises(IntegrityError), transaction.atomic():
            way()
    reject_reopening(reopening=proposed, by=eko)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Reopening.objects.filter(pk=proposed.pk).update(reason="Lain")


def test_each_step_is_on_record_with_its_reason(final, proposed, eko, dewi):
    approve_reopening(reopening=proposed, by=eko)
    found = Event.objects.filter(verb__startswith="assessment.reopen").order_by("pk")
    assert list(found.values_list("verb", "actor_id", "subject_id")) == [
        ("assessment.reopening_proposed", dewi.pk, str(final.pk)),
        ("assessment.reopened", eko.pk, str(final.pk)),
    ]
    assert found[0].data["reason"] == "Salah pilih"


def test_the_pages_from_the_proposal_to_the_mended_answer(client, final, cycle, dewi, ani, units):
    """Two curators: one asks by NIP, the other reads why and agrees; the person is told."""
    page = reverse("assessments:cycle_reopen", args=(cycle.pk,))
    client.force_login(dewi)
    assert client.post(page, {"nip": "123", "until": "", "reason": ""}).status_code == 422
    until = (timezone.localtime() + SOON).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(page, {"nip": ani.nip, "until": until, "reason": "Salah pilih level."})
    assert (answer.status_code, answer["Location"]) == (303, page)
    made = Reopening.objects.get()
    decision = reverse("assessments:reopening", args=(made.pk,))
    assert "perlu disetujui pengelola lain" in text_of(client.get(decision))
    refused = client.post(decision, {"decision": "approve"})
    assert refused.status_code == 409
    assert "pengelola lain yang memutuskan" in text_of(refused)

    client.force_login(_another_curator())
    shown = text_of(client.get(decision))
    assert "Salah pilih level." in shown
    assert ani.nip not in shown
    assert client.post(decision, {}).status_code == 422
    assert client.post(decision, {"decision": "approve"}).status_code == 303
    assert client.post(decision, {"decision": "reject"}).status_code == 409

    client.force_login(ani)
    told = text_of(client.get(reverse("assessments:tasks", args=(final.pk,))))
    assert "Hasil Anda dibuka kembali untuk diperbaiki" in told
    assert "Salah pilih level." in told
    reading = Event.objects.filter(verb="person.read").latest("pk")
    assert reading.data["people"] == [ani.pk]
    trail = text_of(client.get(reverse("assessments:trail", args=(final.pk,))))
    assert "Nama dan data Anda dibaca. oleh Pengelola periode" in trail
    assert "oleh Pengelola kepegawaian" not in trail


def _another_curator():
    user = make_user("Ratih Kurator", serial=77)
    RoleGrant.objects.create(user=user, role="CURATOR", valid=DateRange(LONG_AGO, None))
    return user


def test_the_person_is_told_by_mail_what_there_is_to_mend_and_until_when(
    proposed, eko, ani, mailoutbox
):
    ani.email, ani.time_zone = "ani@contoh.invalid", TimeZone.WIT
    ani.save()
    approve_reopening(reopening=proposed, by=eko)
    deliver_letters()
    (mail,) = mailoutbox
    assert mail.subject == "Hasil PRIMA Anda dibuka kembali untuk diperbaiki"
    with shown_to(ani):
        assert f"paling lambat {in_words(proposed.until)}." in mail.body
    assert "Salah pilih" not in mail.body


def test_the_other_cycle_manager_finds_the_proposal_at_home_and_the_proposer_does_not(
    client, proposed, dewi
):
    other = _another_curator()
    client.force_login(other)
    page = client.get("/")
    assert "1 usulan pengelola lain menunggu persetujuan Anda." in text_of(page)
    assert reverse("assessments:reopening", args=(proposed.pk,)) in page.content.decode()
    client.force_login(dewi)
    assert "pengelola lain menunggu persetujuan" not in text_of(client.get("/"))
    reject_reopening(reopening=proposed, by=other)
    client.force_login(other)
    assert "pengelola lain menunggu persetujuan" not in text_of(client.get("/"))


def test_every_page_says_that_it_was_opened_again_and_by_whom_it_was_not_returned(
    client, final, proposed, eko, ani, budi
):
    approve_reopening(reopening=proposed, by=eko)
    client.force_login(ani)
    receipt = text_of(client.get(reverse("assessments:receipt", args=(final.pk,))))
    assert "Hasil pengajuan ini dibuka kembali untuk diperbaiki." in receipt
    assert "dikembalikan atasan" not in receipt
    for reader in (ani, budi):
        client.force_login(reader)
        result = text_of(client.get(reverse("assessments:result", args=(final.pk,))))
        assert "Hasil ini pernah ditetapkan, lalu dibuka kembali untuk diperbaiki." in result
    review = text_of(client.get(reverse("assessments:review", args=(final.pk,))))
    assert "Hasil dibuka kembali oleh pengelola periode" in review
    assert "Dikembalikan oleh" not in review
