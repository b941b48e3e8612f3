"""Read models: what a unit's dashboard shows, recomputed by tasks, never by a page."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.models import CycleUnit


class UnitSnapshot(models.Model):
    """Figures of one unit of a cycle: of its own people (`own`), and with all below (`subtree`).

    Both are tallies in the form of `rollup.Tally.to_json`: exact sums, never rounded ones.
    `disclosed` holds what may be shown of either after small-group suppression, by source and slot, in
    the form of `suppression.release`: pages and exports read scores from nowhere else.
    """

    unit = models.OneToOneField(
        CycleUnit,
        models.CASCADE,
        primary_key=True,
        related_name="snapshot",
        verbose_name=_("unit kerja"),
    )
    own = models.JSONField()
    subtree = models.JSONField()
    disclosed = models.JSONField(default=dict)
    refreshed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("rekap unit")
        verbose_name_plural = _("rekap unit")

    def __str__(self) -> str:
        return str(self.unit)
