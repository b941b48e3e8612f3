from decimal import Decimal

import pytest

from assessments.scoring import Conversion, InvalidScheme, PillarScheme
from tests.assessments.schemes import make_item, make_pillar, make_scheme


@pytest.mark.parametrize("weight", ["-1", "NaN", "Infinity"])
@pytest.mark.parametrize("make", [make_item, make_pillar])
def test_a_weight_is_a_number_from_zero_up(make, weight):
    with pytest.raises(InvalidScheme, match="weight"):
        make(weight=weight)


@pytest.mark.parametrize(
    ("scale", "complaint"),
    [
        (["1"], "two values"),
        (["1", "1.0"], "ascend"),
        (["2", "1"], "ascend"),
        (["1", "Infinity"], "finite"),
        (["NaN", "1"], "finite"),
    ],
)
def test_a_scale_ascends(scale, complaint):
    with pytest.raises(InvalidScheme, match=complaint):
        make_item(values=scale)


def test_a_pillar_has_an_indicator():
    with pytest.raises(InvalidScheme, match="indicator"):
        PillarScheme("P", Decimal(1), ())


@pytest.mark.parametrize("coverage", ["-0.1", "1.1", "NaN"])
def test_coverage_is_a_share(coverage):
    with pytest.raises(InvalidScheme, match="coverage"):
        make_scheme(minimum_coverage=coverage)


@pytest.mark.parametrize("decimals", [-1, 7])
def test_decimals_are_bounded(decimals):
    with pytest.raises(InvalidScheme, match="decimals"):
        make_scheme(decimals=decimals)


@pytest.mark.parametrize(
    ("bands", "complaint"),
    [
        ([("A", "50"), ("B", "50.0")], "descend"),
        ([("B", "0"), ("A", "50")], "descend"),
        ([("A", "50"), ("A", "0")], "repeated"),
    ],
)
def test_bands_descend(bands, complaint):
    with pytest.raises(InvalidScheme, match=complaint):
        make_scheme(bands=bands)


def test_an_instrument_has_a_pillar():
    scheme = make_scheme()
    with pytest.raises(InvalidScheme, match="pillar"):
        type(scheme)(
            code=scheme.code,
            version=scheme.version,
            conversion=scheme.conversion,
            minimum_coverage=scheme.minimum_coverage,
            decimals=scheme.decimals,
            bands=scheme.bands,
            pillars=(),
        )


def test_codes_are_not_repeated_across_pillars():
    with pytest.raises(InvalidScheme, match="pillar code"):
        make_scheme(make_pillar("P", make_item("A")), make_pillar("P", make_item("B")))
    with pytest.raises(InvalidScheme, match="indicator code"):
        make_scheme(make_pillar("P", make_item("A")), make_pillar("Q", make_item("A")))


@pytest.mark.parametrize("scale", [["-1", "1"], ["-1", "0"]])
def test_a_share_of_the_maximum_needs_values_from_zero_up(scale):
    with pytest.raises(InvalidScheme, match="share"):
        make_scheme(make_pillar("P", make_item(values=scale)))
    make_scheme(make_pillar("P", make_item(values=scale)), conversion=Conversion.MIN_MAX)


def test_equal_schemes_hash_alike():
    assert make_scheme() == make_scheme()
    assert hash(make_scheme()) == hash(make_scheme())
    assert make_scheme() != make_scheme(decimals=1)


@pytest.mark.parametrize(
    ("rounded", "band"),
    [
        ("100.00", "A"),
        ("88.31", "A"),
        ("88.30", "B"),
        ("76.61", "B"),
        ("76.60", "C"),
        ("65.00", "C"),
        ("64.99", "D"),
        ("25.00", "D"),
        ("24.99", None),
    ],
)
def test_a_score_belongs_to_the_first_band_it_reaches(rounded, band):
    assert make_scheme().band_of(Decimal(rounded)) == band


def test_no_bands_no_band():
    assert make_scheme(bands=()).band_of(Decimal(100)) is None
