"""How invented people answer: plausible spread instead of uniform noise. Plain Python, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from pillars.queries import IndicatorItem, Questionnaire

NOTES = (
    "Dikerjakan bersama tim sejak awal semester.",
    "Ada di laporan bulanan unit.",
    "Masih menyesuaikan dengan aplikasi baru.",
    "Dibahas dalam rapat staf dua minggu sekali.",
    "Berlaku untuk layanan loket dan daring.",
)
EVIDENCE = (
    "SK Kepala Unit Nomor 800/114/2026",
    "https://dokumen.contoh.invalid/laporan-triwulan",
    "Notula rapat 12 Agustus 2026",
    "https://dokumen.contoh.invalid/sop-layanan",
    "Surat Tugas Nomor 094/37/2026",
)
OBJECTIONS = (
    "Bukti yang dilampirkan baru rencana, belum pelaksanaan.",
    "Menurut catatan tim, tindak lanjutnya masih perlu diingatkan.",
    "Hasilnya sudah dipakai unit lain, jadi layak dinilai lebih tinggi.",
)
NOT_RELEVANT = "Tugas saya tidak berhubungan dengan hal ini."
CUTS = (-2.0, -0.6, 0.85)


@dataclass(frozen=True, slots=True)
class Temper:
    """What shapes a person's answers: own standing, the unit's, and how kindly one judges oneself."""

    standing: float
    unit: float
    kindness: float


def temper(random: Random, unit_effect: float) -> Temper:
    """Draw a person of a unit."""
    return Temper(random.gauss(0, 0.7), unit_effect, random.gauss(0.25, 0.35))


def difficulties(random: Random, questions: Questionnaire) -> dict[str, float]:
    """How hard each indicator is to live up to."""
    return {code: random.gauss(0, 0.45) for code in questions.indicators}


def self_answers(
    random: Random,
    questions: Questionnaire,
    person: Temper,
    hardness: Mapping[str, float],
    growth: float,
) -> dict[str, dict[str, Any]]:
    """One person's answers as open entries of `Submission.answers`."""
    answers: dict[str, dict[str, Any]] = {}
    for code, indicator in questions.indicators.items():
        if indicator.not_applicable and random.random() < 0.12:
            answers[code] = {"na": True, "reason": NOT_RELEVANT}
            continue
        latent = (
            person.standing + person.unit + person.kindness + growth
            - hardness.get(code, 0.0) + random.gauss(0, 0.55)
        )  # fmt: skip
        answers[code] = _entry(random, indicator, sum(latent > cut for cut in CUTS))
    return answers


def _entry(random: Random, indicator: IndicatorItem, level: int) -> dict[str, Any]:
    value = indicator.levels[min(level, len(indicator.levels) - 1)].value
    entry: dict[str, Any] = {"value": format(value.normalize(), "f")}
    if random.random() < 0.12:
        entry["note"] = random.choice(NOTES)
    if indicator.asks_evidence(value):
        entry["evidence"] = random.sample(EVIDENCE, random.choice((1, 1, 2)))
    return entry


def ratings(
    random: Random,
    questions: Questionnaire,
    answers: Mapping[str, Mapping[str, Any]],
    severity: float,
) -> dict[str, dict[str, Any]]:
    """What a supervisor of a given severity makes of the answers; reasons where two levels apart."""
    given: dict[str, dict[str, Any]] = {}
    for code, entry in answers.items():
        if entry.get("na"):
            given[code] = {"na": True}
            continue
        levels = [
            format(level.value.normalize(), "f") for level in questions.indicators[code].levels
        ]
        own = levels.index(entry["value"])
        shift = round(random.gauss(-severity, 0.45))
        rated = min(max(own + shift, 0), len(levels) - 1)
        given[code] = {"value": levels[rated]}
        if abs(rated - own) >= 2:
            given[code]["note"] = random.choice(OBJECTIONS)
    return given
