"""What destruction leaves of a history line until its range has a new digest (ADR 0027)."""

from importlib import import_module

from django.db import migrations, models

_WHOLE = import_module("audit.migrations.0003_retention").FUNCTIONS
BEFORE = _WHOLE[
    _WHOLE.index("CREATE FUNCTION audit_destroy(") : _WHOLE.index(
        "REVOKE ALL ON FUNCTION audit_destroy("
    )
].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

DELETING = """RETURNING *) SELECT count(*), string_agg('
            'encode(sha256(convert_to(to_jsonb(gone)::text, ''UTF8'')), ''hex''), '''' ORDER BY %I) FROM gone',
            part[1], part[3], part[2]
"""
NOTING = """RETURNING *)%s SELECT count(*), string_agg('
            'encode(sha256(convert_to(to_jsonb(gone)::text, ''UTF8'')), ''hex''), '''' ORDER BY %I) FROM gone',
            part[1], part[3], CASE part[2] WHEN 'pgh_id' THEN format(
                ', later AS MATERIALIZED (SELECT * FROM audit_later_columns(%1$L)), noted AS ('
                'INSERT INTO audit_destroyedline (history, line, digest) SELECT %1$L, pgh_id, sha256(convert_to(('
                'to_jsonb(gone) - coalesce((SELECT columns FROM later WHERE after < pgh_id ORDER BY after DESC LIMIT 1),'
                ' ARRAY[]::text[]))::text, ''UTF8'')) FROM gone ON CONFLICT DO NOTHING)', part[1]
            ) ELSE '' END, part[2]
"""
SETTINGS = "SET search_path = public, pg_temp"
BEGINNING = "BEGIN\n    FOREACH part"
# Destroying and digesting take turns (`audit.queries.verifying.HISTORY_LOCK`): neither sees half of the other.
TAKING_TURNS = BEGINNING.replace(
    "    FOREACH", "    PERFORM pg_advisory_xact_lock_shared(1212765012);\n    FOREACH"
)
NOW = (
    BEFORE.replace(DELETING, NOTING)
    .replace(SETTINGS, f"{SETTINGS} SET timezone = 'UTC'")
    .replace(BEGINNING, TAKING_TURNS)
)

# From which line on which of today's columns were not yet there, and so are in no digest.
LATER_COLUMNS = """
CREATE FUNCTION audit_later_columns(history text) RETURNS TABLE (after bigint, columns text[])
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT known.after, ARRAY(
        SELECT attname::text FROM pg_attribute
        WHERE attrelid = history::regclass AND attnum > 0 AND NOT attisdropped
            AND NOT jsonb_exists(known.columns, attname::text)
    )
    FROM (
        SELECT data -> 'columns' AS columns, min(coalesce((data ->> 'after')::bigint, '-9223372036854775808')) AS after
        FROM audit_event WHERE verb = 'history.digested' AND subject_id = history GROUP BY 1
    ) known
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_find_events_by_day")]

    operations = [
        migrations.CreateModel(
            name="DestroyedLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("history", models.CharField(max_length=63)),
                ("line", models.BigIntegerField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "verbose_name": "baris riwayat yang dimusnahkan",
                "verbose_name_plural": "baris riwayat yang dimusnahkan",
            },
        ),
        migrations.AddConstraint(
            model_name="destroyedline",
            constraint=models.UniqueConstraint(
                fields=("history", "line"), name="destroyed_line_once"
            ),
        ),
        migrations.RunSQL(LATER_COLUMNS, "DROP FUNCTION audit_later_columns(text);"),
        migrations.RunSQL(NOW, BEFORE),
    ]
