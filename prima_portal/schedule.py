"""What the beat asks the workers to do, and how often, in seconds. Each task is safe to run twice and to miss."""

from typing import Any, Final

BEAT_SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    "deliver-letters": {"task": "accounts.tasks.deliver_letters", "schedule": 10.0},
    "seal-audit": {"task": "audit.tasks.seal", "schedule": 10.0},
    "digest-history": {"task": "audit.tasks.digest_history", "schedule": 900.0},
    "dispatch-pending": {"task": "assessments.tasks.dispatch_pending", "schedule": 10.0},
    "scan-evidence": {"task": "assessments.tasks.scan_waiting", "schedule": 60.0},
    "sweep-evidence": {"task": "assessments.tasks.sweep_evidence", "schedule": 24 * 3600.0},
    "remind-people": {"task": "assessments.tasks.remind_people", "schedule": 60.0},
    "destroy-expired": {"task": "assessments.tasks.destroy_expired", "schedule": 24 * 3600.0},
    "dispatch-uploads": {"task": "pillars.tasks.dispatch_uploads", "schedule": 10.0},
    "remind-offices": {"task": "organization.tasks.remind_offices", "schedule": 600.0},
    "refresh-dashboards": {"task": "dashboards.tasks.refresh_dashboards", "schedule": 15.0},
}
