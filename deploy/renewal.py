"""A renewal by SIGHUP during which somebody always takes connections.

gunicorn starts the new processes and ends the old ones at once. Until the new ones have imported the portal, seconds
later and on a busy machine many, what arrives waits in the socket's queue, longer than people or proxies do. A process
of this class goes on serving until the first of its successors stands.

Nothing of the portal is imported here: this module lives in the manager, and whatever the manager holds is what
every process that it forks would run, however new the code on disk.
"""

import mmap
import struct
import time
from types import FrameType

from gunicorn.workers.gthread import ThreadWorker

PATIENCE_SECONDS = 120
"""How long an old process waits for successors that do not come, before it ends all the same."""


class Renewal:
    """What the manager and its processes know of each other, in memory that they share.

    gunicorn numbers processes by age. Those up to `replaced` are on their way out; `standing` is the newest that
    serves.
    """

    _LAYOUT = struct.Struct("qq")

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, self._LAYOUT.size)

    def replace(self, age: int) -> None:
        """From now on processes up to this age wait for a successor before they end."""
        self._LAYOUT.pack_into(self._memory, 0, age, self._read()[1])

    def stand(self, age: int) -> None:
        """The process of this age takes connections."""
        replaced, standing = self._read()
        self._LAYOUT.pack_into(self._memory, 0, replaced, max(age, standing))

    def is_succeeded(self, age: int) -> bool:
        """Whether a process of this age may end: it is not being replaced, or somebody newer serves."""
        replaced, standing = self._read()
        return age > replaced or standing > replaced

    def _read(self) -> tuple[int, int]:
        replaced, standing = self._LAYOUT.unpack_from(self._memory)
        return replaced, standing


RENEWAL = Renewal()


class RenewableWorker(ThreadWorker):
    """gunicorn's worker of threads, which does not leave before somebody has come."""

    leave_at: float | None = None

    def run(self) -> None:
        """Serve; from here on the predecessors may end."""
        RENEWAL.stand(self.age)
        super().run()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM: end once a successor stands, at once where there is to be none."""
        if RENEWAL.is_succeeded(self.age):
            super().handle_exit(sig, frame)
        elif self.leave_at is None:
            self.leave_at = time.monotonic() + PATIENCE_SECONDS

    def notify(self) -> None:
        """At least once a second: tell the manager that this process lives, and see whether it may end."""
        super().notify()
        waits = self.leave_at is not None and time.monotonic() < self.leave_at
        if self.leave_at is not None and (not waits or RENEWAL.is_succeeded(self.age)):
            self.alive = False
