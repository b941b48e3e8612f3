"""Rows with an up and a down button, and the focus that stays on the row just moved."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import PersonRequest
from pillars.enums import Direction
from pillars.files import PillarDocument
from pillars.views.saving import Draft


@dataclass(frozen=True, slots=True)
class Row:
    """One pillar or indicator in its order. `focus` is the direction of the button that was pressed."""

    code: str
    title: str
    hint: str
    url: str
    move_url: str
    remove_url: str
    number: int
    total: int
    focus: str

    @property
    def may_rise(self) -> bool:
        """Whether there is a row above."""
        return self.number > 1

    @property
    def may_sink(self) -> bool:
        """Whether there is a row below."""
        return self.number < self.total


def pillar_rows(request: PersonRequest, draft: Draft) -> list[Row]:
    """The pillars of a draft."""
    rows = []
    for number, pillar in enumerate(draft.document.pillars, start=1):
        count = len(pillar.indicators)
        hint = ngettext("%(count)d indikator", "%(count)d indikator", count) % {"count": count}
        rows.append(
            _row(
                request,
                draft,
                kind="pillar",
                code=pillar.code,
                title=pillar.name,
                hint=hint,
                place=(number, len(draft.document.pillars)),
            )
        )
    return rows


def indicator_rows(request: PersonRequest, draft: Draft, pillar: PillarDocument) -> list[Row]:
    """The indicators of a pillar."""
    return [
        _row(
            request,
            draft,
            kind="indicator",
            code=indicator.code,
            title=indicator.statement,
            hint=indicator.code,
            place=(number, len(pillar.indicators)),
        )
        for number, indicator in enumerate(pillar.indicators, start=1)
    ]


def moved_message(code: str, direction: Direction) -> str:
    """What a move came to."""
    if direction is Direction.UP:
        return _("%(code)s dinaikkan satu urutan.") % {"code": code}
    return _("%(code)s diturunkan satu urutan.") % {"code": code}


def with_focus(url: str, code: str, direction: Direction) -> str:
    """The list, with the focus on the button that was pressed.

    No fragment: a browser that is sent to one leaves `autofocus` alone.
    """
    return f"{url}?{urlencode({'pindah': code, 'arah': direction.value})}"


def _row(
    request: PersonRequest,
    draft: Draft,
    *,
    kind: str,
    code: str,
    title: str,
    hint: str,
    place: tuple[int, int],
) -> Row:
    address = (draft.instrument.pk, code)
    number, total = place
    focus = request.GET.get("arah", "") if request.GET.get("pindah") == code else ""
    # A button at the end of its row cannot take the focus; its neighbour does.
    if focus == Direction.UP and number == 1:
        focus = Direction.DOWN.value
    elif focus == Direction.DOWN and number == total:
        focus = Direction.UP.value
    return Row(
        code=code,
        title=title,
        hint=hint,
        url=reverse(f"pillars:edit_{kind}", args=address),
        move_url=reverse(f"pillars:move_{kind}", args=address),
        remove_url=reverse(f"pillars:remove_{kind}", args=address),
        number=number,
        total=total,
        focus=focus,
    )
