"""Whom a letter about their deadline went to last, on which days a cycle writes, and how many letters went."""

import assessments.models.reminding
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0014_find_people_of_a_cycle_by_status'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReminderPlan',
            fields=[
                ('cycle', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reminder_plan', serialize=False, to='assessments.cycle')),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=assessments.models.reminding.usual_days, size=None)),
                ('position', models.BigIntegerField(default=0)),
                ('swept_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'rencana pengingat',
                'verbose_name_plural': 'rencana pengingat',
            },
        ),
        migrations.CreateModel(
            name='ReminderRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField()),
                ('letters', models.PositiveIntegerField(default=0)),
                ('without_address', models.PositiveIntegerField(default=0)),
                ('last_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'putaran pengingat',
                'verbose_name_plural': 'putaran pengingat',
            },
        ),
        migrations.AddField(
            model_name='assessment',
            name='reminded_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='terakhir disurati'),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(condition=models.Q(('extended_until__isnull', False)), fields=['cycle', 'extended_until'], name='assessment_extended'),
        ),
        migrations.AddField(
            model_name='reminderround',
            name='cycle',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reminder_rounds', to='assessments.cycle'),
        ),
        migrations.AddConstraint(
            model_name='reminderround',
            constraint=models.UniqueConstraint(fields=('cycle', 'days'), name='reminder_round_once'),
        ),
    ]
