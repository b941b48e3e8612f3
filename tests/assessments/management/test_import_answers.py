"""`import_answers`: a file is handed in as a whole or not at all."""

import datetime
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from assessments.enums import Status
from assessments.models import Assessment, Submission
from assessments.operations import AnswerInput, importing, save_answers, submit
from audit.models import Event
from tests.assessments.operations.test_filling import move_cycle


@pytest.fixture
def answers_file(tmp_path):
    def write(*rows: str, heading: str = "respondent,ALF-01,ALF-02,BET-01,BET-02"):
        path = tmp_path / "jawaban.csv"
        path.write_text("\n".join([heading, *rows]) + "\n")
        return path

    return write


def test_people_are_handed_in_and_a_second_run_changes_nothing(
    cycle, ani, budi, answers_file, capsys
):
    path = answers_file(f"{ani.nip},4,NA,3,", f"'{budi.nip},1,2,3,4")

    call_command("import_answers", cycle.code, path)
    assert capsys.readouterr().out == "2026-S2: 2 diajukan, 0 sudah diajukan sebelumnya\n"
    assert set(Assessment.objects.values_list("status", flat=True)) == {Status.SUBMITTED}
    assert Submission.objects.get(assessment__person=ani).answers == {
        "ALF-01": "4",
        "ALF-02": {"na": True, "reason": "Diimpor dari berkas."},
        "BET-01": "3",
    }

    events = Event.objects.count()
    call_command("import_answers", cycle.code, path)
    assert capsys.readouterr().out == "2026-S2: 0 diajukan, 2 sudah diajukan sebelumnya\n"
    assert Submission.objects.count() == 2
    assert Event.objects.count() == events


def test_the_figures_as_json(cycle, ani, answers_file, capsys):
    path = answers_file(f"{ani.nip},4,NA,3,")
    call_command("import_answers", cycle.code, path, "--format", "json")
    assert json.loads(capsys.readouterr().out) == {
        "cycle": "2026-S2",
        "submitted": 1,
        "unchanged": 0,
        "dry_run": False,
    }


def test_unknown_people_and_bad_cells_are_told_together(cycle, ani, budi, answers_file):
    path = answers_file(
        f"{ani.nip},9,3,3,3",
        "198001012005011999,1,2,3,4",
        "1.98E+17,1,2,3,4",
        f"{budi.nip},1,2,3,x",
        "198001012005011998,8,2,3,4",
    )
    with pytest.raises(CommandError) as refusal:
        call_command("import_answers", cycle.code, path)
    assert [line.partition(":")[0] for line in str(refusal.value).splitlines()[1:]] == [
        "baris 2, kolom ALF-01",
        "baris 3, kolom respondent",
        "baris 4, kolom respondent",
        "baris 5, kolom BET-02",
        "baris 6, kolom ALF-01",
        "baris 6, kolom respondent",
    ]
    assert "Digit terakhir NIP ini sudah hilang" in str(refusal.value)
    assert not Submission.objects.exists()


def test_faults_as_json(cycle, ani, answers_file, capsys):
    path = answers_file(f"{ani.nip},9,3,3,3")
    with pytest.raises(CommandError):
        call_command("import_answers", cycle.code, path, "--format", "json")
    assert json.loads(capsys.readouterr().out) == {
        "faults": [
            {
                "row": 2,
                "column": "ALF-01",
                "reason": "“9” di luar skala. Isi salah satu dari 1, 2, 3, 4; kosong bila tidak dijawab.",
            }
        ]
    }


def test_one_person_twice_in_other_writings_is_refused_at_the_second_row(cycle, ani, answers_file):
    path = answers_file(f"{ani.nip},4,3,3,3", f"'{ani.nip[:8]} {ani.nip[8:]},1,3,3,3")
    with pytest.raises(CommandError) as refused:
        call_command("import_answers", cycle.code, path)
    assert str(refused.value).splitlines()[1:] == [
        "baris 3, kolom respondent: NIP ini sudah ada di baris 2. Satu orang hanya satu baris."
    ]
    assert not Submission.objects.exists()


