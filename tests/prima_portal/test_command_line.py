"""manage.py as an operator runs it: exits with 0 or 1, and says in one line what is missing."""

import json
import os
import signal
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


@pytest.fixture
def many(tmp_path):
    """More output than a pipe holds."""
    path = tmp_path / "banyak.csv"
    path.write_text("respondent,A1\n" + "".join(f"r{n},1\n" for n in range(2_000)))
    return path


def started(*arguments, **streams):
    return subprocess.Popen(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"]},
        stderr=subprocess.PIPE,
        text=True,
        # Whoever started the tests may have it ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # no threads here
        **streams,
    )


def test_a_reader_that_leaves_early_is_no_failure_of_the_program(many):
    with started("score_file", "tests/data/bfi.toml", many, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline().startswith('{"instrument"')
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == ("", 1)


def test_a_full_disk_is_said_in_a_sentence(many):
    with (
        Path("/dev/full").open("w") as full,
        started("score_file", "tests/data/bfi.toml", many, stdout=full) as process,
    ):
        said = process.stderr.read()
    assert process.returncode == 1
    assert said == "Tempat penyimpanan penuh: hasilnya tidak tertulis seluruhnya.\n"


def test_an_interrupted_command_says_so_and_prints_nothing(tmp_path):
    waits = tmp_path / "pipa"
    os.mkfifo(waits)
    with started("score_file", "tests/data/bfi.toml", waits, stdout=subprocess.PIPE) as process:
        with waits.open("w"):  # opens once the command waits for the answers
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 1
        assert process.stdout.read() == ""
        assert process.stderr.read() == "Dihentikan sebelum selesai.\n"
