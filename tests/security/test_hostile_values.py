"""Hostile texts in every parameter, address and field: answered or refused, never a failure, never run."""

from urllib.parse import quote

import pytest

from tests.architecture.test_access import walk as addresses
from tests.security.canaries import text_of
from tests.security.cast import ANONYMOUS, CURATOR, OPERATOR
from tests.security.checking import some
from tests.security.matrix import MATRIX, routed

ROUTED = sorted(routed() & MATRIX.keys())
SCRIPT = "\"'><script>alert('kenari')</script><img src=x onerror=alert(1)>"
NASTY = (
    *("%' OR 1=1 --", "{{ 7|add:7 }}{% debug %}", "\x00", "\ud7ff\uffff", "../../etc/passwd"),
    *("-1", "9" * 400, "NaN", SCRIPT),
)


def body_of(response):
    """What a browser would read as a page; nothing of what it would not."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    return text_of(response).partition("<!DOCTYPE")[2] if is_page else ""


PARAMETERS = (
    *("cycle", "status", "name", "page", "sort", "nilai", "pilar", "pindah", "arah", "gaps"),
    *("change", "next", "instrument", "q", "o", "p", "e", "before", "verb", "actor"),
    *("person", "since", "until", "request_id", "format"),
)
OWNERS = {
    "assessments:supervisor_reports": "hesti",
    "assessments:supervisor_report": "hesti",
    "audit:events": "eko",
    "audit:event": "eko",
    "audit:export_events": "eko",
    "audit:breach": "eko",
    "dashboards:index": "budi",
    "dashboards:unit": "eko",
    "dashboards:export": "eko",
}


# A column of a table is asked for by a path with dots; the library has its own opinion on that.
@pytest.mark.filterwarnings("ignore:Use '__' to separate:DeprecationWarning")
@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_no_parameter_makes_a_page_fall_over_or_comes_back_unescaped(portal, world, value):
    for name in ROUTED:
        who = OWNERS.get(name, "budi" if ":review" in name else "ani")
        who = CURATOR if name.startswith("pillars:") or ":cycle" in name else who
        response = portal.ask(who, "GET", some(world, name), dict.fromkeys(PARAMETERS, value))
        assert response.status_code < 500, name
        assert "<script>alert(" not in body_of(response), name


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_no_address_makes_a_page_fall_over(portal, world, value):
    odd = quote(value, safe="")
    unit = world.unit_of("ani", world.now).pk
    paths = {
        f"/penilaian/{world.assessment('sari').pk}/pilar/{odd}/": "sari",
        f"/tinjauan/{world.assessment('ani').pk}/pilar/{odd}/": "budi",
        f"/penilaian/{world.assessment('sari').pk}/bukti/{odd}/": "sari",
        f"/unit/{odd}/{unit}/": "budi",
        f"/unit/KINI/{odd}/": "budi",
        f"/unit/KINI/{unit}/unduh.{odd}": "budi",
        f"/instrumen/{world.draft.pk}/unduh/{odd}/": CURATOR,
        f"/instrumen/{world.draft.pk}/pilar/{odd}/": CURATOR,
        f"/instrumen/{world.draft.pk}/pilar/{odd}/hapus/": CURATOR,
        f"/instrumen/{world.draft.pk}/pilar/{odd}/indikator-baru/": CURATOR,
        f"/instrumen/{world.draft.pk}/indikator/{odd}/": CURATOR,
        f"/instrumen/{world.draft.pk}/indikator/{odd}/hapus/": CURATOR,
        f"/instrumen/{odd}/": CURATOR,
        f"/periode/{odd}/": CURATOR,
        f"/penilaian/{odd}/": "ani",
        f"/akun/lupa-kata-sandi/{odd}-{odd}/": ANONYMOUS,
        f"/operator/accounts/user/{odd}/change/": OPERATOR,
        f"/operator/r/{odd}/{odd}/": OPERATOR,
        f"/{odd}": "ani",
    }
    for path, who in paths.items():
        response = portal.ask(who, "GET", path)
        assert response.status_code in (200, 301, 302, 404), path
        assert "<script>alert(" not in body_of(response), path


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_no_form_falls_over(portal, world, value):
    """Every field of every form at once, with something that does not belong there."""
    for name in ROUTED:
        row = MATRIX[name]
        who = OWNERS.get(name, "budi" if ":review" in name else "ani")
        who = CURATOR if name.startswith("pillars:") or ":cycle" in name else who
        path = some(world, name)
        fields = {**row.body_of(world), **LEVELS}
        sent = {field: value for field in fields if field != "file"}
        response = portal.ask(who, "POST", path, sent)
        assert response.status_code < 500, (name, response.status_code)
        assert "<script>alert(" not in body_of(response), name
    for field in ("login", "password", "email"):
        for path in ("/akun/masuk/", "/akun/lupa-kata-sandi/"):
            response = portal.ask(
                ANONYMOUS, "POST", path, {"login": "x", "password": "y", field: value}
            )
            assert response.status_code in (200, 302, 303, 422), path
            assert "<script>alert(" not in body_of(response), path


LEVELS = dict.fromkeys(
    (
        *(
            "ALF-01",
            "ALF-01-note",
            "ALF-01-evidence",
            "ALF-01-rev",
            "ALF-01-token",
            "ALF-03-na_reason",
        ),
        *(
            "ALF-01:note",
            "ALF-01:redo",
            "ALF-01:revision",
            "indicator",
            "note",
            "message",
            "revision",
        ),
        *(
            "name",
            "code",
            "weight",
            "opens_at",
            "closes_at",
            "census_date",
            "population",
            "unit_codes",
        ),
        *(
            "nip",
            "unit",
            "unit_code",
            "until",
            "reason",
            "decision",
            "resolution",
            "version",
            "direction",
        ),
        *(
            "title",
            "minimum_coverage",
            "decimals",
            "conversion",
            "statement",
            "level_1",
            "lower",
            "label",
        ),
    )
)


def test_every_parameterised_address_is_tried_with_odd_values():
    """Remedy: an address with a text in it belongs into `paths` of the test above."""
    tried = {"evidence", "fill", "review_pillar", "unit", "export", "download"}
    tried |= {"edit_pillar", "move_pillar", "remove_pillar", "add_indicator"}
    tried |= {
        "personnel_file"
    }  # what is no file answers 404: tests/assessments/views/test_personnel.py
    tried |= {"edit_indicator", "move_indicator", "remove_indicator"}
    with_text = {
        pattern.name
        for route, pattern, spaces in addresses()
        if "<str:" in route and spaces[:1] != ["admin"]
    }
    assert with_text - tried == set()
