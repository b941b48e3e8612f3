"""Read models: what a unit's dashboard shows, recomputed by tasks, never by a page."""

from django.contrib.postgres.fields import ArrayField
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


def _score_ids() -> ArrayField:
    return ArrayField(models.BigIntegerField(), default=list)


class UnitRelease(models.Model):
    """What has been shown of a unit's own people, remembered so that nothing can be told by difference.

    `block`, `above`, `shows_own`, `shows_subtree` are the unit's `suppression.Place`, chosen once. The
    arrays are scores by `suppression.State`. `own` has their figures by state; `subtree` those shown of
    the unit with all below: `exact`, or `apart` behind bands; `pooled` what entered here from blocks
    below. `odd` names sources in which scores of too few people of one pattern were counted before that was
    refused (ADR 0016): no total is shown there for good.
    """

    unit = models.OneToOneField(CycleUnit, models.CASCADE, primary_key=True, related_name="release")
    block = models.BigIntegerField(null=True, db_index=True)
    above = models.BigIntegerField(null=True, db_index=True)
    shows_own = models.BooleanField()
    shows_subtree = models.BooleanField()
    entered = _score_ids()
    pooled_above = _score_ids()
    held = _score_ids()
    gone = _score_ids()
    own = models.JSONField(default=dict)
    pooled = models.JSONField(default=dict)
    subtree = models.JSONField(default=dict)
    odd = models.JSONField(default=dict)
    released_at = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("rilis unit")
        verbose_name_plural = _("rilis unit")

    def __str__(self) -> str:
        return str(self.unit)
