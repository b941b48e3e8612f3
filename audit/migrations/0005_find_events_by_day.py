"""A day among millions of events is found by this index; ranges of pages (BRIN) the planner did not choose."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0004_correction_requests'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['at'], name='audit_event_moment'),
        ),
        migrations.RemoveIndex(
            model_name='event',
            name='audit_event_at',
        ),
    ]
