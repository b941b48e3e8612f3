"""The operator contract of commands: what writes can be tried first, what prints figures prints JSON."""

from argparse import ArgumentParser

import pytest
from django.core.management import get_commands, load_command_class

from tests.architecture.source import PACKAGES

# Changes nothing that lasts, whatever is asked.
READS = {"audit_verify", "breach_report", "reliability", "score_file", "verify_dashboards"}
# Answers with figures rather than with a sentence.
FIGURES = READS | {
    "audit_anchor",
    "backup",
    "destroy_expired",
    "dispatch_pending",
    "export_instrument",
    "grant_application_role",
    "import_acting",
    "import_answers",
    "import_roster",
    "import_units",
    "legal_hold",
    "load_instrument",
    "open_cycle",
    "rebuild_dashboards",
    "restore",
    "seed_demo",
    "sweep_evidence",
}
# May take long: says on a terminal what it is at.
LONG = {
    "audit_verify",
    "backup",
    "import_acting",
    "import_answers",
    "import_roster",
    "import_units",
    "rebuild_dashboards",
    "reliability",
    "restore",
    "score_file",
    "seed_demo",
    "verify_dashboards",
}
OURS = {name: app for name, app in get_commands().items() if app.split(".")[0] in PACKAGES}


def options_of(name: str) -> set[str]:
    """Every option of a command."""
    parser: ArgumentParser = load_command_class(OURS[name], name).create_parser("manage.py", name)
    return set(parser._option_string_actions)


def test_lists_name_commands_that_exist() -> None:
    assert (READS | FIGURES | LONG) - OURS.keys() == set()


@pytest.mark.parametrize("name", sorted(OURS))
def test_what_writes_can_be_tried_first(name: str) -> None:
    """Remedy: `--dry-run`, or a place in READS. Of `migrate`, which is Django's, it is `--plan`."""
    tried = "--plan" if name == "migrate" else "--dry-run"
    assert (tried in options_of(name)) == (name not in READS)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_what_prints_figures_prints_json(name: str) -> None:
    """Remedy: `--format json`."""
    assert "--format" in options_of(name)


@pytest.mark.parametrize("name", sorted(LONG))
def test_what_takes_long_can_speak_to_a_terminal(name: str) -> None:
    """Remedy: a `RichCommand` with `self.console.status(…)`; elsewhere than on a terminal it is silent."""
    assert hasattr(load_command_class(OURS[name], name), "make_rich_console")
