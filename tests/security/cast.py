"""Who there is, what each leads and reviews, and what became of each one's assessment.

`REVIEWER`, `LEADS` and `MANDATES` are written down by hand: they are what must hold, not what the code says.
"""

from collections.abc import Iterator
from itertools import product

from tests.security.canaries import EARLIER

# Where each person has a post of their own; heads first.
STAFF = {
    "root": ("gunawan", "hesti"),
    "ani": ("budi", *("ani", "bayu", "fajar", "galih", "ratna", "vina", "yusuf", "zaki")),
    "seksi": ("sari", "tono"),
    "arsip": ("wati",),
    "citra": (
        *("citra", "lina", "dewi", "eko", "farid", "hasan"),
        *("indra", "joko", "kartika", "mati"),
    ),
}
HEADS = {"root": "gunawan", "ani": "budi", "seksi": "sari", "citra": "citra"}

# Who reviews whom today. Zaki's reviewer was named by the personnel office; Wati's post has a Plh. above.
REVIEWER = {
    **dict.fromkeys(("ani", "bayu", "fajar", "galih", "ratna", "vina", "yusuf", "sari"), "budi"),
    **dict.fromkeys(("budi", "citra", "hesti"), "gunawan"),
    **dict.fromkeys(STAFF["citra"][1:], "citra"),
    "zaki": "citra",
    "tono": "sari",
    "wati": "indra",
}
REVIEWER_EARLIER = REVIEWER | {"zaki": "budi"}

ALL_UNITS = frozenset(STAFF)
LEADS = {
    "gunawan": ALL_UNITS,
    "eko": ALL_UNITS,
    "budi": frozenset({"ani", "seksi", "arsip"}),
    "sari": frozenset({"seksi"}),
    "indra": frozenset({"arsip"}),
    "citra": frozenset({"citra"}),
}
MANDATES = {"hesti": "ani", "hasan": "citra"}
CURATOR, AUDITOR, OPERATOR = "dewi", "eko", "opera"
INACTIVE, ANONYMOUS = "mati", "anonymous"
WITH_PASSWORD, WITH_SECOND_FACTOR = "ani", "bayu"
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # what everybody's app holds

# What became of each one's assessment of the running cycle; the others were only invited.
STATES = {
    "ani": "reviewing",
    "bayu": "submitted",
    "fajar": "returned",
    "galih": "verified",
    "ratna": "draft",
    "yusuf": "withdrawn",
    "zaki": "submitted",
    "wati": "submitted",
    "lina": "submitted",
    "budi": "submitted",
    "tono": "marked",
    "sari": "complete",
}
HANDED_IN = frozenset({"reviewing", "marked", "submitted", "returned", "verified", "final"})
CODES = ("ALF-01", "ALF-02", "ALF-03", "BET-01", "BET-02", "BET-03")
EARLIER_FINAL = frozenset({"ani", "bayu", "lina"})


def state_of(whose: str) -> str:
    """The state of an assessment of the world."""
    name, _, earlier = whose.partition("-")
    if earlier:
        return "final" if name in EARLIER_FINAL else "missed"
    return STATES.get(name, "invited")


def reviewer_of(whose: str) -> str | None:
    """Who reviews it today."""
    name, _, earlier = whose.partition("-")
    return (REVIEWER_EARLIER if earlier else REVIEWER).get(name)


def everybody() -> tuple[str, ...]:
    """All who have an account, but for the one that was switched off."""
    return (*(name for names in STAFF.values() for name in names if name != INACTIVE), OPERATOR)


def everyone() -> tuple[str, ...]:
    """One of each relation to Ani: her colleagues stand alike to her, so one of them asks."""
    return tuple(name for name in everybody() if name not in STAFF["ani"][3:])


def invited() -> Iterator[str]:
    """Everybody who was asked to fill in, in both cycles."""
    for suffix, names in product(("", EARLIER), STAFF.values()):
        yield from (name + suffix for name in names)
