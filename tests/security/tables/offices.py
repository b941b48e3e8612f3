"""Personnel offices, heads of units, those who run cycles, auditors."""

from collections.abc import Mapping
from typing import Any

from tests.security.rows import READS, REFUSED_METHOD, Row, by
from tests.security.targets import ANY_OFFICER, AUDITS, CURATES, OFFICER, OWNER, READER
from tests.security.world import World


def _new_cycle(world: World) -> Mapping[str, Any]:
    return {
        "step": "open",
        "name": "Periode baru",
        "code": "BARU",
        "instrument": world.published.pk,
        "opens_at": "2030-01-01T08:00",
        "closes_at": "2030-02-01T08:00",
        "census_date": world.now.census_date.isoformat(),
    }


def _extension(world: World) -> Mapping[str, Any]:
    return {"nip": world.people["ratna"].nip, "until": "2040-01-01T08:00", "reason": "Cuti"}


REPORTS: dict[str, Row] = {
    "assessments:supervisor_reports": Row("page", {OFFICER: 200}, {OFFICER: 405}, "Laporan atasan"),
    "assessments:personnel": Row("page", {OFFICER: 200}, {OFFICER: 405}, "Keadaan pegawai"),
    "assessments:personnel_file": Row("people", {OFFICER: 200}, {OFFICER: 405}),
    "assessments:supervisor_report": Row(
        "report",
        {OFFICER: 200},
        {OFFICER: by(303, zaki=409)},
        "Penjelasan pegawai",
        body={"decision": "REJECTED", "resolution": "Sudah benar."},
    ),
}

CORRECTIONS: dict[str, Row] = {
    "organization:corrections": Row(
        "page",
        200,
        303,
        "Perbaikan data saya",
        body={"item": "OTHER", "requested": "Yang benar lain."},
    ),
    "organization:correction_withdraw": Row("correction", 405, {OWNER: 303}),
    "organization:correction_requests": Row(
        "page", {OFFICER: 200}, {OFFICER: 405}, "Perbaikan data"
    ),
    "organization:correction_request": Row(
        "correction",
        {OFFICER: 200},
        {OFFICER: by(303, zaki=409)},
        "Data yang keliru",
        body={"decision": "REJECTED", "answer": "Sudah benar."},
    ),
}

INVITING: dict[str, Row] = {
    "organization:invitations": Row("page", {OFFICER: 200}, {OFFICER: 405}, "Undangan"),
    "organization:send_invitations": Row("mandated_unit", {ANY_OFFICER: 405}, {OFFICER: 303}),
}


UNITS: dict[str, Row] = {
    "dashboards:unit": Row("unit", {READER: 200}, 405, "Rekap unit"),
    "dashboards:export": Row("file", {READER: 200}, 405),
}

CYCLES: dict[str, Row] = {
    "assessments:cycle_list": Row("page", READS, REFUSED_METHOD, "Periode"),
    "assessments:cycle_open": Row("page", READS, {CURATES: 303}, "Buka periode", body=_new_cycle),
    "assessments:cycle": Row("cycle", READS, REFUSED_METHOD, "Periode"),
    "assessments:cycle_reschedule": Row("cycle", READS, {CURATES: 303}, "Periode"),
    "assessments:cycle_reminders": Row("cycle", READS, {CURATES: 303}, "Surat pengingat"),
    "assessments:cycle_extend": Row("cycle", READS, {CURATES: 303}, "Periode", body=_extension),
    "assessments:cycle_extension_end": Row("cycle", READS, {CURATES: 422}, "Cabut waktu tambahan"),
    "assessments:cycle_establish": Row("cycle", READS, {CURATES: by(409, closed=303)}, "Periode"),
}

AUDITING: dict[str, Row] = {
    "audit:events": Row("page", {AUDITS: 200}, {AUDITS: 405}, "Jejak audit"),
    "audit:event": Row("event", {AUDITS: 200}, {AUDITS: 405}, "Satu peristiwa"),
    "audit:export_events": Row("page", {AUDITS: 200}, {AUDITS: 405}),
    "audit:breach": Row("page", {AUDITS: 200}, {AUDITS: 405}, "3 × 24 jam"),
}
