"""Schemes for tests, with everything that a test does not speak of filled in."""

from decimal import Decimal

from assessments.scoring import BandScheme, Conversion, ItemScheme, PillarScheme, Scheme

SKM_BANDS = (("A", "88.31"), ("B", "76.61"), ("C", "65.00"), ("D", "25.00"))
FOUR_POINTS = ("1", "2", "3", "4")


def make_item(code="I1", *, weight="1", values=FOUR_POINTS, **fields):
    return ItemScheme(code, Decimal(weight), tuple(map(Decimal, values)), **fields)


def make_pillar(code="P", *items, weight="1"):
    return PillarScheme(code, Decimal(weight), items or (make_item(),))


def make_scheme(
    *pillars,
    conversion=Conversion.SHARE_OF_MAXIMUM,
    minimum_coverage="0",
    decimals=2,
    bands=SKM_BANDS,
):
    return Scheme(
        code="UJI",
        version="1",
        conversion=conversion,
        minimum_coverage=Decimal(minimum_coverage),
        decimals=decimals,
        bands=tuple(BandScheme(code, Decimal(lower)) for code, lower in bands),
        pillars=pillars or (make_pillar(),),
    )


def values(**answers):
    """Decimal answers by indicator code, from text or integers."""
    return {code: Decimal(value) for code, value in answers.items()}
