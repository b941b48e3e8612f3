"""`dispatch_pending` as an operator types it."""

import datetime
import json

import pytest
from django.core.management import call_command

from assessments.models import ScoringJob

LONG_AGO_MOMENT = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "dikirim ke pekerja: 0\n"),
        (["--retry-failed"], "dikembalikan ke antrean: 0\ndikirim ke pekerja: 0\n"),
    ],
)
def test_it_says_how_many_were_published(db, capsys, arguments, said):
    call_command("dispatch_pending", *arguments)
    assert capsys.readouterr().out == said


def test_the_figures_as_json(db, capsys):
    call_command("dispatch_pending", "--format", "json")
    assert json.loads(capsys.readouterr().out) == {"retried": 0, "published": 0, "dry_run": False}


def test_a_dry_run_counts_and_leaves_everything(handed_in, capsys):
    ScoringJob.objects.update(requested_at=LONG_AGO_MOMENT, dispatched_at=None)
    call_command("dispatch_pending", "--dry-run", "--format", "json")
    assert json.loads(capsys.readouterr().out) == {
        "retried": 0,
        "published": 1,
        "dry_run": True,
    }
    call_command("dispatch_pending", "--dry-run", "--retry-failed")
    assert capsys.readouterr().out == (
        "akan dikembalikan ke antrean: 0\nakan dikirim ke pekerja: 1\n"
    )
    assert ScoringJob.objects.get().dispatched_at is None
