"""Working answers go when they are handed in; scores are explained from what they were computed from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0002_chosen_level_exists'),
        ('pillars', '0001_initial'),
    ]

    operations = [
        # The code before this one still writes traces: the column goes in a later release.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name='score', name='trace')],
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE assessments_score ALTER COLUMN trace DROP NOT NULL',
                    migrations.RunSQL.noop,
                )
            ],
        ),
        migrations.AddField(
            model_name='submission',
            name='last_revision',
            field=models.PositiveIntegerField(db_default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='assessment',
            name='submission',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.submission', verbose_name='pengajuan yang berlaku'),
        ),
        migrations.AlterField(
            model_name='rating',
            name='review',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='working_ratings', to='assessments.review'),
        ),
        migrations.AlterField(
            model_name='score',
            name='instrument',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pillars.instrument'),
        ),
        migrations.AlterField(
            model_name='score',
            name='review',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.review'),
        ),
    ]
