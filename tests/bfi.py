"""2,800 people's real answers (`tests/data/bfi.csv`), and what they score, computed from the file alone."""

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

DATA = Path(__file__).parent / "data"
INSTRUMENT = DATA / "bfi.toml"
SCALES = {
    "A": "agree",
    "C": "conscientious",
    "E": "extraversion",
    "N": "neuroticism",
    "O": "openness",
}
CODES = tuple(f"{scale}{number}" for scale in SCALES for number in range(1, 6))
REVERSED = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}

Person = Mapping[str, str]


def people() -> list[Person]:
    """One mapping of column to cell for each person; a missing answer is `NA`."""
    with (DATA / "bfi.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def answers_csv(answers: Mapping[str, Person]) -> str:
    """The file of answers of these people, by respondent, as the operator contract has it."""
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow(["respondent", *CODES])
    for respondent, person in answers.items():
        cells = (person[code] for code in CODES)
        writer.writerow([respondent, *("" if cell == "NA" else cell for cell in cells)])
    return content.getvalue()


def pillar_score(person: Person, scale: str) -> Fraction | None:
    """0 to 100, exact; None with fewer than half of the scale's five items answered."""
    points = [
        7 - int(person[code]) if code in REVERSED else int(person[code])
        for code in CODES
        if code[0] == scale and person[code] != "NA"
    ]
    if len(points) * 2 < 5:
        return None
    return Fraction(sum(points) - len(points), 5 * len(points)) * 100


def pillar_means(group: Iterable[Person]) -> dict[str, tuple[int, str | None]]:
    """By pillar code, how many have a score, and the mean of their exact scores as it is shown."""
    group = list(group)
    means: dict[str, tuple[int, str | None]] = {}
    for scale, pillar in SCALES.items():
        scores = [score for person in group if (score := pillar_score(person, scale)) is not None]
        means[pillar] = (len(scores), half_up(sum(scores) / len(scores)) if scores else None)
    return means


def half_up(value: Fraction, places: int = 4) -> str:
    """Independent of the scorer: sixty digits, then one rounding."""
    digits = Decimal(value.numerator * 10**60 // value.denominator).scaleb(-60)
    return str(digits.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
