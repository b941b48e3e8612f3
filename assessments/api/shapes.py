"""What the interface says about one's own assessment. Numbers that count exactly are decimal text."""

import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import field_validator

from assessments.models.assessment import (
    MAX_REFERENCES,
    NOTE_LENGTH,
    REASON_LENGTH,
    REFERENCE_LENGTH,
)

LARGEST = 2**31 - 1
# No character that PostgreSQL cannot hold; a reference is one line, as on the page.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Reference = Annotated[str, Field(pattern=r"^[^\x00\r\n]*$", max_length=REFERENCE_LENGTH)]


class Receipt(Schema):
    """What was handed in: its number, when, and the SHA-256 of its answers."""

    number: str
    submitted_at: datetime.datetime
    answers_hash: str


class OwnLine(Schema):
    """One assessment in the person's list. `answered` is None once nothing can be changed any more."""

    id: int
    cycle: str
    cycle_name: str
    unit: str
    status: str
    phase: str
    opens_at: datetime.datetime
    deadline: datetime.datetime
    may_fill: bool
    may_withdraw: bool
    answered: int | None
    total: int
    receipt: Receipt | None


class StoredAnswer(Schema):
    """One stored answer. `revision` is to be sent along with the next change of it."""

    value: str | None
    not_applicable: bool
    reason: str
    note: str
    evidence: list[str]
    revision: int


class LevelShown(Schema):
    """One choice: the value to send, its name, the behaviour it describes."""

    value: str
    label: str
    descriptor: str
    asks_evidence: bool


class IndicatorShown(Schema):
    """One statement with its answer.

    `lacks`: what is missing before handing in, `answer`, `reason` or `evidence`. `remark`: what the supervisor
    asked to mend. `files`: names of evidence files, which the pages take.
    """

    code: str
    statement: str
    not_applicable: bool
    levels: list[LevelShown]
    answer: StoredAnswer | None
    lacks: str | None
    remark: str
    files: list[str]


class PillarShown(Schema):
    """One section of the questionnaire."""

    code: str
    name: str
    description: str
    indicators: list[IndicatorShown]


class OwnAssessment(OwnLine):
    """One assessment with its questionnaire and answers; `return_note`: why it was sent back."""

    instrument: str
    version: str
    title: str
    return_note: str
    pillars: list[PillarShown]


class AnswerSent(Schema, extra="forbid"):
    """One answer to store; what is left out stays as it is.

    `value`: that of a level, as text. `revision`: that of the answer it was built on, 0 for none.
    `token`: a UUID of this request, so that sending it again changes nothing.
    """

    value: Text | None = Field(None, max_length=20)
    not_applicable: bool = Field(default=False, strict=True)
    reason: Text | None = Field(None, max_length=REASON_LENGTH)
    note: Text | None = Field(None, max_length=NOTE_LENGTH)
    evidence: list[Reference] | None = Field(None, max_length=MAX_REFERENCES)
    revision: int = Field(ge=0, le=LARGEST, strict=True)
    token: UUID | None = None


class Declaration(Schema, extra="forbid"):
    """Handing in takes the declaration of the page: that one filled this in oneself, as things are."""

    declared: Literal[True]

    @field_validator("declared", mode="before")
    @classmethod
    def _is_true_itself(cls, value: object) -> object:
        """1 is no declaration."""
        return value if value is True else None


class BandShown(Schema):
    """A named range of scores, from `lower` on."""

    code: str
    label: str
    lower: str


class FigureShown(Schema):
    """One figure: `score` rounded, or None with the reason in `text`; how it came about in `formula`."""

    score: str | None
    exact: str
    text: str
    band: str | None
    formula: str
    remarks: list[str]


class ItemShown(Schema):
    """What one indicator brought in."""

    code: str
    answer: str
    weight: str
    points: str


class PillarScored(Schema):
    """One pillar with its figure and what it was computed from."""

    code: str
    name: str
    weight: str
    figure: FigureShown
    items: list[ItemShown]


class ScoreShown(Schema):
    """One score with its explanation."""

    method: str
    instrument: str
    rules: list[str]
    total: FigureShown
    pillars: list[PillarScored]


class OwnResult(Schema):
    """What became of an assessment; `own` and `verified` are None until there is such a score."""

    receipt: Receipt | None
    is_waiting: bool
    is_failed: bool
    is_verified: bool
    bands: list[BandShown]
    own: ScoreShown | None
    verified: ScoreShown | None
