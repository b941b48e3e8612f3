import json

import pytest

from assessments.scoring import NOT_APPLICABLE, Scorecard, UnknownMethod, score
from tests.assessments.schemes import make_item, make_pillar, make_scheme, values

SCHEME = make_scheme(
    make_pillar(
        "P",
        make_item("I1", weight="1.5", reversed=True),
        make_item("I2", not_applicable=True),
        make_item("I3", values=["0", "0.33", "1"]),
        weight="20",
    ),
    make_pillar("Q", make_item("J1")),
    minimum_coverage="0.5",
)
ANSWERS = values(I1=3, I3="0.33", J1=4) | {"I2": NOT_APPLICABLE}


@pytest.mark.parametrize("answers", [ANSWERS, {}, values(I1=1, J1=1), values(J1=2)])
def test_a_trace_comes_back_to_the_last_digit(answers):
    card = score(SCHEME, answers)
    assert Scorecard.from_trace(json.loads(json.dumps(card.to_trace()))) == card


def test_a_trace_can_be_read_by_people():
    assert score(SCHEME, ANSWERS).to_trace() == {
        "method": "prima-score/1",
        "instrument": ["UJI", "1"],
        "conversion": "share-of-maximum",
        "minimum_coverage": "0.5",
        "decimals": 2,
        "total": {"exact": "964/21", "score": "45.90", "band": "D", "reason": None},
        "pillars": [
            {
                "code": "P",
                "weight": "20",
                "exact": "216/5",
                "score": "43.20",
                "band": "D",
                "reason": None,
                "answered_weight": "2.5",
                "applicable_weight": "2.5",
                "items": [
                    ["I1", "3", "1.5", "50", True],
                    ["I2", "NA", "1", None, False],
                    ["I3", "0.33", "1", "33", False],
                ],
            },
            {
                "code": "Q",
                "weight": "1",
                "exact": "100",
                "score": "100.00",
                "band": "A",
                "reason": None,
                "answered_weight": "1",
                "applicable_weight": "1",
                "items": [["J1", "4", "1", "100", False]],
            },
        ],
    }


def test_a_trace_of_another_method_is_not_read():
    trace = score(SCHEME, ANSWERS).to_trace() | {"method": "prima-score/0"}
    with pytest.raises(UnknownMethod):
        Scorecard.from_trace(trace)
