"""`dispatch_pending` as an operator types it."""

import json

import pytest
from django.core.management import call_command


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
    assert json.loads(capsys.readouterr().out) == {"retried": 0, "published": 0}
