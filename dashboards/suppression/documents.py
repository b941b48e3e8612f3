"""What is shown of one group, rounded and banded: the document that pages and exports are made of."""

from collections.abc import Collection, Mapping
from typing import Any

from assessments.scoring import Scheme, round_half_up
from dashboards.rollup import TOTAL, Figure


def release(
    entered: Mapping[str, Figure],
    apart: Mapping[str, Figure],
    *,
    known: Collection[str],
    shows_total: bool,
    scheme: Scheme,
) -> dict[str, Any] | None:
    """Means of who has entered; where nobody has, bands of who is held or was pooled above.

    `known` are slots in which anybody has a score by now. None: hidden. An empty document: nobody has a score.
    A slot of None is hidden, a `mean` of None stands behind its band.
    """
    is_exact = bool(entered)
    figures = entered or apart
    if not figures:
        return None if known else {}
    return {
        slot: _document(figures[slot], scheme, is_exact=is_exact)
        if slot in figures and (shows_total or slot != TOTAL)
        else None
        for slot in sorted({*known, *figures})
    }


def _document(figure: Figure, scheme: Scheme, *, is_exact: bool) -> dict[str, Any]:
    mean = round_half_up(figure.total / figure.n, scheme.decimals)
    return {
        "n": figure.n,
        "mean": format(mean, "f") if is_exact else None,
        "band": scheme.band_of(mean) or "",
        "bands": dict(figure.bands),
    }
