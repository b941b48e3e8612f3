"""A new schema arrives while the old code serves, and a backup reads: nobody waits for either."""

import time

import psycopg2

from tests.chaos.people import PROMPT_SECONDS, RECEIPT, kinds
from tests.chaos.stack import eventually

READS_SECONDS = 15
NEXT_RELEASE = {"DJANGO_SETTINGS_MODULE": "tests.chaos.upgrade.settings"}


def test_a_migration_arrives_under_load_while_somebody_reads_for_long(stack, cycle, meanwhile):
    outcomes, migrations = [], []
    reader = psycopg2.connect(stack.services.postgresql_url(stack.postgresql))
    try:
        reader.cursor().execute("SELECT count(*) FROM assessments_submission, assessments_answer")
        meanwhile(lambda: migrations.append(migrate(stack, "upgrade")))
        eventually(lambda: stack.sql(_WAITS))
        start = time.monotonic()
        meanwhile(lambda: outcomes.extend(cycle.crowd.hand_in()))
        eventually(lambda: outcomes and time.monotonic() - start > READS_SECONDS)
    finally:
        reader.close()
    eventually(lambda: migrations)
    try:
        assert migrations[0].returncode == 0, migrations[0].stderr
        assert "dicoba lagi" in migrations[0].stderr
        assert kinds(outcomes) == {RECEIPT: len(cycle.crowd.people)}
        assert max(outcome.seconds for outcome in outcomes) < PROMPT_SECONDS
        cycle.reckon()
    finally:
        assert migrate(stack, "upgrade", "zero").returncode == 0


_WAITS = (
    "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE %%'"
)


def migrate(stack, *arguments):
    """`migrate` of the next release, beside what runs."""
    return stack.run("manage.py", "migrate", *arguments, **NEXT_RELEASE)
