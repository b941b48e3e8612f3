"""The command says what it lacks; its figures are checked on real answers in tests/journeys."""

import io
import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command


def test_a_cycle_that_is_not_there_is_named(db):
    with pytest.raises(CommandError, match="Tidak ada periode berkode NIHIL"):
        call_command("reliability", "NIHIL")


def test_the_web_process_never_loads_statistics():
    check = (
        "import sys, prima_portal.wsgi; from django.urls import get_resolver; "
        "get_resolver().url_patterns; "
        "print(sorted({'pandas', 'statsmodels', 'pingouin', 'krippendorff'} & sys.modules.keys()))"
    )
    found = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.strip().splitlines()[-1] == "[]"


def test_a_cycle_of_one_person_has_no_figures(assessment):
    printed = io.StringIO()
    call_command("reliability", assessment.cycle.code, stdout=printed)
    report = json.loads(printed.getvalue())
    assert report["n"] == 0
    for pillar in report["pillars"].values():
        assert pillar["consistency"]["alpha"]["reason"] == "belum cukup data"
        assert pillar["self_and_reviewer"]["bias"]["reason"] == "belum cukup data"
    assert report["carelessness"]["reason"] == "belum cukup data"
