"""Every address, as everybody whom it lets in and as somebody whom it does not, asked as no browser asks.

Bytes that are no text, numbers that no column holds, parameters twice, bodies of another kind than they say: each is
answered or refused in words, and is never a failure of ours.
"""

import json
from collections.abc import Iterator, Mapping

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from prima_portal.middleware import ProbesMiddleware
from tests.architecture.test_access import walk
from tests.security.asking import form_of
from tests.security.cast import ANONYMOUS, CURATOR, OPERATOR
from tests.security.checking import expected
from tests.security.matrix import MATRIX, routed
from tests.security.rows import EVERYBODY
from tests.security.targets import Target, targets
from tests.security.test_hostile_values import PARAMETERS

ROUTED = sorted(routed() & MATRIX.keys())
ELSEWHERE = "jahat.invalid"
NO_TEXT = ("%00", "%ED%A0%80", "%FF%FE%00", "%", "%C0%80", "%F4%90%80%80")
NO_NUMBER = (
    *("9223372036854775808", "-9223372036854775809", "9" * 5_000, "1e999", "-0", "Infinity"),
    *("0x10", "%D9%A3", "%EF%BC%93", "1_000", "%E2%81%A73", "2147483648", "%C2%B2"),
)
ODD = (*NO_TEXT, *NO_NUMBER, "%E2%80%AE", "%0D%0AX-Injected:%201", "x" * 20_000)
HUGE = (2**31, 2**63, 10**40)
FORM = "application/x-www-form-urlencoded"


def askers(name: str, target: Target) -> list[str]:
    """One of each relation that is let in, one that is not, and somebody who is not signed in."""
    row = MATRIX[name]
    cells = {**_cells(row.get), **_cells(row.post)}
    let_in = [min(target.related.get(relation, ()), default="") for relation in cells]
    if EVERYBODY in cells or not cells:
        let_in.append("ani")
    return sorted({*filter(None, let_in), "joko", ANONYMOUS})


def _cells(cells: int | Mapping[str, object]) -> Mapping[str, object]:
    return {EVERYBODY: cells} if isinstance(cells, int) else cells


def visits(world) -> Iterator[tuple[str, Target, str, str]]:
    """Name, object, address and who asks."""
    for name in ROUTED:
        target = targets(world, MATRIX[name].kind)[0]
        path = reverse(name, kwargs=target.arguments)
        for who in askers(name, target):
            yield name, target, path, who


def fell_over(portal, asked: Iterator[tuple[str, str, str, dict]]) -> list[str]:
    """What was answered by a failure: who asked for what."""
    found = []
    for who, method, path, options in asked:
        response = portal.send(who, method, path, **options)
        if response.status_code >= 500 or "X-Injected" in response.headers:
            found.append(f"{who} {method} {path[:80]} {str(options)[:160]}: {response.status_code}")
    return found


# --- What is asked


def _questions() -> list[str]:
    """Strings of all parameters; in each, every one is odd in another way."""
    strings = [
        "&".join(
            f"{name}={ODD[(place + first) % len(ODD)]}" for place, name in enumerate(PARAMETERS)
        )
        for first in range(len(ODD))
    ]
    twice = "&".join(f"{name}=1&{name}=%00&{name}=x" for name in PARAMETERS)
    return [*strings, twice, "&&&=&=x&;&%00=1&%ED%A0%80=2&page", "&".join(["a=1"] * 1_001)]


QUESTIONS = _questions()


@pytest.mark.filterwarnings("ignore:Use '__' to separate:DeprecationWarning")
def test_no_question_makes_a_page_fall_over(portal, world):
    def asked():
        for number, (_name, _target, path, who) in enumerate(visits(world)):
            # Whoever is let in is asked with one in four; the others are turned away at the gate.
            first, step = number % 4, 4 if who not in ("joko", ANONYMOUS) else len(QUESTIONS)
            chosen = QUESTIONS[first::step]
            yield from ((who, "GET", path, {"QUERY_STRING": text}) for text in chosen)

    assert fell_over(portal, asked()) == []


# --- What is sent


