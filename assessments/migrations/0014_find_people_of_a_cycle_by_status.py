"""How many stand where in a cycle is counted in this index; counted in the table it read every assessment there is."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0013_history_is_held_too'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['cycle', 'status'], name='assessment_cycle_status'),
        ),
    ]
