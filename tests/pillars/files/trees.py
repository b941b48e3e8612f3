"""The plain data of a small instrument file, for tests that spoil one thing in it."""

from copy import deepcopy

SCALE = [{"value": value, "label": f"Tingkat {value}"} for value in (1, 2, 3, 4)]

TREE = {
    "instrument": {
        "code": "UJI",
        "version": "2026.1",
        "title": "Instrumen uji",
        "conversion": "share-of-maximum",
        "minimum_coverage": "0.8",
        "decimals": 2,
    },
    "scale": SCALE,
    "bands": [
        {"code": "A", "label": "Sangat baik", "lower": "88.31"},
        {"code": "B", "label": "Baik", "lower": "25"},
    ],
    "pillars": [
        {
            "code": "P",
            "name": "Pilar pertama",
            "weight": 20,
            "indicators": [
                {"code": "P-1", "statement": "Pernyataan 1", "levels": ["a", "b", "c", "d"]},
                {"code": "P-2", "statement": "Pernyataan 2", "evidence_from": 4},
            ],
        },
        {
            "code": "Q",
            "name": "Pilar kedua",
            "weight": 10,
            "indicators": [{"code": "Q-1", "statement": "Pernyataan 3", "weight": "0.5"}],
        },
    ],
}


def make_tree():
    return deepcopy(TREE)
