"""`score_file` against the contract's sentences: random files, and a calculation in fractions that shares no code."""

import io
import json
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@dataclass(frozen=True)
class Indicator:
    """An indicator as the file writes it: numbers are text."""

    code: str
    weight: str
    scale: tuple[str, ...]
    reversed: bool
    not_applicable: bool


@dataclass(frozen=True)
class Pillar:
    code: str
    weight: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Instrument:
    conversion: str
    coverage: str
    decimals: int
    bands: tuple[str, ...]
    pillars: tuple[Pillar, ...]


def decimals(most: int, places: int):
    """Decimal text: `7`, `0.25`, `3.000000000001`."""
    whole, part = st.integers(0, most), st.integers(0, 10**places - 1)
    return st.one_of(
        whole.map(str), st.tuples(whole, part).map(lambda pair: f"{pair[0]}.{pair[1]:0{places}d}")
    )


@st.composite
def scales(draw, *, lowest):
    texts = draw(
        st.lists(decimals(20, draw(st.integers(1, 12))), min_size=2, max_size=7, unique_by=Fraction)
    )
    if lowest < 0:
        texts = [f"-{text}" if draw(st.booleans()) and Fraction(text) else text for text in texts]
        texts = list({Fraction(text): text for text in texts}.values())
        if len(texts) < 2:
            texts = ["-1", "2"]
    return tuple(sorted(texts, key=Fraction))


@st.composite
def instruments(draw):
    conversion = draw(st.sampled_from(["share-of-maximum", "min-max"]))
    pillars = []
    for p in range(draw(st.integers(1, 4))):
        weight = draw(decimals(50, 12))
        indicators = [
            Indicator(
                f"I.{p}_{i}-x",
                draw(decimals(9, 12)),
                draw(scales(lowest=-20 if conversion == "min-max" else 0)),
                draw(st.booleans()),
                draw(st.booleans()),
            )
            for i in range(draw(st.integers(1, 5)))
        ]
        if Fraction(weight) and not any(Fraction(each.weight) for each in indicators):
            weight = "0"
        pillars.append(Pillar(f"P{p}", weight, tuple(indicators)))
    if not any(Fraction(pillar.weight) for pillar in pillars):
        first = pillars[0].indicators[0]
        scored = Indicator(first.code, "1", first.scale, first.reversed, first.not_applicable)
        pillars[0] = Pillar("P0", "1", (scored, *pillars[0].indicators[1:]))
    lowers = draw(st.lists(decimals(99, 6), max_size=4, unique_by=Fraction))
    lowers = [text for text in sorted(lowers, key=Fraction, reverse=True) if Fraction(text)]
    return Instrument(
        conversion,
        draw(decimals(0, 12) | st.just("1")),
        draw(st.integers(0, 6)),
        (*lowers, "0") if draw(st.booleans()) else (),
        tuple(pillars),
    )


@st.composite
def files(draw):
    """An instrument and the answers of some people: text by indicator, `NA`, or none."""
    instrument = draw(instruments())
    people = []
    for _ in range(draw(st.integers(0, 6))):
        answers = {}
        for pillar in instrument.pillars:
            for each in pillar.indicators:
                cells = ["", *each.scale, *each.scale] + ["NA"] * each.not_applicable
                answers[each.code] = draw(st.sampled_from(cells))
        people.append(answers)
    return instrument, people


def toml(instrument):
    """The file, with numbers as text and as numbers in turn."""
    lines = [
        "[instrument]",
        'code = "ACAK"\nversion = "1"\ntitle = "Acak"',
        f'conversion = "{instrument.conversion}"',
        f"minimum_coverage = {instrument.coverage}",
        f"decimals = {instrument.decimals}",
    ]
    for number, lower in enumerate(instrument.bands):
        lines.append(f'[[bands]]\ncode = "B{number}"\nlabel = "b"\nlower = "{lower}"')
    for pillar in instrument.pillars:
        lines.append(f'[[pillars]]\ncode = "{pillar.code}"\nname = "p"\nweight = {pillar.weight}')
        for each in pillar.indicators:
            lines.append(f'[[pillars.indicators]]\ncode = "{each.code}"\nstatement = "s"')
            lines.append(f'weight = "{each.weight}"')
            lines.append(f"reversed = {str(each.reversed).lower()}")
            lines.append(f"not_applicable = {str(each.not_applicable).lower()}")
            lines += [f"[[pillars.indicators.scale]]\nvalue = {point}" for point in each.scale]
    return "\n".join(lines) + "\n"


