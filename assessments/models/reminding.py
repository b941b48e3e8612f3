"""When the people of a cycle are written to, and how many letters went. Whom: `Assessment.reminded_at`."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.cycle import Cycle

OPENING = 0
"""The round that goes out when a cycle opens, among those so many days before a deadline."""


def usual_days() -> list[int]:
    """A week before, and once more while two days are left."""
    return [7, 2]


class ReminderPlan(models.Model):
    """On which days before their deadline the people of a cycle are reminded; none: nobody is written to.

    `position` is the last person of the sweep under way, so that the next batch goes on behind.
    """

    cycle = models.OneToOneField(
        Cycle, models.CASCADE, primary_key=True, related_name="reminder_plan"
    )
    days = ArrayField(models.PositiveSmallIntegerField(), default=usual_days, blank=True)
    position = models.BigIntegerField(default=0)
    swept_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rencana pengingat")
        verbose_name_plural = _("rencana pengingat")

    def __str__(self) -> str:
        return str(self.cycle_id)


class ReminderRound(models.Model):
    """What was written so many days before the deadline: letters, and people who have no address."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="reminder_rounds", db_index=False)
    days = models.PositiveSmallIntegerField()
    letters = models.PositiveIntegerField(default=0)
    without_address = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("putaran pengingat")
        verbose_name_plural = _("putaran pengingat")
        constraints = (
            models.UniqueConstraint(fields=("cycle", "days"), name="reminder_round_once"),
        )

    def __str__(self) -> str:
        return f"{self.cycle_id}: {self.days}"
