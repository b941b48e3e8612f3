"""Statistics of a cycle's answers: does the instrument measure, and do raters agree?

Pure arithmetic on tables, but on libraries that cost seconds and memory to import: only the command
`reliability` imports this module, and never the web process. docs/validity.md says what is shown when.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final, Literal

import krippendorff
import numpy as np
import pandas as pd
import pingouin
from statsmodels.multivariate.factor import Factor
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.tools.sm_exceptions import ConvergenceWarning

LEAST_PEOPLE: Final = 30
"""Fewer people than this give no statistic: at 10 an alpha of .80 may be anything from .50 to .94."""
JUDGED_FROM: Final = 100
"""From this many people on a figure may be judged, and a factor model is fitted."""
WEAK_ITEM: Final = 0.20
CROWDED_END: Final = 0.80
CONFIDENCE: Final = 0.95

TOO_FEW: Final = "belum cukup data"
UNDEFINED: Final = "tidak dapat dihitung"

Missing = Literal["item-median", "pairwise", "listwise"]


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator: its code and the ends of its scale; `reversed` items are turned before anything."""

    code: str
    minimum: float
    maximum: float
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A pillar of one person: both scores (0..100), and both levels of each indicator both rated."""

    scores: tuple[float, float] | None
    levels: tuple[tuple[float, float], ...]


def figure(value: float, **beside: Any) -> dict[str, Any]:
    """A statistic with what stands beside it, or null with the reason where it is undefined."""
    if not math.isfinite(value):
        return {"value": None, "reason": UNDEFINED, **beside}
    return {"value": round(float(value), 6), **beside}


def withheld(**beside: Any) -> dict[str, Any]:
    """What stands in the place of a statistic of too few people."""
    return {"value": None, "reason": TOO_FEW, **beside}


def _interval(ends: Sequence[float]) -> list[float] | None:
    """The ends of an interval; None where there are none, as for raters who never differ."""
    return [round(float(end), 3) for end in ends] if np.isfinite(ends).all() else None


@np.errstate(all="ignore")
def consistency(
    items: Sequence[Item], answers: Sequence[Mapping[str, float]], *, missing: Missing
) -> dict[str, Any]:
    """Internal consistency of one pillar: alpha with Feldt's interval, omega total, items.

    `answers` holds one mapping of code to level for each person; what a person skipped is absent.
    An item that nobody answered is no part of alpha and omega.
    """
    table = _table(items, answers)
    asked = table.dropna(axis="columns", how="all")
    return {
        "n": len(table),
        "alpha": _alpha(asked, missing),
        "omega_total": _omega(asked),
        "items": {item.code: _item(table, item) for item in items},
    }


@np.errstate(all="ignore")
def agreement(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Self against reviewer on one pillar. Kappa, correlation and bias only mean something together."""
    scores = [pair.scores for pair in pairs if pair.scores is not None]
    levels = [level for pair in pairs for level in pair.levels]
    n = len(scores)
    if n < LEAST_PEOPLE:
        names = ("kappa", "icc_a1", "icc_c1", "krippendorff_alpha", "bias")
        return {"n": n, **{name: withheld() for name in names}}
    return {
        "n": n,
        "kappa": figure(_kappa(levels), method="Cohen, quadratic weights", pairs=len(levels)),
        **_correlations(scores),
        "krippendorff_alpha": figure(
            _krippendorff(levels), method="ordinal", units=len(levels), raters=2
        ),
        "bias": _bias(scores),
    }


def carelessness(
    items: Sequence[Item], answers: Sequence[Mapping[str, float]], *, least: int
) -> dict[str, Any]:
    """How many people show signs of answering without reading; nobody is named, and nothing follows.

    Signs: one level in a row for half the questionnaire, and an order of answers that runs against
    everybody else's. Counts of 1 to `least` - 1 people are withheld.
    """
    table = _table(items, answers, turned=False)
    if len(table) < LEAST_PEOPLE:
        return {
            "n": len(table),
            "long_string": None,
            "against_the_rest": None,
            "two_signs": None,
            "reason": TOO_FEW,
        }
    runs = table.apply(lambda row: _longest_run(row.dropna().tolist()), axis=1)
    long_string = runs >= max(3, math.ceil(len(items) / 2))
    against = _person_total(_table(items, answers)) < 0
    counts = {
        "long_string": int(long_string.sum()),
        "against_the_rest": int(against.sum()),
        "two_signs": int((long_string & against).sum()),
    }
    shown = {
        sign: count if count == 0 or count >= least else f"< {least}"
        for sign, count in counts.items()
    }
    return {"n": len(table), **shown}


def versions() -> dict[str, str]:
    """What computed: a figure can be reproduced with the same versions."""
    names = ("numpy", "pandas", "pingouin", "statsmodels", "krippendorff")
    return {name: version(name) for name in names}


def _table(
    items: Sequence[Item], answers: Sequence[Mapping[str, float]], *, turned: bool = True
) -> pd.DataFrame:
    """People by items, reversed items turned; whoever answered none of them is left out."""
    codes = [item.code for item in items]
    table = pd.DataFrame(
        [[row.get(code, math.nan) for code in codes] for row in answers],
        columns=codes,
        dtype=float,
    ).dropna(how="all")
    for item in items:
        if turned and item.reversed:
            table[item.code] = item.minimum + item.maximum - table[item.code]
    return table


