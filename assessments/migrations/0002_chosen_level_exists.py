"""An answer's value is a level of its indicator: a composite key that Django cannot declare."""

from django.db import migrations

TABLES = {"assessments_answer": "answer_value_is_level", "assessments_rating": "rating_value_is_level"}


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("pillars", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (indicator_id, value) "
            "REFERENCES pillars_level (indicator_id, value)",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )
        for table, name in TABLES.items()
    ]
