"""The reviewed table, field by field: which relation to a person sees what of that person.

`docs/security.md` holds the same table; `test_fields.py` compares the two, and asks the portal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.security.cast import AUDITOR, CURATOR, INACTIVE, OPERATOR


class Field(StrEnum):
    """What there is to see of somebody, in the words of the document."""

    NAME = "name"
    MASKED = "NIP masked"
    NUMBER = "NIP"
    ADDRESS = "address"
    DEVICES = "devices"
    LAST_SIGN_IN = "last sign-in"
    DRAFT = "draft"
    ANSWERS = "answers"
    FILES = "files"
    SCORE = "score"
    BAND = "band"
    VERIFIED = "verified score"
    JUDGEMENT = "notes of the review"
    REPORT = "report on a supervisor"
    CORRECTION = "request to correct data"
    REOPENING = "why a result is opened again"


F = Field
HANDED_IN = {F.ANSWERS, F.FILES, F.SCORE, F.BAND, F.VERIFIED, F.JUDGEMENT}

# Among them is every state: a draft, a review that has begun, a verified one, one of an earlier cycle.
SUBJECTS = ("ani", "galih", "ratna")


@dataclass(frozen=True)
class Relation:
    """Who asks, about whom, and what they see of them on all pages and in all files together."""

    who: str
    sees: frozenset[Field]
    subjects: tuple[str, ...] = SUBJECTS


def _sees(who: str, *fields: Field, of: tuple[str, ...] = SUBJECTS) -> Relation:
    return Relation(who, frozenset(fields), of)


FIELDS: Mapping[str, Relation] = {
    "oneself, verified": _sees(
        *("galih", F.NAME, F.MASKED, F.NUMBER, F.ADDRESS, F.DEVICES, F.LAST_SIGN_IN, *HANDED_IN),
        of=("galih",),
    ),
    "oneself, under review": _sees(
        *("ani", F.NAME, F.MASKED, F.NUMBER, F.ADDRESS, F.DEVICES, F.LAST_SIGN_IN, F.REPORT),
        F.CORRECTION,
        F.REOPENING,
        *HANDED_IN,  # the earlier, verified one among them
        of=("ani",),
    ),
    "oneself, before handing in": _sees(
        *("ratna", F.NAME, F.MASKED, F.NUMBER, F.ADDRESS, F.DEVICES, F.LAST_SIGN_IN, F.DRAFT),
        of=("ratna",),
    ),
    "reviewer of today": _sees("budi", F.NAME, F.MASKED, *HANDED_IN),
    "reviewer until yesterday": _sees("farid"),
    "head of a unit above": _sees("gunawan"),
    "head of the unit beside": _sees("citra"),
    "colleague": _sees("bayu"),
    "whom the person reviews": _sees("vina", F.NAME, of=("budi",)),
    "personnel office, with a report": _sees("hesti", F.NAME, F.NUMBER, F.REPORT, F.CORRECTION),
    "personnel office, of other units": _sees("hasan"),
    "curator": _sees(CURATOR, of=("galih", "ratna")),
    "curator, of a result to be opened again": _sees(
        CURATOR, F.NAME, F.MASKED, F.REOPENING, of=("ani",)
    ),
    "auditor": _sees(AUDITOR, F.NAME, F.MASKED, F.REOPENING),
    "operator": _sees(OPERATOR, F.NAME, F.MASKED, F.NUMBER, F.ADDRESS, F.LAST_SIGN_IN),
    "switched off": _sees(INACTIVE),
}


def as_document() -> str:
    """The table as `docs/security.md` has it: a column for each relation would not fit, so a row is one."""
    lines = ["| of a person sees … | " + " | ".join(Field) + " |", "|---" * (len(Field) + 1) + "|"]
    for name, relation in FIELDS.items():
        cells = ("yes" if field in relation.sees else "–" for field in Field)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
