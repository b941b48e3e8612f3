"""A pillar that no database knows, for forms and their markup."""

from decimal import Decimal

from pillars.queries import IndicatorItem, LevelItem, PillarItem


def make_item(code: str, **changes: object) -> IndicatorItem:
    """An indicator with levels 1, 2 and 0.67, evidence from 2, and "tidak relevan"."""
    facts = {
        "id": 1,
        "code": code,
        "statement": f"Pernyataan {code} <dengan> & tanda",
        "weight": Decimal(1),
        "reversed": False,
        "not_applicable": True,
        "evidence_from": Decimal(2),
        "levels": (
            LevelItem(Decimal("0.6700"), "Rendah", "Perilaku <rendah>"),
            LevelItem(Decimal("1.0000"), "Sedang", "Perilaku sedang"),
            LevelItem(Decimal("2.0000"), "Tinggi", ""),
        ),
    }
    return IndicatorItem(**facts | changes)


PLAIN = make_item("A.1", not_applicable=False, evidence_from=Decimal(0))
FULL = make_item("B-2")
PILLAR = PillarItem(-1, "P", "Pilar", "Tentang pilar", Decimal(1), (PLAIN, FULL))
