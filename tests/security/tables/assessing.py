"""Filling in, handing in, results, reviewing; opening a result again."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.assessments import papers
from tests.security.rows import NOWHERE, READS, Row, by
from tests.security.targets import CURATES, OWNER, REVIEWER
from tests.security.world import World

BEHIND = {"invited": NOWHERE, "draft": NOWHERE, "withdrawn": NOWHERE, "complete": NOWHERE} | {
    "missed": NOWHERE
}
FROZEN = dict.fromkeys(("reviewing", "marked", "submitted", "verified", "final", "missed"), 409)

LEVEL = {"indicator": "BET-01", "BET-01": "3"}


def _reopening(world: World) -> Mapping[str, Any]:
    return {
        "nip": world.people["lina"].nip,
        "until": "2040-01-01T08:00",
        "reason": "Salah pilih",
    }


FILLING: dict[str, Row] = {
    "assessments:tasks": Row("assessment", {OWNER: 200}, 405, "Periode"),
    "assessments:fill": Row(
        "section",
        {OWNER: by(200, **dict.fromkeys(FROZEN, 302))},
        {OWNER: by(303, **FROZEN)},
        "Alfa",
    ),
    "assessments:save_answer": Row(
        "assessment", 405, {OWNER: by(200, **FROZEN)}, '"saved"', body=LEVEL
    ),
    "assessments:trail": Row("assessment", {OWNER: 200}, 405, "Riwayat penilaian Anda"),
    "assessments:check": Row("assessment", {OWNER: 200}, 405, "Periode"),
    "assessments:submit": Row(
        "assessment",
        {
            OWNER: by(
                303, complete=200, returned=200, withdrawn=200, draft=302, invited=302, missed=302
            )
        },
        {OWNER: by(303, missed=409)},
        "Ajukan",
        body={"declared": "on"},
    ),
    "assessments:receipt": Row(
        "assessment",
        {OWNER: by(200, draft=404, invited=404, complete=404, missed=404)},
        405,
        "data-receipt",
    ),
    "assessments:withdraw": Row(
        "assessment", {OWNER: 200}, {OWNER: by(409, submitted=303)}, "Tarik kembali"
    ),
    "assessments:report_supervisor": Row(
        "assessment",
        {OWNER: 200},
        {OWNER: by(303, ani=409, lina=409)},
        "Ini bukan atasan saya",
        body={"message": "Saya pindah unit."},
    ),
    "assessments:result": Row(
        "assessment", {OWNER: 200, REVIEWER: by(200, **BEHIND)}, 405, "Hasil penilaian"
    ),
}


_OPEN = {"draft": 303, "withdrawn": 303, "complete": 303, "invited": 303, "returned": 303}

EVIDENCE: dict[str, Row] = {
    "assessments:evidence": Row(
        "statement",
        {OWNER: 200},
        {OWNER: by(409, **_OPEN)},
        "Berkas bukti",
        body=lambda world: {"file": SimpleUploadedFile("sk.pdf", papers.pdf())},
    ),
    # Ani's and Bayu's are under review; Vina's hangs on a draft.
    "assessments:evidence_file": Row("evidence", {OWNER: 200, REVIEWER: by(200, ratna=404)}, 405),
    "assessments:evidence_remove": Row(
        "evidence", {OWNER: 200}, {OWNER: by(409, ratna=303)}, "Hapus berkas bukti"
    ),
}

REVIEWING: dict[str, Row] = {
    "assessments:review": Row("assessment", {REVIEWER: 200}, 405, "kenari-nama-"),
    "assessments:review_open": Row("assessment", 405, {REVIEWER: 303}),
    "assessments:review_agree": Row("assessment", 405, {REVIEWER: 303}),
    "assessments:review_pillar": Row(
        "section",
        {REVIEWER: by(200, **BEHIND)},
        {REVIEWER: by(409, **BEHIND | {"reviewing": 303, "marked": 303})},
        "Alfa",
    ),
    "assessments:review_return": Row(
        "assessment",
        {REVIEWER: 200},
        # Sending back again answers as it did the first time.
        {REVIEWER: by(409, marked=303, returned=303)},
        "Kembalikan",
    ),
    "assessments:review_verify": Row(
        "assessment",
        {REVIEWER: 200},
        {REVIEWER: by(409, reviewing=303, verified=303, final=303)},
        "Verifikasi",
        body={"declared": "on"},
    ),
}


# One who proposes is not the one who decides: the proposals here are not the curator's own.
REOPENING: dict[str, Row] = {
    "assessments:cycle_reopen": Row(
        "cycle",
        {CURATES: by(200, now=NOWHERE)},
        {CURATES: by(303, now=NOWHERE)},
        "Buka kembali hasil",
        body=_reopening,
    ),
    "assessments:reopening": Row(
        "reopening", READS, {CURATES: 303}, "Usulan membuka", body={"decision": "approve"}
    ),
    "assessments:earlier_result": Row(
        "given way", {OWNER: 200, REVIEWER: 200}, 405, "pernah ditetapkan"
    ),
}
