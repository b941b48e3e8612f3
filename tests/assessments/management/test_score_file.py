"""`score_file`: the JSON of the operator contract, from files alone."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pillars.files import read_toml, structure_hash, write_xlsx
from tests import bfi

INSTRUMENT = """
[instrument]
code = "UJI"
version = "2026.1"
title = "Instrumen uji"
conversion = "share-of-maximum"
minimum_coverage = 0.6
decimals = 2

[[scale]]
value = 1
[[scale]]
value = 2
[[scale]]
value = 3
[[scale]]
value = 4

[[bands]]
code = "A"
label = "Sangat baik"
lower = "88.31"
[[bands]]
code = "D"
label = "Tidak baik"
lower = "25.00"

[[pillars]]
code = "P"
name = "Pilar pertama"
weight = 2
[[pillars.indicators]]
code = "P-1"
statement = "Pernyataan"
[[pillars.indicators]]
code = "P-2"
statement = "Pernyataan"
not_applicable = true

[[pillars]]
code = "Q"
name = "Pilar kedua"
weight = 1
[[pillars.indicators]]
code = "Q-1"
statement = "Pernyataan"
reversed = true
"""
ANSWERS = "respondent,P-1,P-2,Q-1\nani,4,NA,1\nbudi,3,,2\ncitra,,,\nfajar,4,3,3\n"


def run(tmp_path, answers, instrument=INSTRUMENT):
    (tmp_path / "instrumen.toml").write_text(instrument, encoding="utf-8")
    content = answers if isinstance(answers, bytes) else answers.encode()
    (tmp_path / "jawaban.csv").write_bytes(content)
    output = io.StringIO()
    try:
        call_command(
            "score_file", tmp_path / "instrumen.toml", tmp_path / "jawaban.csv", stdout=output
        )
    except CommandError:
        assert output.getvalue() == ""
        raise
    return json.loads(output.getvalue())


def scored(score, band, answered, not_applicable, missing):
    figure = {"score": score, "band": band}
    if score is None:
        figure["reason"] = "no-answers" if answered == 0 else "coverage"
    return figure | {"answered": answered, "not_applicable": not_applicable, "missing": missing}


def test_the_output_is_that_of_the_contract(tmp_path):
    result = run(tmp_path, ANSWERS)
    assert result == {
        "instrument": {
            "code": "UJI",
            "version": "2026.1",
            "structure_hash": structure_hash(read_toml(INSTRUMENT.encode())),
        },
        "respondents": [
            {
                "respondent": "ani",
                "total": {"score": "100.00", "band": "A"},
                "pillars": {
                    "P": scored("100.00", "A", 1, 1, 0),
                    "Q": scored("100.00", "A", 1, 0, 0),
                },
            },
            {
                "respondent": "budi",
                "total": {"score": None, "band": None, "reason": "coverage"},
                "pillars": {"P": scored(None, None, 1, 0, 1), "Q": scored("75.00", "D", 1, 0, 0)},
            },
            {
                "respondent": "citra",
                "total": {"score": None, "band": None, "reason": "no-answers"},
                "pillars": {"P": scored(None, None, 0, 0, 2), "Q": scored(None, None, 0, 0, 1)},
            },
            {
                "respondent": "fajar",
                "total": {"score": "75.00", "band": "D"},
                "pillars": {"P": scored("87.50", "D", 2, 0, 0), "Q": scored("50.00", "D", 1, 0, 0)},
            },
        ],
        "aggregate": {
            "n": 4,
            "scored": 2,
            "total": {"score": "87.50", "band": "D"},
            "pillars": {
                "P": {"score": "93.75", "band": "A", "scored": 2},
                "Q": {"score": "75.00", "band": "D", "scored": 3},
            },
        },
    }


def test_keys_come_in_the_order_of_the_contract(tmp_path):
    result = run(tmp_path, ANSWERS)
    assert list(result) == ["instrument", "respondents", "aggregate"]
    assert list(result["instrument"]) == ["code", "version", "structure_hash"]
    assert list(result["respondents"][0]) == ["respondent", "total", "pillars"]
    pillar = result["respondents"][0]["pillars"]["P"]
    assert list(pillar) == ["score", "band", "answered", "not_applicable", "missing"]
    assert list(result["aggregate"]) == ["n", "scored", "total", "pillars"]


def test_a_file_without_people(tmp_path):
    result = run(tmp_path, "respondent,P-1\n")
    assert result["respondents"] == []
    none = {"score": None, "band": None, "reason": "no-answers"}
    assert result["aggregate"] == {
        "n": 0,
        "scored": 0,
        "total": none,
        "pillars": {"P": none | {"scored": 0}, "Q": none | {"scored": 0}},
    }


def test_decimals_are_always_written_out(tmp_path):
    for decimals, score in ((0, "100"), (4, "100.0000")):
        instrument = INSTRUMENT.replace("decimals = 2", f"decimals = {decimals}")
        result = run(tmp_path, ANSWERS, instrument)
        assert result["respondents"][0]["total"]["score"] == score


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("respondent,P-1\nani,4\nbudi,5\n", "baris 3, kolom P-1"),
        ("respondent,X\nani,4\n", "baris 1, kolom X"),
        ("respondent,P-1\nani,4\nbudi,4\nani,3\n", "baris 4, kolom respondent"),
        (b"", "Berkas kosong"),
        (b"\xff\xfe", "baris 1"),
    ],
)
def test_a_faulty_file_of_answers_prints_no_score(tmp_path, answers, message):
    with pytest.raises(CommandError, match=message):
        run(tmp_path, answers)


def test_a_faulty_instrument_is_refused_with_every_fault(tmp_path):
    instrument = INSTRUMENT.replace("weight = 1", "weight = -1").replace("decimals = 2", "")
    with pytest.raises(CommandError) as caught:
        run(tmp_path, ANSWERS, instrument)
    assert str(caught.value).splitlines() == [
        f"{tmp_path / 'instrumen.toml'} ditolak.",
        "instrument.decimals: Wajib diisi, tetapi tidak ada. Tambahkan kunci ini.",
        "pillars[1].weight: -1 di luar batas. Isi angka 0 sampai 999999.999999999999.",
    ]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match=r"tidak-ada\.toml tidak ada di sana"):
        call_command("score_file", tmp_path / "tidak-ada.toml", tmp_path / "jawaban.csv")


def program(*arguments):
    """Run manage.py as an operator does, with a database address that nothing listens on."""
    environment = os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing"}
    return subprocess.run(
        [sys.executable, "manage.py", "score_file", *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[3],
        env=environment | {"PYTHONWARNINGS": "error"},
        text=True,
    )


def test_the_program_needs_no_database(tmp_path):
    instrument, answers = tmp_path / "instrumen.xlsx", tmp_path / "jawaban.csv"
    instrument.write_bytes(write_xlsx(read_toml(INSTRUMENT.encode())))
    answers.write_text(ANSWERS)
    good = program(instrument, answers, "--format", "json")
    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout) == run(tmp_path, ANSWERS)
    answers.write_text("respondent,P-1\nani,4\nbudi,5\n")
    bad = program(instrument, answers)
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "baris 3, kolom P-1: “5” di luar skala." in bad.stderr


def test_real_answers_give_the_means_computed_from_the_file(tmp_path):
    people = {person[""]: person for person in bfi.people()}
    result = run(tmp_path, bfi.answers_csv(people), bfi.INSTRUMENT.read_text())

    means = bfi.pillar_means(people.values())
    assert result["aggregate"]["n"] == 2800
    assert result["aggregate"]["pillars"] == {
        name: {"score": mean, "band": None, "scored": scored}
        for name, (scored, mean) in means.items()
    }
    for respondent in result["respondents"]:
        for scale, name in bfi.SCALES.items():
            exact = bfi.pillar_score(people[respondent["respondent"]], scale)
            score = respondent["pillars"][name]["score"]
            assert score == (None if exact is None else bfi.half_up(exact))
