"""The reviewed table: every address × method × relation, with the exact answer.

A row names who may, by relation to the object; everybody else with an account gets 404, and whoever is not signed in
is sent to sign in. `by` says where the state of the object changes the answer.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.files.uploadedfile import SimpleUploadedFile

from pillars.exports import export
from tests.architecture.test_access import walk
from tests.assessments import papers
from tests.factories import PASSWORD
from tests.security.targets import (
    ANY_OFFICER,
    AUDITS,
    CURATES,
    KEYHOLDER,
    OFFICER,
    OWNER,
    PROTECTED,
    READER,
    REVIEWER,
)
from tests.security.world import APP_SECRET, World

EVERYBODY = "everybody"
NOWHERE = 404


class by(dict[str, int]):  # noqa: N801  reads as a word in the table
    """An answer that depends on the object: by its name, else by its state, else the usual one."""

    def __init__(self, usual: int, **others: int) -> None:
        super().__init__(others)
        self.usual = usual


Answer = int | by
Cells = int | Mapping[str, Answer]
Body = Mapping[str, Any] | Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """One address. `get` and `post`: an answer for whoever is signed in, or answers by relation.

    `body` is sent on top of what the page's own form holds; `marker` stands on each page that is shown.
    `anonymous`: what somebody gets who is not signed in, where it is not the way to sign in.
    """

    kind: str
    get: Cells
    post: Cells
    marker: str = ""
    body: Body = field(default_factory=dict)
    anonymous: tuple[int, int] | None = None
    is_json: bool = False

    def body_of(self, world: World) -> dict[str, Any]:
        """What is sent on top of the page's form."""
        return dict(self.body(world) if callable(self.body) else self.body)


# --- Who may


BEHIND = {"invited": NOWHERE, "draft": NOWHERE, "withdrawn": NOWHERE, "complete": NOWHERE} | {
    "missed": NOWHERE
}
FROZEN = dict.fromkeys(("reviewing", "marked", "submitted", "verified", "final", "missed"), 409)
NEW_PASSWORD = dict.fromkeys(("password1", "password2"), "kunci-lain-yang-panjang-2")
READS = {CURATES: 200}
IN_DRAFT = {CURATES: by(200, published=302)}
REFUSED_METHOD = {CURATES: 405}

LEVEL = {"indicator": "BET-01", "BET-01": "3"}


def _code(_world: World) -> Mapping[str, Any]:
    counter = int(time.time()) // 30
    return {"code": format_hotp_value(hotp_value(APP_SECRET, counter))}


def _upload(world: World) -> Mapping[str, Any]:
    text = export(world.published, "toml").decode().replace('version = "1"', 'version = "9"')
    return {"file": SimpleUploadedFile("uji.toml", text.encode())}


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


def _reopening(world: World) -> Mapping[str, Any]:
    return {
        "nip": world.people["lina"].nip,
        "until": "2040-01-01T08:00",
        "reason": "Salah pilih",
    }


def _new_indicator(world: World) -> Mapping[str, Any]:
    levels = {f"level_{place}": f"Perilaku {place}" for place in range(1, 5)}
    return {"code": "BARU-01", "statement": "Pernyataan baru", "weight": "1", **levels}


PUBLIC: dict[str, Row] = {
    "livez": Row("page", 200, 405, "ok", anonymous=(200, 405)),
    "readyz": Row("page", 200, 405, '"status"', anonymous=(200, 405)),
    "metrics": Row("page", NOWHERE, 405, anonymous=(NOWHERE, 405)),
    "set_language": Row("page", 405, 302, body={"language": "id"}, anonymous=(405, 302)),
    "styleguide": Row("page", 200, 405, "Gaya", anonymous=(200, 405)),
    "account_login": Row("page", 302, 302, anonymous=(200, 200)),
    "account_inactive": Row("page", 200, 405, "Akun tidak aktif", anonymous=(200, 405)),
    "account_reset_password": Row(
        "page",
        200,
        303,
        "Lupa kata sandi",
        body={"email": "x@contoh.invalid"},
        anonymous=(200, 303),
    ),
    "account_reset_password_done": Row(
        "page", 200, 405, "Periksa surel Anda", anonymous=(200, 405)
    ),
    "accounts:password_by_link": Row("key", 200, 409, "Tautan", anonymous=(200, 409)),
    "mfa_authenticate": Row("page", 302, 302, anonymous=(302, 302)),
    # Without an identity provider there is no such page; with one: tests/accounts/views/test_single_sign_on.py.
    "accounts:leave_for_provider": Row("page", NOWHERE, 405, anonymous=(NOWHERE, 405)),
    "accounts:return_from_provider": Row("page", NOWHERE, 405, anonymous=(NOWHERE, 405)),
}

