"""What an instrument file says, as frozen values. Mirrors the TOML of the operator contract, key by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """A value that may be chosen. A scale is a tuple of these, lowest first."""

    value: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class BandDocument:
    """A named range of rounded scores from ``lower`` up; highest first."""

    code: str
    label: str
    lower: Decimal


@dataclass(frozen=True, slots=True)
class Why:
    """Why an indicator is asked: indicators are reviewed data. In a file it is a text or a table."""

    reason: str
    source: str = ""
    berakhlak: str = ""
    reviewed_on: date | None = None
    next_review: date | None = None

    def to_data(self) -> str | dict[str, str]:
        """Return JSON-able data: the bare reason where nothing else is known, else a table without empty keys."""
        table = {
            "reason": self.reason,
            "source": self.source,
            "berakhlak": self.berakhlak,
            "reviewed_on": self.reviewed_on.isoformat() if self.reviewed_on else "",
            "next_review": self.next_review.isoformat() if self.next_review else "",
        }
        given = {key: text for key, text in table.items() if text}
        return self.reason if len(given) == 1 else given

    @classmethod
    def from_data(cls, data: str | Mapping[str, str]) -> "Why | None":
        """Return what ``to_data`` was called on; None for empty data."""
        if not data:
            return None
        if isinstance(data, str):
            return cls(reason=data)
        dates = {
            key: date.fromisoformat(data[key])
            for key in ("reviewed_on", "next_review")
            if data.get(key)
        }
        texts = {key: data[key] for key in ("reason", "source", "berakhlak") if data.get(key)}
        return cls(**texts, **dates)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class IndicatorDocument:
    """``scale`` is the indicator's own and empty where the instrument's applies; ``levels`` has one text per
    point of that scale, or none where the scale's labels say it all. ``evidence_from`` 0 means never."""

    code: str
    statement: str
    weight: Decimal = Decimal(1)
    levels: tuple[str, ...] = ()
    reversed: bool = False
    not_applicable: bool = False
    evidence_from: Decimal = Decimal(0)
    why: Why | None = None
    scale: tuple[ScalePoint, ...] = ()


@dataclass(frozen=True, slots=True)
class PillarDocument:
    """A pillar with its weight in the total and its indicators, in the order they are asked."""

    code: str
    name: str
    weight: Decimal
    indicators: tuple[IndicatorDocument, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class InstrumentDocument:
    """A whole instrument version. Numbers are decimals without trailing zeros; nothing here is rounded."""

    code: str
    version: str
    title: str
    conversion: str
    minimum_coverage: Decimal
    decimals: int
    scale: tuple[ScalePoint, ...]
    pillars: tuple[PillarDocument, ...]
    bands: tuple[BandDocument, ...] = ()
    language: str = "id"

    def scale_of(self, indicator: IndicatorDocument) -> tuple[ScalePoint, ...]:
        """Return the scale an indicator is answered on: its own, or the instrument's."""
        return indicator.scale or self.scale


def canonical(number: Decimal) -> Decimal:
    """Return the same number without trailing zeros, exponent or negative zero: 20 for 20.0 and 2E+1."""
    return Decimal(plain(number))


def plain(number: Decimal) -> str:
    """Return a number as the shortest plain decimal text: "20" for 20.0, "0.8" for 0.80."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