def _bodies(fields: list[str]) -> Iterator[tuple[str, bytes]]:
    """Type and bytes of bodies with those fields."""
    for odd in ODD:
        yield FORM, "&".join(f"{field}={odd}" for field in fields).encode()
    twice = "&".join(f"{field}=1&{field}=%00&{field}=" for field in fields)
    yield FORM, twice.encode()
    yield FORM, b"&".join(b"%s=\xff\xfe\xed\xa0\x80" % field.encode() for field in fields)
    yield f"{FORM}; charset=utf-16", b"\xff\xfea\x00=\x00"
    yield f"{FORM}; charset=tidak-ada", b"a=1"
    yield "multipart/form-data", b"--x\r\n"
    yield "multipart/form-data; boundary=x", _parts(fields, b"\x00\xff\xed\xa0\x80")
    yield (
        "multipart/form-data; boundary=x",
        _parts(fields, b"1", disposition=b'; filename="a\x00/../b"'),
    )
    yield "multipart/form-data; boundary=x", _parts(fields, b"1")[:-30]
    yield "multipart/form-data; boundary=x; charset=utf-7", _parts(fields, b"+ADw-")
    yield "application/json", b'{"a": NaN}'
    yield "text/plain", b"\x00\x01"


def _parts(fields: list[str], value: bytes, disposition: bytes = b"") -> bytes:
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        % (field.encode(), disposition, value)
        for field in fields
    )
    return b"".join(parts) + b"--x--\r\n"


def test_no_body_makes_a_form_fall_over(portal, world):
    def asked():
        for number, (name, target, path, who) in enumerate(visits(world)):
            row = MATRIX[name]
            if row.is_json or expected(row, target, who, "POST")[0] in (404, 405):
                continue
            page = portal.ask(who, "GET", path)
            is_page = page.get("Content-Type", "").startswith("text/html")
            shown = form_of(page, path) if page.status_code == 200 and is_page else {}
            fields = sorted({*shown, *row.body_of(world), "file", "revision", "next"})
            bodies = list(_bodies(fields))
            for kind, body in bodies[number % 3 :: 3]:
                yield who, "POST", path, {"data": body, "content_type": kind}

    assert fell_over(portal, asked()) == []


def _documents() -> Iterator[bytes]:
    odd = ('"\\ud800"', '"\\u0000"', "1e999", "9" * 400, "NaN", "null", "[[]]", '{"a": {}}', "true")
    for value in (*odd, '"' + "x" * 50_000 + '"'):
        fields = ("value", "revision", "note", "evidence", "reason", "not_applicable", "declared")
        yield ("{" + ", ".join(f'"{field}": {value}' for field in fields) + "}").encode()
        yield value.encode()
    yield b'{"value": "2", "value": "3", "revision": 1}'
    yield b"[" * 100_000
    yield b"\xff\xfe{"
    yield json.dumps({"value": "2", "revision": 1, "evidence": ["\ud800", "\x00"]}).encode()


def test_no_document_makes_the_interface_fall_over(portal, world):
    def asked():
        for name in ROUTED:
            if not MATRIX[name].is_json or isinstance(MATRIX[name].post, int):
                continue
            for method in ("POST", "PUT", "PATCH"):
                path = reverse(name, kwargs={**_own_of_sari(world, name)})
                for body in _documents():
                    yield "sari", method, path, {"data": body, "content_type": "application/json"}

    assert fell_over(portal, asked()) == []


def _own_of_sari(world, name: str) -> dict[str, object]:
    found = targets(world, MATRIX[name].kind)
    return dict(next((each for each in found if each.name == "sari"), found[0]).arguments)


# --- Where it is sent to


