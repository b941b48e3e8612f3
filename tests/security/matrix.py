"""The reviewed table: every address × method × relation, with the exact answer.

A row names who may, by relation to the object; everybody else with an account gets 404, and whoever is not signed in
is sent to sign in. `by` says where the state of the object changes the answer.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from pillars.exports import export
from tests.factories import PASSWORD
from tests.security.asking import Portal, form_of
from tests.security.canaries import leaks, text_of
from tests.security.world import (
    ALL_UNITS,
    ANONYMOUS,
    CURATOR,
    INACTIVE,
    LEADS,
    MANDATES,
    OPERATOR,
    WITH_PASSWORD,
    World,
    everybody,
    reviewer_of,
    state_of,
)

MISSING = 999_999_999
NOWHERE = 404
EVERYBODY = "everybody"


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


@dataclass(frozen=True)
class Target:
    """One object with the people related to it."""

    name: str
    state: str
    arguments: Mapping[str, Any]
    related: Mapping[str, frozenset[str]]
    asked_by: tuple[str, ...]


# --- Who may

OWNER, REVIEWER, OFFICER, READER, CURATES = "owner", "reviewer", "officer", "reader", "curator"

BEHIND = {"invited": NOWHERE, "draft": NOWHERE, "withdrawn": NOWHERE, "complete": NOWHERE} | {
    "missed": NOWHERE
}
FROZEN = dict.fromkeys(("reviewing", "marked", "submitted", "verified", "final", "missed"), 409)
KEYHOLDER = "keyholder"
NEW_PASSWORD = dict.fromkeys(("password1", "password2"), "kunci-lain-yang-panjang-2")
READS = {CURATES: 200}
IN_DRAFT = {CURATES: by(200, published=302)}
WRITTEN = {CURATES: by(302, published=409)}
REFUSED_METHOD = {CURATES: 405}

LEVEL = {"indicator": "BET-01", "BET-01": "3"}


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
        302,
        "Lupa kata sandi",
        body={"email": "x@contoh.invalid"},
        anonymous=(200, 302),
    ),
    "account_reset_password_done": Row(
        "page", 200, 405, "Periksa surel Anda", anonymous=(200, 405)
    ),
    "account_reset_password_from_key": Row("key", 200, 200, "Tautan", anonymous=(200, 200)),
    "account_reset_password_from_key_done": Row(
        "page", 200, 405, "Kata sandi sudah diganti", anonymous=(200, 405)
    ),
}

OWN_PAGES: dict[str, Row] = {
    "home": Row("page", 200, 405, "Masuk sebagai"),
    "accounts:profile": Row("page", 200, 405, "Akun saya"),
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
    # Nothing leads there yet; an account without a password has nothing to confirm with.
    "account_reauthenticate": Row(
        "page",
        {KEYHOLDER: 200, EVERYBODY: 403},
        {KEYHOLDER: 302, EVERYBODY: 403},
        "Pastikan ini Anda",
        body={"password": PASSWORD},
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
    "assessments:supervisor_report": Row(
        "report",
        {OFFICER: 200},
        {OFFICER: by(303, zaki=409)},
        "Penjelasan pegawai",
        body={"decision": "REJECTED", "resolution": "Sudah benar."},
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
    "assessments:cycle_establish": Row("cycle", READS, {CURATES: by(409, closed=303)}, "Periode"),
}

CURATING: dict[str, Row] = {
    "assessments:preview_instrument": Row("instrument", READS, REFUSED_METHOD, "Pratinjau"),
    "pillars:list": Row("page", READS, REFUSED_METHOD, "Instrumen"),
    "pillars:upload": Row("page", READS, {CURATES: 302}, "Unggah berkas", body=_upload),
    "pillars:detail": Row("instrument", READS, REFUSED_METHOD, "Instrumen UJI"),
    "pillars:download": Row("instrument_file", READS, REFUSED_METHOD),
    "pillars:new_version": Row(
        "instrument", READS, {CURATES: 302}, "Versi baru", body={"version": "7"}
    ),
    "pillars:checks": Row("instrument", READS, REFUSED_METHOD, "Pemeriksaan"),
    "pillars:diff": Row("instrument", READS, REFUSED_METHOD, "Perbedaan"),
    "pillars:publish": Row("instrument", IN_DRAFT, {CURATES: 302}, "Terbitkan"),
    "pillars:retire": Row("instrument", {CURATES: by(200, draft=404)}, {CURATES: 302}, "Hentikan"),
    "pillars:edit": Row("instrument", IN_DRAFT, {CURATES: by(302, published=422)}, "Umum"),
    "pillars:edit_scale": Row("instrument", IN_DRAFT, {CURATES: by(302, published=422)}, "Skala"),
    "pillars:edit_bands": Row(
        "instrument", IN_DRAFT, {CURATES: by(302, published=422)}, "Predikat"
    ),
    "pillars:add_pillar": Row(
        "instrument",
        IN_DRAFT,
        {CURATES: by(302, published=422)},
        "Tambah pilar",
        body={"code": "GAMA", "name": "Gama", "weight": "1"},
    ),
    "pillars:edit_pillar": Row("pillar", IN_DRAFT, {CURATES: by(302, published=422)}, "Alfa"),
    "pillars:move_pillar": Row(
        "pillar", REFUSED_METHOD, {CURATES: 302}, body={"direction": "down", "revision": "1"}
    ),
    "pillars:remove_pillar": Row(
        "pillar",
        {CURATES: by(200, published=404)},
        {CURATES: by(302, published=404)},
        "Hapus pilar",
    ),
    "pillars:add_indicator": Row(
        "pillar",
        IN_DRAFT,
        {CURATES: by(302, published=422)},
        "Tambah indikator",
        body=_new_indicator,
    ),
    "pillars:edit_indicator": Row(
        "indicator", IN_DRAFT, {CURATES: by(302, published=422)}, "ALF-01"
    ),
    "pillars:move_indicator": Row(
        "indicator", REFUSED_METHOD, {CURATES: 302}, body={"direction": "down", "revision": "1"}
    ),
    "pillars:remove_indicator": Row(
        "indicator",
        {CURATES: by(200, published=404)},
        {CURATES: by(302, published=404)},
        "Hapus indikator",
    ),
}

MATRIX: dict[str, Row] = {
    **PUBLIC,
    **OWN_PAGES,
    **FILLING,
    **REVIEWING,
    **REPORTS,
    **UNITS,
    **CYCLES,
    **CURATING,
}


# --- Which objects, and who stands how to them

ASSESSMENTS = (
    *("ani", "bayu", "fajar", "galih", "ratna", "vina", "yusuf", "zaki"),
    *("wati", "lina", "tono", "sari", "budi", "ani-lama", "zaki-lama"),
)
# Everybody asks for Ani's; for the others those who come near: heads above and beside, former and coming ones.
STRANGERS = {
    "wati": ("budi", "gunawan", "citra", "joko", "kartika", "ani"),
    "zaki": ("budi", "gunawan", "hesti", "farid"),
    "lina": ("farid", "hasan", "gunawan", CURATOR, "budi"),
}
USUAL_STRANGERS = ("gunawan", "joko", "hesti")


def _assessments(world: World, **more: str) -> Iterator[Target]:
    for whose in ASSESSMENTS:
        name, reviewer = whose.partition("-")[0], reviewer_of(whose)
        related = {OWNER: frozenset({name}), REVIEWER: frozenset({str(reviewer)})}
        strangers = STRANGERS.get(whose, USUAL_STRANGERS)
        asking = everybody() if whose == "ani" else (name, str(reviewer), *strangers)
        arguments = {"pk": world.assessment(whose).pk, **more}
        yield Target(whose, state_of(whose), arguments, related, _each(*asking))


def _reports(world: World) -> Iterator[Target]:
    for whose in ("ani", "zaki", "lina"):
        report = world.assessment(whose).supervisor_reports.get()
        unit = "citra" if whose == "lina" else "ani"
        officers = frozenset(name for name, mandate in MANDATES.items() if mandate == unit)
        yield Target(whose, "", {"pk": report.pk}, {OFFICER: officers}, _each(*everybody()))


def _units(world: World, *extensions: str) -> Iterator[Target]:
    for suffix, cycle in world.cycles.items():
        for name in sorted(ALL_UNITS if not suffix else {"ani"}):
            readers = frozenset(reader for reader, units in LEADS.items() if name in units)
            unit = {"cycle": cycle.code, "pk": world.unit_of(name, cycle).pk}
            for extension in extensions or ("",):
                usual = not suffix and extension != "xlsx"
                near = (*LEADS, "ani", "farid", "joko", CURATOR)
                asking = everybody() if name == "ani" and usual else near
                arguments = {**unit, "extension": extension} if extension else unit
                label = f"{name}{suffix}{extension}"
                yield Target(label, "", arguments, {READER: readers}, _each(*asking))


def _instruments(world: World, **more: str) -> Iterator[Target]:
    for state, instrument in (("draft", world.draft), ("published", world.published)):
        asking = everybody() if state == "draft" else (CURATOR, "eko", OPERATOR, "budi")
        arguments = {"pk": instrument.pk, **more}
        yield Target(state, state, arguments, {CURATES: frozenset({CURATOR})}, _each(*asking))


def targets(world: World, kind: str) -> list[Target]:
    """Every object of a kind that is asked for."""
    roles = {
        CURATES: frozenset({CURATOR}),
        OFFICER: frozenset(MANDATES),
        READER: frozenset(LEADS),
        KEYHOLDER: frozenset({WITH_PASSWORD}),
    }
    everyone = _each(*everybody())
    match kind:
        case "page":
            return [Target("", "", {}, roles, everyone)]
        case "key":
            return [Target("", "", {"uidb36": "1", "key": "a-b"}, roles, everyone)]
        case "assessment":
            return list(_assessments(world))
        case "section":
            return list(_assessments(world, pillar="ALFA"))
        case "report":
            return list(_reports(world))
        case "unit":
            return list(_units(world))
        case "file":
            return list(_units(world, "csv", "xlsx"))
        case "cycle":
            return [
                Target("now", "open", {"pk": world.now.pk}, roles, everyone),
                Target("earlier", "closed", {"pk": world.earlier.pk}, roles, everyone),
            ]
        case "instrument":
            return list(_instruments(world))
        case "instrument_file":
            return [*_instruments(world, kind="toml"), *_instruments(world, kind="xlsx")]
        case "pillar":
            return list(_instruments(world, code="ALFA"))
        case "indicator":
            return list(_instruments(world, code="ALF-01"))
    raise LookupError(kind)


def _each(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, ANONYMOUS, INACTIVE)))


# --- Asking

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
WAY_IN = "/akun/masuk/?next="


def violations(portal: Portal, name: str) -> list[str]:
    """Every cell of a row that answers otherwise than the table says, and every one never reached."""
    row = MATRIX[name]
    reached: set[tuple[str, str]] = set()
    wrong = list(_ask(portal, name, targets(portal.world, row.kind), reached))
    for method, cells in (("GET", row.get), ("POST", row.post)):
        named = [EVERYBODY] if isinstance(cells, int) else list(cells)
        wrong += [
            f"{name} {method} {relation}: nobody was ever let in"
            for relation in named
            if _lets_in(cells if isinstance(cells, int) else cells[relation])
            and (method, relation) not in reached
        ]
    return wrong


def violations_among(portal: Portal, name: str, objects: str, *people: str) -> list[str]:
    """The same for a few objects, named by a pattern, and a few people: to see whether a fault is noticed."""
    chosen = [
        replace(target, asked_by=people)
        for target in targets(portal.world, MATRIX[name].kind)
        if re.fullmatch(objects, target.name)
    ]
    assert chosen, objects
    return list(_ask(portal, name, chosen, set()))


def _ask(
    portal: Portal, name: str, objects: list[Target], reached: set[tuple[str, str]]
) -> Iterator[str]:
    row = MATRIX[name]
    for target in objects:
        path = reverse(name, kwargs=target.arguments)
        for who in target.asked_by:
            asking = _Asking(portal, row, target, who, path, reached)
            page = portal.ask(who, "GET", path)
            found = [*asking.compare("GET", page)]
            body = _body(portal.world, row, page, path, may=_may(row.post, target, who))
            found += asking.compare("POST", portal.ask(who, "POST", path, body))
            yield from (f"{name} {line}" for line in found)


def expected(row: Row, target: Target, who: str, method: str) -> tuple[int, str]:
    """What the table says for a person, and by which relation."""
    cells = row.get if method == "GET" else row.post
    if who in (ANONYMOUS, INACTIVE):
        if row.anonymous is None:
            return 302, ANONYMOUS
        return row.anonymous[method == "POST"], ANONYMOUS
    if isinstance(cells, int):
        return cells, EVERYBODY
    relation = _may(cells, target, who)
    return (_answer(cells[relation], target), relation) if relation else (NOWHERE, "")


@dataclass(frozen=True)
class _Asking:
    """One person at one address."""

    portal: Portal
    row: Row
    target: Target
    who: str
    path: str
    reached: set[tuple[str, str]]

    def compare(self, method: str, response: HttpResponse) -> Iterator[str]:
        """What is wrong with an answer: its status, where it leads, what it says."""
        status, relation = expected(self.row, self.target, self.who, method)
        cell = f"{method} {self.target.name or self.path} as {self.who} ({relation or 'nobody'})"
        if response.status_code != status:
            where = response.get("Location", "")
            yield f"{cell}: {response.status_code} {where}, not {status}"
        elif status == NOWHERE:
            if without_traces(response, self.path) != _nothing(self.portal, self.who, self.path):
                yield f"{cell}: the page says more than that nothing is there"
        elif relation == ANONYMOUS and self.row.anonymous is None:
            if not response["Location"].startswith(WAY_IN):
                yield f"{cell}: sent to {response['Location']}"
        else:
            yield from self._read(cell, method, response)
            if status < 400:
                self.reached.add((method, relation))

    def _read(self, cell: str, method: str, response: HttpResponse) -> Iterator[str]:
        text = text_of(response)
        yield from leaks(
            {cell: self.portal.world.register.found_in(text)}, self.portal.scope(self.who)
        )
        is_page = method == "GET" and response.status_code == 200
        if is_page and self.who != ANONYMOUS and self.row.marker not in text:
            yield f"{cell}: does not say {self.row.marker!r}"


def _nothing(portal: Portal, who: str, path: str) -> str:
    """The page for what does not exist, in the same part of the portal."""
    part = path.split("/")[1]
    known = portal.nothing
    if (who, part) not in known:
        nowhere = f"/{part}/{MISSING}/tidak-ada/"
        known[who, part] = without_traces(portal.ask(who, "GET", nowhere), nowhere)
    return known[who, part]


def without_traces(response: HttpResponse, path: str) -> str:
    text = TOKEN.sub("", REQUEST_ID.sub("", response.text))
    return text.replace(path, "")


def _body(world: World, row: Row, page: HttpResponse, path: str, *, may: str) -> Mapping[str, Any]:
    more = row.body(world) if callable(row.body) else row.body
    is_page = page.status_code == 200 and page.get("Content-Type", "").startswith("text/html")
    return {**(form_of(page, path) if may and is_page else {}), **more}


def _may(cells: Cells, target: Target, who: str) -> str:
    if who in (ANONYMOUS, INACTIVE):
        return ""
    if isinstance(cells, int):
        return EVERYBODY
    return next(
        (each for each in cells if each == EVERYBODY or who in target.related.get(each, ())), ""
    )


def _answer(answer: Answer, target: Target) -> int:
    if isinstance(answer, int):
        return answer
    return answer.get(target.name, answer.get(target.state, answer.usual))


def _lets_in(answer: Answer) -> bool:
    return any(
        each < 400
        for each in ([answer] if isinstance(answer, int) else [answer.usual, *answer.values()])
    )
