"""What the portal is made of: no unsafe call in the source, and a list of parts that can be remade."""

import json
import subprocess
import sys

from django.conf import settings


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_unsafe_call_stands_without_a_reason():
    outcome = run("bandit", "-q", "-r", ".")
    assert outcome.returncode == 0, outcome.stdout


def test_the_list_of_parts_is_the_same_each_time_and_has_hashes():
    command = ("cyclonedx_py", "requirements", "requirements.txt", "--output-reproducible")
    first, second = run(*command), run(*command)
    assert first.stdout == second.stdout
    parts = {part["name"]: part for part in json.loads(first.stdout)["components"]}
    locked = (settings.BASE_DIR / "requirements.txt").read_text(encoding="utf-8")
    names = {line.split("==")[0].split("[")[0] for line in locked.splitlines() if "==" in line}
    assert {name.lower() for name in parts} == {name.strip().lower() for name in names}
    assert parts["django"]["externalReferences"][0]["hashes"] != []
