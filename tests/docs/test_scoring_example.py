"""The worked example of docs/scoring.md is run as it stands. Remedy: correct the document or the code."""

import json
import re

import pytest
from django.conf import settings
from django.core.management import call_command


@pytest.fixture
def blocks():
    """The fenced blocks of the example by their language."""
    text = (settings.BASE_DIR / "docs" / "scoring.md").read_text(encoding="utf-8")
    example = text.split("## A worked example", 1)[1]
    found = re.findall(r"```(\w+)\n(.*?)```", example, re.DOTALL)
    assert sorted(language for language, _ in found) == ["csv", "json", "toml"]
    return dict(found)


def test_example_scores_as_it_says(blocks, tmp_path, capsys):
    instrument, answers = tmp_path / "contoh.toml", tmp_path / "jawaban.csv"
    instrument.write_text(blocks["toml"], encoding="utf-8")
    answers.write_text(blocks["csv"], encoding="utf-8")

    call_command("score_file", instrument, answers)

    assert json.loads(capsys.readouterr().out) == json.loads(blocks["json"])


def test_prose_of_the_example_has_the_figures_of_its_output(blocks):
    text = (settings.BASE_DIR / "docs" / "scoring.md").read_text(encoding="utf-8")
    prose = text.split("**Ani, Melayani.**", 1)[1].split("```json", 1)[0]
    shown = set(re.findall(r'"score": "([0-9.]+)"', blocks["json"]))
    assert set(re.findall(r"\*\*([0-9]+\.[0-9]{2})\*\*", prose)) <= shown
