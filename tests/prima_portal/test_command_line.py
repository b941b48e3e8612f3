"""manage.py as an operator runs it: exits with 0 or 1, and says in one line what is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SOUND = {
    "SECRET_KEY": "9fK2-vQx7_Lm4Zt8Rb1Wc6Yd3Hn5Jp0Sg-Ue_Ai2Ox-Tk8Fz3Mw",
    "ALLOWED_HOSTS": "prima.example.go.id",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def manage(*arguments, **settings):
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_score_file_runs_where_no_portal_is_set_up(tmp_path):
    answers = tmp_path / "jawaban.csv"
    answers.write_text("respondent,A1\nani,1\n")
    done = manage("score_file", "tests/data/bfi.toml", answers)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["aggregate"]["n"] == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "pendek"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", None),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "bukan alamat"),
        ("DATABASE_URL", "sqlite:///prima.sqlite3"),
        ("REDIS_URL", None),
        ("REDIS_URL", "bukan alamat"),
        ("MIN_GROUP", "1"),
    ],
)
def test_an_unsafe_or_missing_setting_is_named_and_nothing_starts(name, value):
    settings = {**SOUND, name: value}
    done = manage("check", **{key: each for key, each in settings.items() if each is not None})
    assert (done.returncode, done.stdout) == (1, "")
    assert name in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_sound_settings_start():
    assert manage("check", "--deploy", "--fail-level", "WARNING", **SOUND).returncode == 0


def test_a_wrong_command_line_exits_with_one():
    done = manage("score_file", "hanya-satu-berkas.toml")
    assert (done.returncode, done.stdout) == (1, "")