def test_one_unknown_person_refuses_the_whole_file(cycle, ani, answers_file):
    path = answers_file(f"{ani.nip},4,3,3,3", "198001012005011999,1,2,3,4")

    with pytest.raises(CommandError, match="baris 3, kolom respondent: NIP ini tidak terdaftar"):
        call_command("import_answers", cycle.code, path)
    assert not Submission.objects.exists()
    assert Assessment.objects.get(person=ani).status == Status.INVITED


def test_every_fault_of_the_file_is_named(cycle, ani, budi, answers_file):
    path = answers_file(f"{ani.nip},5,3,3,3", f"{budi.nip},1,x,3,4")

    with pytest.raises(CommandError) as refused:
        call_command("import_answers", cycle.code, path)
    assert "baris 2, kolom ALF-01" in str(refused.value)
    assert "baris 3, kolom ALF-02" in str(refused.value)
    assert not Submission.objects.exists()


def test_other_answers_for_somebody_handed_in_are_refused(cycle, ani, answers_file):
    submit(
        assessment=Assessment.objects.get(person=ani), by=ani, require_complete=False, urgent=False
    )

    with pytest.raises(CommandError, match="sudah diajukan dengan jawaban lain"):
        call_command("import_answers", cycle.code, answers_file(f"{ani.nip},4,3,3,3"))


def test_nothing_is_handed_in_that_stands_in_a_draft_alone(cycle, ani, answers_file):
    own = {"ALF-01": AnswerInput(value=Decimal(2)), "BET-02": AnswerInput(value=Decimal(1))}
    save_answers(assessment=Assessment.objects.get(person=ani), answers=own, by=ani)

    with pytest.raises(CommandError) as refused:
        call_command("import_answers", cycle.code, answers_file(f"{ani.nip},4,NA,3,"))
    assert "baris 2, kolom BET-02: Pegawai ini sudah menjawab sendiri BET-02" in str(refused.value)
    assert Assessment.objects.get(person=ani).status == Status.DRAFT

    path = answers_file(f"{ani.nip},4,NA,3,1")
    call_command("import_answers", cycle.code, path)
    call_command("import_answers", cycle.code, path)
    assert Submission.objects.count() == 1


def test_a_file_of_several_batches_is_one_file(cycle, ani, budi, answers_file, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    rows = (f"{ani.nip},4,NA,3,", f"{budi.nip},1,2,3,4")

    with pytest.raises(CommandError) as refused:
        call_command("import_answers", cycle.code, answers_file(*rows, f"'{ani.nip},4,NA,3,"))
    assert "NIP ini sudah ada di baris 2" in str(refused.value)
    assert not Submission.objects.exists()

    call_command("import_answers", cycle.code, answers_file(*rows))
    assert Submission.objects.count() == 2


def test_a_closed_cycle_refuses_the_file(cycle, ani, answers_file):
    move_cycle(cycle, opens=-datetime.timedelta(hours=2), closes=-datetime.timedelta(hours=1))

    with pytest.raises(CommandError, match="Pengisian ditutup"):
        call_command("import_answers", cycle.code, answers_file(f"{ani.nip},4,3,3,3"))


def test_a_dry_run_writes_nothing(cycle, ani, answers_file, capsys):
    call_command("import_answers", cycle.code, answers_file(f"{ani.nip},4,3,3,3"), "--dry-run")

    assert capsys.readouterr().out == (
        "2026-S2: 1 diajukan, 0 sudah diajukan sebelumnya (uji coba: tidak ada yang ditulis)\n"
    )
    assert not Submission.objects.exists()


def test_unknown_cycle_and_unreadable_file(cycle, tmp_path):
    with pytest.raises(CommandError, match="Tidak ada periode berkode X"):
        call_command("import_answers", "X", tmp_path / "jawaban.csv")
    with pytest.raises(CommandError, match="tidak ada di sana"):
        call_command("import_answers", cycle.code, tmp_path / "tidak-ada.csv")
