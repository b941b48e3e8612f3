"""Marks in everything that is somebody's, so that whatever turns up in an answer names its owner.

A mark is `kenari-<kind>-<whose>`; sign-in numbers and scores are marks of their own. `whose` is a person of the
world, with `-lama` for what belongs to the earlier cycle.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

import python_calamine
from django.http import HttpResponse

EARLIER = "-lama"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MARK = re.compile(r"kenari-([a-z]+)-([a-z]+(?:-lama)?)", re.IGNORECASE)
NIP = re.compile(r"(?<!\d)\d{8}[ .]?\d{6}[ .]?\d[ .]?\d{3}(?!\d)")
HIDDEN = re.compile(r"\d{4}•{4} •{6} • (\d{3})")
MAIL = re.compile(r"\b([a-z]+)@contoh\.invalid")
SCORE = re.compile(r"(?<![\d.,])\d{2,3}[.,]\d{1,2}(?![\d.,]*\d)")


class Canary(NamedTuple):
    """What kind of thing, and whose."""

    kind: str
    whose: str


# What the person writes and hands in; what the supervisor writes about it; what only the person may see.
ANSWERED = ("catatan", "alasan", "bukti")
ATTACHED = ("berkas",)
JUDGED = ("ulasan", "tinjauan")
DRAFTED = ("draf",)
REPORTED = ("laporan", "penyelesaian")
CORRECTED = ("perbaikan", "jawaban")
REOPENED = "pembukaan"
SELF_SCORE, VERIFIED_SCORE = "nilai", "verifikasi"
NAME, NUMBER, MASKED, ADDRESS = "nama", "nip", "samaran", "surel"


def mark(kind: str, whose: str) -> str:
    """The text to write where something of that kind is somebody's."""
    return f"kenari-{kind}-{whose}"


@dataclass
class Register:
    """Marks that are figures rather than words: whose NIP, whose score."""

    nips: dict[str, str] = field(default_factory=dict)
    scores: dict[str, Canary] = field(default_factory=dict)

    def found_in(self, text: str) -> set[Canary]:
        """Every mark in a text."""
        found = {Canary(kind.lower(), whose.lower()) for kind, whose in MARK.findall(text)}
        digits = (re.sub(r"\D", "", number) for number in NIP.findall(text))
        found |= {Canary(NUMBER, self.nips[each]) for each in digits if each in self.nips}
        ends = {number[-3:]: name for number, name in self.nips.items()}
        found |= {Canary(MASKED, ends[end]) for end in HIDDEN.findall(text) if end in ends}
        people = set(self.nips.values())
        found |= {Canary(ADDRESS, name) for name in MAIL.findall(text) if name in people}
        figures = (f"{float(figure.replace(',', '.')):.2f}" for figure in SCORE.findall(text))
        found |= {self.scores[each] for each in figures if each in self.scores}
        return found


def text_of(response: HttpResponse) -> str:
    """Everything a response says: its headers, its cookies, its body, the cells of a workbook."""
    head = "\n".join(f"{name}: {unquote(value)}" for name, value in response.items())
    head += "\n" + unquote(response.cookies.output())
    is_table = response.get("Content-Type", "").startswith((WORKBOOK, "text/csv"))
    if response.get("Content-Type", "") == "application/zip":
        return f"{head}\n{_files_of(response.whole)}"
    # Whatever else is streamed is public: styles.
    whole = response.whole if response.streaming and is_table else b""
    content = whole if response.streaming else response.content
    if response.get("Content-Type", "") == WORKBOOK:
        return f"{head}\n{_cells_of(content)}"
    return f"{head}\n{content.decode('utf-8', errors='replace')}"


def _files_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(
            f"{name}\n{archive.read(name).decode('utf-8', errors='replace')}"
            for name in archive.namelist()
        )


def _cells_of(content: bytes) -> str:
    book = python_calamine.load_workbook(io.BytesIO(content))
    rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return "\n".join(" | ".join(str(cell) for cell in row) for row in rows)


def leaks(found: Mapping[str, Iterable[Canary]], scope: set[Canary]) -> list[str]:
    """A line for each mark out of scope: where it stood, what it is."""
    return [
        f"{where}: {canary.kind} of {canary.whose}"
        for where, canaries in found.items()
        for canary in sorted(set(canaries) - scope)
    ]
