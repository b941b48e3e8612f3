"""The schedule by which personal data is destroyed, as the environment has it (docs/data.md)."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured


def retention_months(env: Any) -> dict[str, int]:
    """Months by kind; raises ImproperlyConfigured for what the portal must not destroy so early."""
    months = {
        "DRAFTS": env.int("RETENTION_MONTHS_DRAFTS", default=12),
        "ASSESSMENTS": env.int("RETENTION_MONTHS_ASSESSMENTS", default=60),
        "CORRECTIONS": env.int("RETENTION_MONTHS_CORRECTIONS", default=60),
        "TRACES": env.int("RETENTION_MONTHS_TRACES", default=1),
    }
    if not months["ASSESSMENTS"] >= months["DRAFTS"] >= 12:
        raise ImproperlyConfigured(
            "RETENTION_MONTHS_DRAFTS, RETENTION_MONTHS_ASSESSMENTS: at least 12, drafts no longer than assessments"
        )
    if months["CORRECTIONS"] < 12 or months["TRACES"] < 1:
        raise ImproperlyConfigured(
            "RETENTION_MONTHS_CORRECTIONS: at least 12; RETENTION_MONTHS_TRACES: at least 1"
        )
    return months