OWN_PAGES: dict[str, Row] = {
    "home": Row("page", 200, 405, "Masuk sebagai"),
    "accounts:profile": Row("page", 200, 405, "Akun saya"),
    "accounts:choose_zone": Row("page", 405, 303, body={"time_zone": "Asia/Makassar"}),
    "accounts:personal_data": Row("page", 200, 405, "Data saya"),
    "accounts:personal_data_file": Row("page", 405, 200, '"prima-personal-data/2"'),
    "account_logout": Row("page", 200, 302, "Keluar dari PRIMA?"),
    "account_change_password": Row(
        "page",
        {KEYHOLDER: 200, EVERYBODY: 302},
        {KEYHOLDER: 302, EVERYBODY: 302},
        "Ganti kata sandi",
        body={"oldpassword": PASSWORD, **NEW_PASSWORD},
    ),
    "account_set_password": Row(
        "page", {KEYHOLDER: 302, EVERYBODY: 200}, 302, "Buat kata sandi", body=NEW_PASSWORD
    ),
    "account_reauthenticate": Row(
        "page",
        {PROTECTED: 302, EVERYBODY: 200},
        {KEYHOLDER: 302, PROTECTED: 302, EVERYBODY: 200},
        "Pastikan ini Anda",
        body={"password": PASSWORD},
    ),
    "mfa_reauthenticate": Row(
        "page", {PROTECTED: 200, EVERYBODY: 302}, 302, "Langkah kedua", body=_code
    ),
    "accounts:sessions": Row("page", 200, 303, "Perangkat yang masuk"),
    "accounts:session_time": Row("page", 200, 200, '"idle"'),
    "accounts:end_device": Row("session", 405, {OWNER: 303}),
    "accounts:second_factor": Row("page", 200, 405, "Verifikasi dua langkah"),
    # Everybody has just proved who they are, and holds a key. Whoever proved nothing lately is asked to
    # first: tests/accounts/views/test_second_factor.py.
    "accounts:set_up_totp": Row(
        "page",
        {PROTECTED: 302, EVERYBODY: 200},
        {PROTECTED: 302, EVERYBODY: 303},
        "Pasang verifikasi dua langkah",
        body=_code,
    ),
    "accounts:totp_image": Row("page", 200, 405, "<svg"),
    "accounts:recovery_codes": Row(
        "page",
        {PROTECTED: 200, EVERYBODY: 302},
        {PROTECTED: 303, EVERYBODY: 302},
        "Kode cadangan",
    ),
    "accounts:remove_totp": Row(
        "page",
        {PROTECTED: 200, EVERYBODY: 302},
        {PROTECTED: 303, EVERYBODY: 302},
        "Lepas verifikasi dua langkah",
    ),
    "assessments:index": Row("page", 200, 405, "Penilaian saya"),
    "assessments:review_list": Row("page", 200, 405, "Tinjauan"),
    "dashboards:index": Row("page", {READER: 200}, {READER: 405}, "Rekap unit"),
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

UNITS: dict[str, Row] = {
    "dashboards:unit": Row("unit", {READER: 200}, 405, "Rekap unit"),
    "dashboards:export": Row("file", {READER: 200}, 405),
}

CYCLES: dict[str, Row] = {
    "assessments:cycle_list": Row("page", READS, REFUSED_METHOD, "Periode"),
    "assessments:cycle_open": Row("page", READS, {CURATES: 303}, "Buka periode", body=_new_cycle),
    "assessments:cycle": Row("cycle", READS, REFUSED_METHOD, "Periode"),
    "assessments:cycle_reschedule": Row("cycle", READS, {CURATES: 303}, "Periode"),
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

CURATING: dict[str, Row] = {
    "assessments:preview_instrument": Row("instrument", READS, REFUSED_METHOD, "Pratinjau"),
    "pillars:index": Row("page", READS, REFUSED_METHOD, "Instrumen"),
    "pillars:upload": Row("page", READS, {CURATES: 303}, "Unggah berkas", body=_upload),
    "pillars:upload_result": Row("upload", {OWNER: 200}, {CURATES: 405}, "Berkas instrumen"),
    "pillars:detail": Row("instrument", READS, REFUSED_METHOD, "Instrumen UJI"),
    "pillars:download": Row("instrument_file", READS, REFUSED_METHOD),
    "pillars:new_version": Row(
        "instrument", READS, {CURATES: 303}, "Versi baru", body={"version": "7"}
    ),
    "pillars:checks": Row("instrument", READS, REFUSED_METHOD, "Pemeriksaan"),
    "pillars:diff": Row("instrument", READS, REFUSED_METHOD, "Perbedaan"),
    "pillars:publish": Row("instrument", IN_DRAFT, {CURATES: by(303, published=422)}, "Terbitkan"),
    "pillars:retire": Row(
        "instrument",
        {CURATES: by(200, draft=404)},
        {CURATES: by(303, draft=409)},
        "Hentikan",
    ),
    "pillars:edit": Row("instrument", IN_DRAFT, {CURATES: by(303, published=422)}, "Umum"),
    "pillars:edit_scale": Row("instrument", IN_DRAFT, {CURATES: by(303, published=422)}, "Skala"),
    "pillars:edit_bands": Row(
        "instrument", IN_DRAFT, {CURATES: by(303, published=422)}, "Predikat"
    ),
    "pillars:add_pillar": Row(
        "instrument",
        IN_DRAFT,
        {CURATES: by(303, published=422)},
        "Tambah pilar",
        body={"code": "GAMA", "name": "Gama", "weight": "1"},
    ),
    "pillars:edit_pillar": Row("pillar", IN_DRAFT, {CURATES: by(303, published=422)}, "Alfa"),
    "pillars:move_pillar": Row(
        "pillar", REFUSED_METHOD, {CURATES: 303}, body={"direction": "down", "revision": "1"}
    ),
    "pillars:remove_pillar": Row(
        "pillar",
        {CURATES: by(200, published=404)},
        {CURATES: by(303, published=404)},
        "Hapus pilar",
    ),
    "pillars:add_indicator": Row(
        "pillar",
        IN_DRAFT,
        {CURATES: by(303, published=422)},
        "Tambah indikator",
        body=_new_indicator,
    ),
    "pillars:edit_indicator": Row(
        "indicator", IN_DRAFT, {CURATES: by(303, published=422)}, "ALF-01"
    ),
    "pillars:move_indicator": Row(
        "indicator", REFUSED_METHOD, {CURATES: 303}, body={"direction": "down", "revision": "1"}
    ),
    "pillars:remove_indicator": Row(
        "indicator",
        {CURATES: by(200, published=404)},
        {CURATES: by(303, published=404)},
        "Hapus indikator",
    ),
}

UNKNOWN = (401, 401)
"""Programs are told that nobody is signed in; they are not led to a page."""


def _api(kind: str, get: Cells, marker: str = "") -> Row:
    """An address of the interface that only reads."""
    denied = (
        405
        if isinstance(get, int) or kind in ("assessment", "figures")
        else dict.fromkeys(get, 405)
    )
    return Row(kind, get, denied, marker, anonymous=UNKNOWN, is_json=True)


INTERFACE: dict[str, Row] = {
    "api:openapi": Row("page", 200, 405, '"openapi"', anonymous=(200, 405), is_json=True),
    "api:me": _api("page", 200, '"csrf_token"'),
    "api:own_list": _api("page", 200, '"items"'),
    "api:own_assessment": _api("assessment", {OWNER: 200}, '"pillars"'),
    "api:own_result": _api("assessment", {OWNER: 200}, '"is_waiting"'),
    "api:save_answer": Row(
        "statement",
        405,
        # Nobody answered it yet, or it was written again since: what is sent was built on another answer.
        {OWNER: by(409, complete=200, returned=200)},
        body={"value": "2", "revision": 1},
        anonymous=UNKNOWN,
        is_json=True,
    ),
    "api:hand_in": Row(
        "assessment",
        405,
        {OWNER: by(200, draft=409, invited=409, missed=409)},
        body={"declared": True},
        anonymous=UNKNOWN,
        is_json=True,
    ),
    "api:cycle_list": _api("page", READS, '"items"'),
    "api:cycle": _api("cycle", READS, '"phase"'),
    "api:instrument_list": _api("page", READS, '"items"'),
    "api:instrument": _api("instrument", {CURATES: by(200, draft=NOWHERE)}, '"pillars"'),
    "api:unit_list": _api("page", {READER: 200}, '"items"'),
    "api:unit": _api("figures", {READER: 200}, '"lines"'),
}

MATRIX: dict[str, Row] = {
    **PUBLIC,
    **OWN_PAGES,
    **FILLING,
    **EVIDENCE,
    **REVIEWING,
    **REPORTS,
    **CORRECTIONS,
    **INVITING,
    **REOPENING,
    **UNITS,
    **CYCLES,
    **AUDITING,
    **CURATING,
    **INTERFACE,
}


def routed() -> set[str]:
    """Names of all addresses but the operators', which have a section of their own."""
    return {
        ":".join([*namespaces, pattern.name or ""])
        for _route, pattern, namespaces in walk()
        if namespaces[:1] != ["admin"]
    }
