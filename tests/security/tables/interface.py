"""The interface for programs."""

from tests.security.rows import NOWHERE, READS, Cells, Row, by
from tests.security.targets import CURATES, OWNER, READER

UNKNOWN = (401, 401)
"""Programs are told that nobody is signed in; they are not led to a page."""


def _api(kind: str, get: Cells, marker: str = "") -> Row:
    """An address of the interface that only reads."""
    denied = (
        405
        if isinstance(get, int) or kind in ("assessment", "figures")
        else dict.fromkeys(get, 405)
    )
    return Row(kind, get, denied, marker, anonymous=UNKNOWN, is_json=True)


INTERFACE: dict[str, Row] = {
    "api:openapi": Row("page", 200, 405, '"openapi"', anonymous=(200, 405), is_json=True),
    "api:me": _api("page", 200, '"csrf_token"'),
    "api:own_list": _api("page", 200, '"items"'),
    "api:own_assessment": _api("assessment", {OWNER: 200}, '"pillars"'),
    "api:own_result": _api("assessment", {OWNER: 200}, '"is_waiting"'),
    "api:save_answer": Row(
        "statement",
        405,
        # Nobody answered it yet, or it was written again since: what is sent was built on another answer.
        {OWNER: by(409, complete=200, returned=200)},
        body={"value": "2", "revision": 1},
        anonymous=UNKNOWN,
        is_json=True,
    ),
    "api:hand_in": Row(
        "assessment",
        405,
        {OWNER: by(200, draft=409, invited=409, missed=409)},
        body={"declared": True},
        anonymous=UNKNOWN,
        is_json=True,
    ),
    "api:cycle_list": _api("page", READS, '"items"'),
    "api:cycle": _api("cycle", READS, '"phase"'),
    "api:instrument_list": _api("page", READS, '"items"'),
    "api:instrument": _api("instrument", {CURATES: by(200, draft=NOWHERE)}, '"pillars"'),
    "api:unit_list": _api("page", {READER: 200}, '"items"'),
    "api:unit": _api("figures", {READER: 200}, '"lines"'),
}
