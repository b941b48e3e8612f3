"""What the next release may do to the busiest tables, by the rules of the migration linter."""

from django.db import migrations

TABLES = ("assessments_answer", "assessments_assessment", "assessments_submission")


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(
            [f"ALTER TABLE {table} ADD COLUMN next_release integer NULL" for table in TABLES],
            [f"ALTER TABLE {table} DROP COLUMN next_release" for table in TABLES],
        )
    ]
