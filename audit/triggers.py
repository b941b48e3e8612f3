"""Database triggers that keep history: used by every app whose rows must not change."""

import pgtrigger

NO_TRUNCATE = pgtrigger.Trigger(
    name="no_truncate",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION '% is history and is never emptied', TG_TABLE_NAME;",
)
IMMUTABLE = pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)

SKIPPABLE = "assessments.Answer:delete_delete"
"""The only trigger that the application's role may skip: what it would keep stands in the submission just made."""
