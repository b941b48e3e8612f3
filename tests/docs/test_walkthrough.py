"""docs/walkthrough.md prints what its commands print, up to the opened cycle; a journey test goes on."""

import io
import re
import shlex

import pytest
from django.conf import settings
from django.core.management import call_command

from assessments.models import Assessment, Cycle
from assessments.queries import reviewer_of

SECTIONS = ("2. Units, people, acting heads", "3. The instrument", "4. A cycle")
RIZKY, DEWI = "199111032013011001", "197307232006012001"


def steps():
    """The commands of the sections with the output that the document gives for them."""
    text = (settings.BASE_DIR / "docs" / "walkthrough.md").read_text(encoding="utf-8")
    for heading in SECTIONS:
        section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
        found = re.search(r"```sh\n(.*?)```\s+```\n(.*?)```", section, re.DOTALL)
        commands = found[1].replace("\\\n", " ").splitlines()
        yield [shlex.split(line)[2:] for line in commands], found[2]


@pytest.mark.django_db
def test_the_commands_print_what_the_document_says(monkeypatch):
    monkeypatch.chdir(settings.BASE_DIR)
    for commands, expected in steps():
        output = io.StringIO()
        for name, *arguments in commands:
            call_command(name, *arguments, stdout=output)
        assert output.getvalue() == expected

    assessment = Assessment.objects.get(cycle=Cycle.objects.get(code="2026-S2"), person__nip=RIZKY)
    assert assessment.unit.name == "Seksi Standardisasi"
    assert reviewer_of(assessment).nip == DEWI