def _alpha(table: pd.DataFrame, missing: Missing) -> dict[str, Any]:
    """Cronbach's alpha, and Feldt's interval (Feldt, Woodruff & Salih 1987, as pingouin has it)."""
    used = table.dropna() if missing == "listwise" else table
    if missing == "item-median":
        used = table.fillna(table.median())
    beside = {"method": "Cronbach, Feldt interval", "missing": missing, "n": len(used)}
    if len(used) < LEAST_PEOPLE:
        return withheld(**beside)
    if used.shape[1] < 2 or not float(np.nansum(used.var())):
        return figure(math.nan, **beside)
    # Without gaps both policies of the library are the same; it asks for one.
    policy = "pairwise" if missing == "pairwise" else "listwise"
    alpha, interval = pingouin.cronbach_alpha(used, ci=CONFIDENCE, nan_policy=policy)
    return figure(
        alpha,
        interval=_interval(interval),
        confidence=CONFIDENCE,
        may_be_judged=len(used) >= JUDGED_FROM,
        **beside,
    )


def _omega(table: pd.DataFrame) -> dict[str, Any]:
    """McDonald's omega total, (Σl)² / ((Σl)² + Σu), of one factor by maximum likelihood."""
    used = table.dropna()
    beside = {"method": "one factor, maximum likelihood", "missing": "listwise", "n": len(used)}
    if len(used) < JUDGED_FROM:
        return withheld(**beside)
    if used.shape[1] < 3 or not (used.var() > 0).all():
        return figure(math.nan, **beside)
    with warnings.catch_warnings():
        # Where the model does not fit, as for items that say the same, its last step is no figure.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            # It begins at random loadings; from one seed the same answers give the same figure.
            fit = Factor(corr=used.corr().to_numpy(), n_factor=1, method="ml").fit(rng=0)
        except (ConvergenceWarning, np.linalg.LinAlgError):
            return figure(math.nan, **beside)
    common = float(np.abs(fit.loadings.sum())) ** 2
    return figure(common / (common + float(fit.uniqueness.sum())), **beside)


def _item(table: pd.DataFrame, item: Item) -> dict[str, Any]:
    """Correlation with the rest of the pillar, shares at the ends, and what is flagged."""
    answered = table[item.code].dropna()
    if len(answered) < LEAST_PEOPLE:
        return {
            "n": len(answered),
            "rest_correlation": withheld(),
            "floor": None,
            "ceiling": None,
            "flags": [],
        }
    rest = table.drop(columns=item.code).mean(axis=1)
    correlation = _correlation(table[item.code], rest)
    floor = float((answered == item.minimum).mean())
    ceiling = float((answered == item.maximum).mean())
    found = {
        "weak": math.isfinite(correlation) and correlation < WEAK_ITEM,
        "floor": floor > CROWDED_END,
        "ceiling": ceiling > CROWDED_END,
    }
    return {
        "n": len(answered),
        "rest_correlation": figure(correlation),
        "floor": round(floor, 4),
        "ceiling": round(ceiling, 4),
        "flags": [name for name, is_found in found.items() if is_found],
    }


def _correlation(one: pd.Series, other: pd.Series) -> float:
    both = pd.concat([one, other], axis=1).dropna()
    if len(both) < 2 or not (both.var() > 0).all():
        return math.nan
    return float(both.corr().iloc[0, 1])


def _kappa(levels: Sequence[tuple[float, float]]) -> float:
    categories = sorted({level for pair in levels for level in pair})
    if len(categories) < 2:
        return math.nan
    place = {level: index for index, level in enumerate(categories)}
    counts = np.zeros((len(categories), len(categories)))
    for own, given in levels:
        counts[place[own], place[given]] += 1
    distances = np.subtract.outer(categories, categories) ** 2
    return float(cohens_kappa(counts, weights=distances).kappa)


def _krippendorff(levels: Sequence[tuple[float, float]]) -> float:
    if len({level for pair in levels for level in pair}) < 2:
        return math.nan
    data = np.array(levels).T
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="ordinal"))


def _correlations(scores: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """ICC(A,1) and ICC(C,1) of two-way models (McGraw & Wong 1996): agreement, and consistency."""
    names = {"icc_a1": "ICC(A,1)", "icc_c1": "ICC(C,1)"}
    if np.var(np.array(scores)) == 0:
        return {key: figure(math.nan, method=name) for key, name in names.items()}
    long = pd.DataFrame(
        [(person, rater, pair[rater]) for person, pair in enumerate(scores) for rater in (0, 1)],
        columns=["person", "rater", "score"],
    )
    with warnings.catch_warnings():
        # The library asks pandas for a keyword on its way out; its figures are not concerned.
        warnings.simplefilter("ignore", DeprecationWarning)
        table = pingouin.intraclass_corr(long, targets="person", raters="rater", ratings="score")
    table = table.set_index("Type")
    return {
        key: figure(
            table.loc[name, "ICC"],
            method=name,
            interval=_interval(table.loc[name, "CI95"]),
        )
        for key, name in names.items()
    }


def _bias(scores: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Mean of reviewer less self, in points of 0..100, and the limits of 95 % of the differences."""
    differences = np.array([given - own for own, given in scores])
    mean, spread = float(differences.mean()), float(differences.std(ddof=1))
    limits = [round(mean - 1.96 * spread, 4), round(mean + 1.96 * spread, 4)]
    return figure(mean, method="Bland-Altman", limits=limits)


def _longest_run(levels: Sequence[float]) -> int:
    longest = run = 0
    for place, level in enumerate(levels):
        run = run + 1 if place and level == levels[place - 1] else 1
        longest = max(longest, run)
    return longest


def _person_total(table: pd.DataFrame) -> pd.Series:
    """Correlation of each person's answers with the means of the items; undefined counts as no sign."""
    return table.corrwith(table.mean(), axis=1).fillna(1.0)
