from django.db import migrations


class Migration(migrations.Migration):
    """What was typed as a name at failed tries may be a password: only a NIP is kept, and nothing else of a form."""

    dependencies = [
        ("accounts", "0011_letter_about_a_settled_report"),
        ("axes", "0010_accessattemptexpiration"),
    ]

    operations = [
        migrations.RunSQL(
            """
            DELETE FROM axes_accessattemptexpiration WHERE access_attempt_id IN (
                SELECT id FROM axes_accessattempt WHERE username IS NULL OR username !~ '^[0-9]{18}$'
            );
            DELETE FROM axes_accessattempt WHERE username IS NULL OR username !~ '^[0-9]{18}$';
            UPDATE axes_accessattempt SET get_data = '', post_data = '';
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
