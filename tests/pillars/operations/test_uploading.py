"""Files on the queue: read once, by whoever comes first; never lost, never kept."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import RoleGrant
from exchange.files import FileRefused
from pillars.files import write_toml
from pillars.models import Instrument, Upload
from pillars.operations import dispatch_uploads, keep_upload, read_upload

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def waiting(db, skm, dewi):
    """A file whose announcement got lost."""
    upload = keep_upload(content=write_toml(skm).encode(), name="skm.toml", replace=False, by=dewi)
    Upload.objects.update(announced_at=None)
    return upload


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_worker_reads_what_was_sent_in(celery_worker, eventually, skm, dewi):
    keep_upload(content=write_toml(skm).encode(), name="skm.toml", replace=False, by=dewi)
    assert eventually(lambda: Upload.objects.exclude(finished_at=None).first()).problem == ""
    assert Instrument.objects.get().created_by == dewi


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_the_sweep_finds_what_nobody_announced(celery_worker, eventually, waiting):
    Upload.objects.update(uploaded_at=timezone.now() - MINUTE)
    assert dispatch_uploads() == 1
    assert eventually(lambda: Instrument.objects.exists() and not Upload.objects.waiting().exists())


def test_the_sweep_leaves_the_fresh_the_announced_and_the_finished(waiting):
    assert dispatch_uploads() == 0
    Upload.objects.update(uploaded_at=timezone.now() - MINUTE, announced_at=timezone.now())
    assert dispatch_uploads() == 0
    Upload.objects.update(announced_at=timezone.now() - 10 * MINUTE)
    assert dispatch_uploads() == 1
    Upload.objects.update(announced_at=None, finished_at=timezone.now())
    assert dispatch_uploads() == 0


def test_the_same_file_delivered_again_changes_nothing(waiting):
    assert read_upload(waiting.pk)
    before = Upload.objects.values().get()
    assert not read_upload(waiting.pk)
    assert Upload.objects.values().get() == before
    assert Instrument.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_redis_the_file_is_kept_all_the_same(skm, dewi, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("pillars.operations.uploading.current_app.send_task", away)
    keep_upload(content=write_toml(skm).encode(), name="skm.toml", replace=False, by=dewi)
    assert Upload.objects.waiting().count() == 1


def test_a_duty_that_ended_meanwhile_loads_nothing(waiting):
    RoleGrant.objects.all().delete()
    read_upload(waiting.pk)
    assert "sudah berakhir" in Upload.objects.get().problem
    assert not Instrument.objects.exists()


def test_a_reader_that_runs_out_of_memory_or_time_is_told_of(waiting, monkeypatch):
    """The bomb itself is in tests/exchange; here the process that read it died."""

    def killed(read, **limits):
        raise FileRefused([])

    monkeypatch.setattr("pillars.files.apart", killed)
    assert read_upload(waiting.pk)
    assert (bytes(Upload.objects.get().content), Instrument.objects.exists()) == (b"", False)


def test_a_file_that_ends_its_worker_each_time_is_given_up(waiting):
    Upload.objects.update(attempts=3)
    read_upload(waiting.pk)
    ((_place, reason),) = Upload.objects.get().faults
    assert "berulang kali tidak selesai dibaca" in reason


def test_words_are_in_the_language_of_whoever_sent_it(waiting, dewi):
    dewi.language = "en"
    dewi.save()
    Upload.objects.update(content=b"bukan toml")
    read_upload(waiting.pk)
    assert Upload.objects.get().problem != ""


def test_what_came_of_a_file_is_kept_for_thirty_days(waiting):
    read_upload(waiting.pk)
    Upload.objects.update(finished_at=timezone.now() - datetime.timedelta(days=31))
    dispatch_uploads()
    assert not Upload.objects.exists()
