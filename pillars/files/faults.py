"""Faults of an instrument file: where, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """``place`` is a path such as ``pillars[1].indicators[0].weight`` (counted from 0), a sheet's cell, or a
    line and column; ``message`` is Indonesian and says what to do."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class InstrumentFileError(Exception):
    """The file is refused as a whole; ``faults`` holds everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
