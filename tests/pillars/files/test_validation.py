"""Every refusal of an instrument file, by its place."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from exchange.files import FileRefused
from pillars.files import (
    ScalePoint,
    Why,
    build_document,
    read_toml,
    read_xlsx,
    write_toml,
    write_xlsx,
)
from tests.pillars.files.trees import make_tree

MISSING = object()


def spoil(tree, place, value):
    """Set, or with MISSING delete, what a path such as ``pillars[0].code`` names."""
    *parents, last = place.replace("[", ".").replace("]", "").split(".")
    target = tree
    for step in parents:
        target = target[int(step)] if step.isdigit() else target[step]
    key = int(last) if last.isdigit() else last
    if value is MISSING:
        del target[key]
    elif isinstance(target, list) and key == len(target):
        target.append(value)
    else:
        target[key] = value
    return tree


def faults_of(tree):
    with pytest.raises(FileRefused) as caught:
        build_document(tree)
    return caught.value.faults


def places_of(tree):
    return [fault.place for fault in faults_of(tree)]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("instrument", MISSING),
        ("instrument", "teks"),
        ("instrument.code", MISSING),
        ("instrument.code", 5),
        ("instrument.code", ""),
        ("instrument.code", "dua kata"),
        ("instrument.code", "kodé"),
        ("instrument.code", "A" * 41),
        ("instrument.code", "A\n"),
        ("instrument.version", 2026),
        ("instrument.title", MISSING),
        ("instrument.title", "   "),
        ("instrument.title", "j" * 251),
        ("instrument.title", "nul \x00"),
        ("instrument.title", date(2026, 1, 1)),
        ("instrument.conversion", MISSING),
        ("instrument.conversion", "persen"),
        ("instrument.conversion", 1),
        ("instrument.conversion", ["min-max"]),
        ("instrument.minimum_coverage", MISSING),
        ("instrument.minimum_coverage", Decimal("1.01")),
        ("instrument.minimum_coverage", Decimal("-0.1")),
        ("instrument.minimum_coverage", Decimal("NaN")),
        ("instrument.minimum_coverage", Decimal("Infinity")),
        ("instrument.minimum_coverage", "0,8"),
        ("instrument.minimum_coverage", "80 %"),
        ("instrument.minimum_coverage", "1e-1"),
        ("instrument.minimum_coverage", "０.8"),
        ("instrument.minimum_coverage", True),
        ("instrument.minimum_coverage", [1]),
        ("instrument.minimum_coverage", {"value": 1}),
        ("instrument.minimum_coverage", Decimal("0.1234567890123")),
        ("instrument.minimum_coverage", Decimal("1E-999999999")),
        ("instrument.decimals", 7),
        ("instrument.decimals", -1),
        ("instrument.decimals", Decimal("1.5")),
        ("instrument.decimals", False),
        ("instrument.bobot", 1),
        ("catatan", {}),
        ("scale", "1-4"),
        ("scale", []),
        ("scale", [1, 2]),
        ("scale[1].value", "dua"),
        ("scale[1].value", MISSING),
        ("scale[1].value", 1),
        ("scale[1].value", Decimal("1.00")),
        ("scale[1].value", Decimal("1.0000000000001")),
        ("scale[3].value", 100_000),
        ("scale[3].value", Decimal("1E+999999999")),
        ("scale[0].value", -1),
        ("scale[0].label", "l" * 151),
        ("scale[0].nilai", 1),
        ("bands", {}),
        ("bands", []),
        ("bands[0].code", MISSING),
        ("bands[1].code", "A"),
        ("bands[0].label", 1),
        ("bands[0].lower", "88,31"),
        ("bands[0].lower", 101),
        ("bands[0].lower", -1),
        ("bands[0].warna", "hijau"),
        ("bands[1].lower", "88.31"),
        ("bands[1].lower", "90"),
        ("bands[1].lower", "25.01"),
        ("pillars", MISSING),
        ("pillars", []),
        ("pillars", "P"),
        ("pillars[1].code", "P"),
        ("pillars[1].name", MISSING),
        ("pillars[1].name", "n" * 151),
        ("pillars[1].description", 1),
        ("pillars[1].weight", MISSING),
        ("pillars[1].weight", -1),
        ("pillars[1].weight", Decimal("0.0000000000001")),
        ("pillars[1].weight", 10**6),
        ("pillars[1].weight", 10**60),
        ("pillars[1].indicators", MISSING),
        ("pillars[1].indicators", []),
        ("pillars[1].ikon", "bintang"),
        ("pillars[1].indicators[0].code", "P-1"),
        *(
            ("pillars[1].indicators[0].code", code)
            for code in (
                "respondent",
                "Respondent",
                "next",
                "token",
                "change",
                "indicator",
                ".",
                "..",
            )
        ),
        ("pillars[1].code", ".."),
        ("pillars[0].code", "."),
        ("pillars[1].indicators[0].statement", MISSING),
        ("pillars[1].indicators[0].statement", ""),
        ("pillars[1].indicators[0].weight", "-0.5"),
        ("pillars[1].indicators[0].weight", None),
        ("pillars[0].indicators[0].levels", "a b c d"),
        ("pillars[0].indicators[0].levels", []),
        ("pillars[0].indicators[0].levels", ["a", "b", "c"]),
        ("pillars[0].indicators[0].levels", ["a", "b", "c", "d", "e"]),
        ("pillars[0].indicators[0].levels[2]", ""),
        ("pillars[0].indicators[0].levels[2]", 3),
        ("pillars[0].indicators[0].reversed", "ya"),
        ("pillars[0].indicators[0].not_applicable", 1),
        ("pillars[0].indicators[0].evidence_from", 5),
        ("pillars[0].indicators[0].evidence_from", "3.5"),
        ("pillars[0].indicators[0].evidence_from", "tiga"),
        ("pillars[0].indicators[0].wieght", 1),
        ("pillars[0].indicators[0].why", 1),
        ("pillars[0].indicators[0].scale", []),
        ("pillars[0].indicators[0].scale", [{"value": 1}]),
    ],
)
def test_a_fault_is_named_at_its_place(place, value):
    assert places_of(spoil(make_tree(), place, value)) == [place]


def test_every_fault_is_named_at_once():
    tree = make_tree()
    for place, value in (
        ("instrument.minimum_coverage", 80),
        ("scale[2].value", 1),
        ("pillars[0].weight", -1),
        ("pillars[0].indicators[0].codex", "x"),
        ("pillars[0].indicators[1].reversed", "ya"),
        ("pillars[1].indicators[0].code", "P-1"),
        ("bands[1].lower", 100),
        ("lain", 1),
    ):
        spoil(tree, place, value)
    assert places_of(tree) == [
        "instrument.minimum_coverage",
        "scale[2].value",
        "pillars[0].weight",
        "pillars[0].indicators[0].codex",
        "pillars[0].indicators[1].reversed",
        "pillars[1].indicators[0].code",
        "lain",
        "bands[1].lower",
    ]


def test_an_empty_file_lacks_its_two_tables():
    assert places_of({}) == ["instrument", "pillars"]


def test_a_message_says_what_to_do():
    (fault,) = faults_of(spoil(make_tree(), "bands[0].lower", "88,31"))
    assert str(fault) == (
        "bands[0].lower: “88,31” tidak terbaca sebagai angka. "
        "Pakai titik desimal tanpa spasi, misalnya 88.31."
    )
    (fault,) = faults_of(spoil(make_tree(), "bands[1].lower", "30"))
    assert fault.reason == (
        "Nilai terendah yang mungkin adalah 25, tetapi predikat terendah baru mulai dari 30: "
        "nilai di bawahnya tidak berpredikat. Turunkan menjadi 25 atau kurang."
    )


def test_an_endless_text_is_not_repeated():
    (fault,) = faults_of(spoil(make_tree(), "instrument.conversion", "x" * 10_000))
    assert len(fault.reason) < 200


@pytest.mark.parametrize("weights", [(0, 0), ("0.0", Decimal("0E+5"))])
def test_pillars_may_not_all_weigh_nothing(weights):
    tree = make_tree()
    for pillar, weight in zip(tree["pillars"], weights, strict=True):
        pillar["weight"] = weight
    assert places_of(tree) == ["pillars"]


def test_a_pillar_with_weight_needs_an_indicator_with_weight():
    tree = spoil(make_tree(), "pillars[1].indicators[0].weight", 0)
    assert places_of(tree) == ["pillars[1].indicators"]
    tree["pillars"][1]["weight"] = 0
    assert build_document(tree).pillars[1].weight == 0


def test_weight_of_one_indicator_may_be_zero():
    tree = spoil(make_tree(), "pillars[0].indicators[0].weight", 0)
    assert build_document(tree).pillars[0].indicators[0].weight == 0


def test_negative_values_need_min_max():
    tree = spoil(make_tree(), "scale", [{"value": -2}, {"value": 0}])
    tree["pillars"][0]["indicators"] = tree["pillars"][0]["indicators"][1:]
    del tree["pillars"][0]["indicators"][0]["evidence_from"]
    assert places_of(tree) == ["scale[0].value", "scale[1].value"]
    tree["instrument"]["conversion"] = "min-max"
    tree["bands"][1]["lower"] = 0
    assert build_document(tree).scale == (
        ScalePoint(Decimal(-2), "-2"),
        ScalePoint(Decimal(0), "0"),
    )


@pytest.mark.parametrize(
    ("conversion", "lower", "gap"),
    [("share-of-maximum", "25", False), ("min-max", "25", True), ("min-max", "0", False)],
)
def test_the_lowest_band_reaches_the_lowest_score(conversion, lower, gap):
    tree = spoil(make_tree(), "instrument.conversion", conversion)
    tree["bands"][1]["lower"] = lower
    if gap:
        assert places_of(tree) == ["bands[1].lower"]
    else:
        assert str(build_document(tree).bands[1].lower) == lower


@pytest.mark.parametrize(("lower", "gap"), [("33.33", False), ("33.34", True)])
def test_the_gap_is_looked_for_after_rounding(lower, gap):
    tree = make_tree()
    tree["scale"] = [{"value": value} for value in (1, 2, 3)]
    tree["pillars"] = tree["pillars"][1:]
    tree["bands"][1]["lower"] = lower
    if gap:
        assert places_of(tree) == ["bands[1].lower"]
    else:
        build_document(tree)


def test_the_gap_is_looked_for_on_scales_that_are_scored():
    tree = make_tree()
    own = [{"value": 0}, {"value": 1}]
    tree["pillars"][1]["indicators"].append(
        {"code": "Q-2", "statement": "Ya atau tidak", "scale": own, "weight": 0}
    )
    build_document(tree)
    tree["pillars"][1]["indicators"][1]["weight"] = 1
    assert places_of(tree) == ["bands[1].lower"]


def test_an_own_scale_rules_levels_and_evidence():
    tree = make_tree()
    tree["pillars"][1]["indicators"][0] |= {
        "scale": [{"value": "0.5", "label": "Separuh"}, {"value": 1}],
        "levels": ["separuh", "penuh"],
        "evidence_from": "0.5",
    }
    indicator = build_document(tree).pillars[1].indicators[0]
    assert indicator.scale == (
        ScalePoint(Decimal("0.5"), "Separuh"),
        ScalePoint(Decimal(1), "1"),
    )
    tree["pillars"][1]["indicators"][0] |= {"levels": ["a", "b", "c", "d"], "evidence_from": 4}
    assert places_of(tree) == [
        "pillars[1].indicators[0].levels",
        "pillars[1].indicators[0].evidence_from",
    ]


def test_the_default_scale_may_be_absent_only_where_nobody_needs_it():
    tree = make_tree()
    del tree["scale"]
    assert places_of(tree) == [
        "pillars[0].indicators[0].scale",
        "pillars[0].indicators[1].scale",
        "pillars[1].indicators[0].scale",
    ]
    for pillar in tree["pillars"]:
        for indicator in pillar["indicators"]:
            indicator["scale"] = [{"value": value} for value in (1, 2, 3, 4)]
    document = build_document(tree)
    assert document.scale == ()
    assert read_toml(write_toml(document).encode()) == document
    assert read_xlsx(write_xlsx(document)) == document


def test_a_scale_has_a_bounded_number_of_points():
    tree = make_tree()
    del tree["pillars"][0]["indicators"][0]["levels"]
    tree["instrument"]["conversion"] = "min-max"
    tree["bands"][1]["lower"] = 0
    tree["scale"] = [{"value": value} for value in range(101)]
    build_document(tree)
    tree["scale"].append({"value": 101})
    assert places_of(tree) == ["scale"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("Alasan", Why("Alasan")),
        ({"reason": "Alasan"}, Why("Alasan")),
        (
            {
                "reason": "Alasan",
                "source": "Panduan",
                "berakhlak": "Kompeten",
                "reviewed_on": date(2026, 1, 2),
                "next_review": "2027-01-02",
            },
            Why("Alasan", "Panduan", "Kompeten", date(2026, 1, 2), date(2027, 1, 2)),
        ),
    ],
)
def test_why_is_a_text_or_a_table(given, why):
    tree = spoil(make_tree(), "pillars[0].indicators[0].why", given)
    read = build_document(tree).pillars[0].indicators[0].why
    assert read == why
    assert Why.from_data(why.to_data()) == why


def test_an_optional_text_may_be_empty():
    tree = spoil(make_tree(), "pillars[0].indicators[0].why", "")
    spoil(tree, "pillars[0].description", "")
    spoil(tree, "scale[0].label", "")
    document = build_document(tree)
    assert document.pillars[0].indicators[0].why is None
    assert document.pillars[0].description == ""
    assert document.scale[0].label == "1"


def test_no_why_is_none():
    assert build_document(make_tree()).pillars[0].indicators[0].why is None
    assert Why.from_data("") is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reason", MISSING),
        ("reason", ""),
        ("source", 1),
        ("berakhlak", ["Kompeten"]),
        ("reviewed_on", "2 Januari 2026"),
        ("reviewed_on", "2026-02-30"),
        ("reviewed_on", datetime(2026, 1, 2)),  # noqa: DTZ001
        ("next_review", "2026-01-01"),
        ("author", "Dewi"),
    ],
)
def test_a_fault_in_why(key, value):
    why = {
        "reason": "Alasan",
        "source": "Panduan",
        "berakhlak": "Kompeten",
        "reviewed_on": date(2026, 1, 2),
    }
    tree = spoil(make_tree(), "pillars[0].indicators[0].why", why)
    spoil(tree, f"pillars[0].indicators[0].why.{key}", value)
    assert places_of(tree) == [f"pillars[0].indicators[0].why.{key}"]
