from dataclasses import replace
from decimal import Decimal

import pytest

from pillars.files import ScalePoint, Why, build_document, content_hash, structure_hash
from tests.pillars.files.trees import make_tree

DOCUMENT = build_document(make_tree())


def with_pillar(**fields):
    first, *others = DOCUMENT.pillars
    return replace(DOCUMENT, pillars=(replace(first, **fields), *others))


def with_indicator(**fields):
    first, *others = DOCUMENT.pillars[0].indicators
    return with_pillar(indicators=(replace(first, **fields), *others))


def with_band(**fields):
    first, *others = DOCUMENT.bands
    return replace(DOCUMENT, bands=(replace(first, **fields), *others))


WORDING = {
    "title": replace(DOCUMENT, title="Lain"),
    "language": replace(DOCUMENT, language="en"),
    "version": replace(DOCUMENT, version="2026.2"),
    "code": replace(DOCUMENT, code="LAIN"),
    "label": replace(DOCUMENT, scale=(ScalePoint(Decimal(1), "Lain"), *DOCUMENT.scale[1:])),
    "band label": with_band(label="Lain"),
    "pillar name": with_pillar(name="Lain"),
    "pillar description": with_pillar(description="Lain"),
    "statement": with_indicator(statement="Lain"),
    "levels": with_indicator(levels=("a", "b", "c", "lain")),
    "why": with_indicator(why=Why("Lain")),
}
STRUCTURE = {
    "conversion": replace(DOCUMENT, conversion="min-max"),
    "coverage": replace(DOCUMENT, minimum_coverage=Decimal("0.81")),
    "decimals": replace(DOCUMENT, decimals=3),
    "scale": replace(DOCUMENT, scale=DOCUMENT.scale[:-1]),
    "band code": with_band(code="AA"),
    "band bound": with_band(lower=Decimal("88.32")),
    "pillar code": with_pillar(code="PP"),
    "pillar weight": with_pillar(weight=Decimal("20.5")),
    "pillar order": replace(DOCUMENT, pillars=DOCUMENT.pillars[::-1]),
    "indicator code": with_indicator(code="P-9"),
    "indicator order": with_pillar(indicators=DOCUMENT.pillars[0].indicators[::-1]),
    "indicator weight": with_indicator(weight=Decimal(2)),
    "reversed": with_indicator(reversed=True),
    "not applicable": with_indicator(not_applicable=True),
    "evidence": with_indicator(evidence_from=Decimal(1)),
    "own scale": with_indicator(scale=DOCUMENT.scale[:-1]),
}


@pytest.mark.parametrize("what", WORDING)
def test_wording_changes_the_content_only(what):
    assert content_hash(WORDING[what]) != content_hash(DOCUMENT)
    assert structure_hash(WORDING[what]) == structure_hash(DOCUMENT)


@pytest.mark.parametrize("what", STRUCTURE)
def test_structure_changes_both(what):
    assert content_hash(STRUCTURE[what]) != content_hash(DOCUMENT)
    assert structure_hash(STRUCTURE[what]) != structure_hash(DOCUMENT)


@pytest.mark.parametrize("weight", [20, "20", "20.0", Decimal("2E+1"), Decimal("20.000000")])
def test_a_number_is_hashed_by_value(weight):
    tree = make_tree()
    tree["pillars"][0]["weight"] = weight
    document = build_document(tree)
    assert content_hash(document) == content_hash(DOCUMENT)
    assert structure_hash(document) == structure_hash(DOCUMENT)
    # As a database gives it back, with trailing zeros:
    stored = with_pillar(weight=Decimal("20.000000"))
    assert content_hash(stored) == content_hash(DOCUMENT)


def test_an_own_scale_equal_to_the_default_is_the_same_structure():
    assert structure_hash(with_indicator(scale=DOCUMENT.scale)) == structure_hash(DOCUMENT)