def test_no_address_makes_the_portal_fall_over(portal, world):
    """Each part of each address in turn: a number that no column holds, bytes that are no text."""

    def asked():
        for name in ROUTED:
            target = targets(world, MATRIX[name].kind)[0]
            people = askers(name, target)
            for path in _odd_addresses(name, target):
                for who in people:
                    yield who, "GET", path, {}
                    yield who, "POST", path, {"data": b"", "content_type": FORM}
        for model in (
            "accounts_user",
            "assessments_assessment",
            "audit_event",
            "axes_accessattempt",
        ):
            for odd in (*map(str, HUGE), *NO_TEXT, "_3A", "__"):
                for page in ("change", "history", "delete"):
                    path = reverse(f"admin:{model}_{page}", args=("KUNCI",)).replace("KUNCI", odd)
                    yield OPERATOR, "GET", path, {}

    assert fell_over(portal, asked()) == []


def _odd_addresses(name: str, target: Target) -> Iterator[str]:
    for argument, usual in target.arguments.items():
        if isinstance(usual, int):
            for number in (0, *HUGE):
                yield reverse(name, kwargs={**target.arguments, argument: number})
            continue
        try:
            path = reverse(name, kwargs={**target.arguments, argument: "KUNCI"})
        except NoReverseMatch:
            continue
        yield from (path.replace("KUNCI", odd) for odd in (*NO_TEXT[:3], "%2E%2E", "x" * 3_000))


def test_an_object_of_a_number_that_no_column_holds_does_not_exist(portal, world):
    wrong = []
    for name in ROUTED:
        target = targets(world, MATRIX[name].kind)[0]
        numbers = [key for key, usual in target.arguments.items() if isinstance(usual, int)]
        for who in askers(name, target) if numbers else ():
            if who == ANONYMOUS:
                continue
            for number in HUGE:
                arguments = {**target.arguments, **dict.fromkeys(numbers, number)}
                status = portal.ask(who, "GET", reverse(name, kwargs=arguments)).status_code
                if status not in (404, 405):
                    wrong.append(f"{who} {name} {number}: {status}")
    assert wrong == []


# --- What comes with it


@pytest.mark.parametrize(
    "value",
    [r'"\000"', r'"\355\240\200"', '"' + "a" * 4_000 + '"', "id; Path=/", "../../etc", "\\", "ÿ"],
    ids=ascii,
)
def test_no_cookie_makes_a_page_fall_over(portal, world, value):
    found = []
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages")
    for name in (*names, settings.LANGUAGE_COOKIE_NAME):
        for path in ("/", "/akun/masuk/", "/penilaian/", "/api/v1/me", "/tidak-ada/", "/operator/"):
            for method in ("GET", "POST"):
                visitor = Client(raise_request_exception=False, enforce_csrf_checks=True)
                response = visitor.generic(method, path, HTTP_COOKIE=f"{name}={value}")
                if response.status_code >= 500:
                    found.append(f"{method} {path} {name}: {response.status_code}")
    assert found == []


@pytest.mark.parametrize("proxies", [0, 1])
@pytest.mark.parametrize("claimed", ["jahat", "1.2.3.4:99", "[::1]", "::1, x", "'; --", "1" * 300])
def test_no_claimed_address_makes_signing_in_fall_over(world, settings, claimed, proxies):
    settings.PROXY_COUNT = proxies
    claims = {"HTTP_X_FORWARDED_FOR": claimed, "HTTP_USER_AGENT": "x" * 5_000}
    visitor = Client(raise_request_exception=False, **claims)
    for path, fields in (
        ("/akun/masuk/", {"login": world.people["ani"].nip, "password": "salah-salah-salah"}),
        ("/akun/lupa-kata-sandi/", {"email": "ani@contoh.invalid"}),
        ("/akun/masuk/", {"login": world.people["ani"].nip, "password": "kunci-yang-panjang-1"}),
        ("/penilaian/", {}),
    ):
        assert visitor.post(path, fields).status_code < 500, path


# --- Other methods, other hosts


def test_looking_without_reading_answers_as_reading_does(portal, world):
    wrong = []
    for name, _target, path, who in visits(world):
        if MATRIX[name].is_json:
            continue  # the interface names its methods: docs/openapi.json
        page, head = portal.ask(who, "GET", path), portal.ask(who, "HEAD", path)
        said = head.whole if head.streaming else head.content
        if (head.status_code, said) != (page.status_code, b""):
            wrong.append(f"{who} {name}: {head.status_code}, not {page.status_code}")
    assert wrong == []


