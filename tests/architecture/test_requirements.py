"""Every dependency says in one line why it is there."""

import re

import pytest

from tests.architecture.source import ROOT


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_requirement_has_its_reason(name):
    """Remedy: `package  # what it does for the portal`."""
    lines = [line for line in (ROOT / name).read_text().splitlines() if line.strip()]
    silent = [line for line in lines if not re.search(r"#\s*\S", line) and line[0] not in "-#"]
    assert silent == [], "\n".join(silent)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_requirement_has_a_hash(name):
    """Remedy: `make lock`."""
    lock = (ROOT / name).read_text()
    pinned = re.findall(
        r"^[A-Za-z0-9._-]+(?:\[[a-z,]+\])?==.*?(?=^[A-Za-z0-9]|\Z)", lock, re.M | re.S
    )
    assert pinned
    assert [entry.split()[0] for entry in pinned if "--hash=sha256:" not in entry] == []


def test_what_is_wanted_is_locked():
    """Remedy: `make lock`."""
    lock = (ROOT / "requirements-dev.txt").read_text().lower().replace("_", "-")
    wanted = [
        re.split(r"[\s\[<>=;#]", line.lower())[0]
        for name in ("requirements.in", "requirements-dev.in")
        for line in (ROOT / name).read_text().splitlines()
        if line.strip() and line[0] not in "-#"
    ]
    locked = {line.split("==")[0].split("[")[0] for line in lock.splitlines() if "==" in line}
    assert sorted(set(wanted) - locked) == []
