"""Figures of the running system for a monitor: what waits, how long, and how fresh the rest is."""

from collections.abc import Iterator

from django.db import connection
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily

from dashboards.queries import participation_of_open_cycles

SCORING_LATE_SECONDS = 60
DASHBOARDS_LATE_SECONDS = 300

_SCALARS = {
    "prima_submissions_last_minute": (
        "Submissions accepted in the last minute",
        "SELECT count(*) FROM assessments_submission"
        " WHERE submitted_at > statement_timestamp() - interval '1 minute'",
    ),
    "prima_scoring_pending": (
        "Submissions that wait for a score",
        "SELECT count(*) FROM assessments_scoringjob WHERE failed_at IS NULL",
    ),
    "prima_scoring_failed": (
        "Submissions whose scoring failed and waits for an operator",
        "SELECT count(*) FROM assessments_scoringjob WHERE failed_at IS NOT NULL",
    ),
    "prima_scoring_oldest_pending_seconds": (
        "Age of the oldest submission that waits for a score",
        "SELECT coalesce(extract(epoch FROM statement_timestamp() - min(requested_at)), 0)"
        " FROM assessments_scoringjob WHERE failed_at IS NULL",
    ),
    "prima_corrections_waiting": (
        "Requests to correct personal data that wait for an answer",
        "SELECT count(*) FROM organization_correctionrequest WHERE status = 'RECEIVED'",
    ),
    "prima_corrections_overdue": (
        "Requests to correct personal data that wait longer than 72 hours",
        "SELECT count(*) FROM organization_correctionrequest"
        " WHERE status = 'RECEIVED' AND due_at < statement_timestamp()",
    ),
    "prima_dashboards_stale_units": (
        "Changes of units that dashboards do not show yet",
        "SELECT count(*) FROM assessments_staleunit",
    ),
    "prima_dashboards_stale_seconds": (
        "Age of the oldest change that dashboards do not show yet",
        "SELECT coalesce(extract(epoch FROM statement_timestamp() - min(at)), 0)"
        " FROM assessments_staleunit",
    ),
}
QUERIES = {name: query for name, (_help, query) in _SCALARS.items()}


class PortalCollector:
    """Asks the database at each scrape; nothing is counted in a process that may die."""

    def collect(self) -> Iterator[Metric]:
        """Yield each figure."""
        participation = GaugeMetricFamily(
            "prima_people", "People of open cycles by how far they are", labels=["cycle", "stage"]
        )
        drafts = GaugeMetricFamily(
            "prima_drafts", "People who have begun and not handed in", labels=["cycle"]
        )
        for code, people in participation_of_open_cycles():
            drafts.add_metric([code], people["started"] - people["submitted"])
            for stage, count in people.items():
                participation.add_metric([code, stage], count)
        yield participation
        yield drafts
        for name, (help_text, _query) in _SCALARS.items():
            yield GaugeMetricFamily(name, help_text, value=figure(name))


def figure(name: str) -> float:
    """One figure as it is now; each asks an index or a table of what waits, never all that was handed in."""
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[name])
        return float(cursor.fetchone()[0])


def what_lags() -> list[str]:
    """What people would notice: scores or dashboards that come later than they should."""
    late = {
        "scoring": figure("prima_scoring_oldest_pending_seconds") > SCORING_LATE_SECONDS,
        "dashboards": figure("prima_dashboards_stale_seconds") > DASHBOARDS_LATE_SECONDS,
    }
    return [name for name, is_late in late.items() if is_late]


def exposition() -> bytes:
    """The figures in the text format that Prometheus reads."""
    registry = CollectorRegistry()
    registry.register(PortalCollector())
    return generate_latest(registry)