def test_asking_what_may_be_done_tells_and_does_nothing(portal, world, written):
    wrong = []
    asked = list(visits(world))
    written.clear()
    for name, _target, path, who in asked:
        response = portal.ask(who, "OPTIONS", path)
        allowed = {302, 401, 404, 405, *((200,) if name.startswith("account_") else ())}
        if response.status_code not in allowed:
            wrong.append(f"{who} {name}: {response.status_code}")
        if response.status_code == 200 and response.content:
            wrong.append(f"{who} {name}: says something")
    assert (wrong, written) == ([], [])


OVERRIDES = {
    "HTTP_X_HTTP_METHOD_OVERRIDE": "POST",
    "HTTP_X_METHOD_OVERRIDE": "POST",
    "HTTP_X_HTTP_METHOD": "POST",
    "QUERY_STRING": "_method=POST",
}


def test_reading_cannot_be_passed_off_as_writing(portal, world, written):
    asked = list(visits(world))
    written.clear()
    wrong = [
        f"{who} {name}"
        for name, _target, path, who in asked
        if portal.ask(who, "GET", path, **OVERRIDES).status_code
        != portal.ask(who, "GET", path).status_code
    ]
    assert (wrong, written) == ([], [])


def test_a_host_of_no_portal_is_turned_away_everywhere(portal, world):
    answered = {
        path: portal.ask(who, "GET", path, headers={"host": ELSEWHERE}).status_code
        for _name, _target, path, who in visits(world)
        if path not in ProbesMiddleware.PATHS  # monitors ask a process by its own address
    }
    assert {path: status for path, status in answered.items() if status != 400} == {}


CLAIMS = {
    "HTTP_X_FORWARDED_HOST": ELSEWHERE,
    "HTTP_X_HOST": ELSEWHERE,
    "HTTP_FORWARDED": f"host={ELSEWHERE};proto=https",
    "HTTP_X_FORWARDED_SERVER": ELSEWHERE,
    "HTTP_X_ORIGINAL_URL": f"/{ELSEWHERE}",
    "HTTP_X_REWRITE_URL": f"/{ELSEWHERE}",
    "HTTP_X_FORWARDED_PREFIX": f"/{ELSEWHERE}",
    "HTTP_REFERER": f"https://{ELSEWHERE}/",
    "HTTP_X_FORWARDED_PROTO": "https",
}


def test_no_header_of_a_visitor_comes_back_in_an_answer(portal, world):
    """What a cache could keep for others holds nothing that one visitor claimed."""
    wrong = []
    for name, _target, path, who in visits(world):
        for method in ("GET", "POST"):
            response = portal.ask(who, method, path, **CLAIMS)
            said = str(response.headers) + (response.text if not response.streaming else "")
            if ELSEWHERE in said:
                wrong.append(f"{who} {method} {name}")
    assert wrong == []


OF_NOBODY = {"livez", "readyz", "metrics", "api:openapi"}
"""What says the same to everybody and asks nobody who they are."""


def test_no_cache_between_keeps_what_is_one_persons(portal, world):
    """Signed in: kept nowhere. Otherwise: for the same cookies only, which choose the language and hold the token."""
    wrong = []
    for name, _target, path, who in visits(world):
        if name in OF_NOBODY:
            continue
        response = portal.ask(who, "GET", path)
        kept = response.get("Cache-Control", "")
        if who != ANONYMOUS and "no-store" not in kept:
            wrong.append(f"{who} {name}: {kept}")
        if "no-store" not in kept and "Cookie" not in response.get("Vary", ""):
            wrong.append(f"{who} {name}: kept for everybody")
    assert wrong == []


def test_every_address_is_asked(world):
    names = {
        ":".join([*spaces, pattern.name or ""])
        for _route, pattern, spaces in walk()
        if spaces[:1] != ["admin"]
    }
    assert {name for name, *_ in visits(world)} == names
    assert {who for *_, who in visits(world)} >= {"ani", "budi", CURATOR, "eko", ANONYMOUS}