def csv(instrument, people):
    codes = [each.code for pillar in instrument.pillars for each in pillar.indicators]
    rows = [["respondent", *codes]]
    rows += [[f"orang {n}", *(answers[code] for code in codes)] for n, answers in enumerate(people)]
    return "\n".join(map(",".join, rows)) + "\n"


# --- The contract, sentence by sentence


def item_score(instrument, each, answer):
    low, high = Fraction(each.scale[0]), Fraction(each.scale[-1])
    value = low + high - Fraction(answer) if each.reversed else Fraction(answer)
    if instrument.conversion == "share-of-maximum":
        return 100 * value / high
    return 100 * (value - low) / (high - low)


def pillar_of(instrument, pillar, answers):
    """Exact score or None, the reason, the applicable weight, and the three counts."""
    asked = [(each, answers[each.code]) for each in pillar.indicators]
    applicable = [(each, answer) for each, answer in asked if answer != "NA"]
    answered = [(each, answer) for each, answer in applicable if answer]
    weight = sum((Fraction(each.weight) for each, _ in answered), Fraction(0))
    asked_weight = sum((Fraction(each.weight) for each, _ in applicable), Fraction(0))
    counts = {
        "answered": len(answered),
        "not_applicable": len(asked) - len(applicable),
        "missing": len(applicable) - len(answered),
    }
    if not weight:
        return None, "no-answers", asked_weight, counts
    if weight / asked_weight < Fraction(instrument.coverage):
        return None, "coverage", asked_weight, counts
    points = sum(
        Fraction(each.weight) * item_score(instrument, each, answer) for each, answer in answered
    )
    return points / weight, None, asked_weight, counts


def total_of(instrument, pillars):
    lacking = {reason for exact, reason, weight, _ in pillars if exact is None and weight}
    if lacking:
        return None, "coverage" if "coverage" in lacking else "no-answers"
    scored = [
        (Fraction(pillar.weight), exact)
        for pillar, (exact, *_) in zip(instrument.pillars, pillars, strict=True)
        if exact is not None
    ]
    weight = sum(each for each, _ in scored)
    if not weight:
        return None, "no-answers"
    return sum(each * exact for each, exact in scored) / weight, None


def shown(instrument, exact, reason):
    if exact is None:
        return {"score": None, "band": None, "reason": reason}
    unit = 10**instrument.decimals
    units = floor(exact * unit + Fraction(1, 2))
    whole, part = divmod(units, unit)
    text = f"{whole}.{part:0{instrument.decimals}d}" if instrument.decimals else str(whole)
    reached = [
        n for n, lower in enumerate(instrument.bands) if Fraction(lower) <= Fraction(units, unit)
    ]
    return {"score": text, "band": f"B{reached[0]}" if reached else None}


def mean_of(instrument, figures):
    scored = [exact for exact, _ in figures if exact is not None]
    reasons = {reason for exact, reason in figures if exact is None}
    exact = sum(scored) / Fraction(len(scored)) if scored else None
    return shown(instrument, exact, "coverage" if "coverage" in reasons else "no-answers"), len(
        scored
    )


def expected(instrument, people):
    respondents, totals, columns = [], [], [[] for _ in instrument.pillars]
    for number, answers in enumerate(people):
        pillars = [pillar_of(instrument, pillar, answers) for pillar in instrument.pillars]
        total = total_of(instrument, pillars)
        totals.append(total)
        for column, (exact, reason, _, _) in zip(columns, pillars, strict=True):
            column.append((exact, reason))
        respondents.append(
            {
                "respondent": f"orang {number}",
                "total": shown(instrument, *total),
                "pillars": {
                    pillar.code: shown(instrument, exact, reason) | counts
                    for pillar, (exact, reason, _, counts) in zip(
                        instrument.pillars, pillars, strict=True
                    )
                },
            }
        )
    total, scored = mean_of(instrument, totals)
    means = [mean_of(instrument, column) for column in columns]
    return respondents, {
        "n": len(people),
        "scored": scored,
        "total": total,
        "pillars": {
            pillar.code: mean | {"scored": number}
            for pillar, (mean, number) in zip(instrument.pillars, means, strict=True)
        },
    }


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files())
def test_every_figure_is_reproduced_to_the_last_decimal(tmp_path, case):
    instrument, people = case
    (tmp_path / "i.toml").write_text(toml(instrument))
    (tmp_path / "j.csv").write_text(csv(instrument, people))
    output = io.StringIO()
    call_command("score_file", tmp_path / "i.toml", tmp_path / "j.csv", stdout=output)
    printed = json.loads(output.getvalue())
    assert (printed["respondents"], printed["aggregate"]) == expected(instrument, people)
