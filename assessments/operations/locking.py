"""Taking hold of one assessment, and asking the database's clock whether it is still open."""

import datetime
from dataclasses import dataclass

from accounts.models import User
from assessments.enums import EDITABLE
from assessments.errors import DeadlinePassed, NotEditable, NotOpenYet
from assessments.models import Assessment, StaleUnit
from assessments.queries.standing import read_with_cycle


@dataclass(frozen=True, slots=True)
class Held:
    """An assessment locked for this transaction, and when the request for it arrived.

    `arrived_at` is the database's clock when the statement arrived, before it waited for a lock: whoever
    asked in time is in time, however long the queue.
    """

    assessment: Assessment
    arrived_at: datetime.datetime

    def require_editable(self) -> None:
        """Raise NotEditable once it is handed in."""
        if self.assessment.status not in EDITABLE:
            raise NotEditable

    def require_open(self) -> None:
        """Raise NotOpenYet or DeadlinePassed. The period is closed: both its ends are in time."""
        if self.arrived_at < self.assessment.cycle.opens_at:
            raise NotOpenYet(self.assessment.cycle.opens_at)
        if self.arrived_at > self.assessment.deadline:
            raise DeadlinePassed(self.assessment.deadline)

    def move(self, status: str, **columns: object) -> None:
        """Write the new state, which the database checks, and mark the unit's figures stale."""
        changes = {"status": status, "status_changed_at": self.arrived_at, **columns}
        for name, value in changes.items():
            setattr(self.assessment, name, value)
        self.assessment.save(update_fields=changes)
        StaleUnit.objects.create(unit_id=self.assessment.unit_id)


def hold(assessment_id: int, of: User | None = None) -> Held:
    """Lock an assessment and read it with its cycle, in one statement; waits for whoever holds it.

    With `of`, only that person's own. Raises Assessment.DoesNotExist.
    """
    assessment, arrived_at = read_with_cycle(assessment_id, of=of, lock=True)
    return Held(assessment, arrived_at)
