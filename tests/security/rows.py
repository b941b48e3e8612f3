"""How a row of the reviewed table is written.

A row names who may, by relation to the object; everybody else with an account gets 404, and whoever is not signed in
is sent to sign in. `by` says where the state of the object changes the answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.security.targets import CURATES
from tests.security.world import World

EVERYBODY = "everybody"
NOWHERE = 404


class by(dict[str, int]):  # noqa: N801  reads as a word in the table
    """An answer that depends on the object: by its name, else by its state, else the usual one."""

    def __init__(self, usual: int, **others: int) -> None:
        super().__init__(others)
        self.usual = usual


Answer = int | by
Cells = int | Mapping[str, Answer]
Body = Mapping[str, Any] | Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """One address. `get` and `post`: an answer for whoever is signed in, or answers by relation.

    `body` is sent on top of what the page's own form holds; `marker` stands on each page that is shown.
    `anonymous`: what somebody gets who is not signed in, where it is not the way to sign in.
    """

    kind: str
    get: Cells
    post: Cells
    marker: str = ""
    body: Body = field(default_factory=dict)
    anonymous: tuple[int, int] | None = None
    is_json: bool = False

    def body_of(self, world: World) -> dict[str, Any]:
        """What is sent on top of the page's form."""
        return dict(self.body(world) if callable(self.body) else self.body)


READS = {CURATES: 200}
REFUSED_METHOD = {CURATES: 405}
