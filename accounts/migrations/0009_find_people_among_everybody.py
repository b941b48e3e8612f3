"""A part of a name, a legal status and those who cannot be invited are found among everybody by these indexes.

Made beside running work: nobody who signs in waits for them.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0008_letters_about_assessments'),
    ]

    operations = [
        TrigramExtension(),
        AddIndexConcurrently(
            model_name='user',
            index=GinIndex(OpClass(Upper('name'), name='gin_trgm_ops'), name='user_part_of_name'),
        ),
        AddIndexConcurrently(
            model_name='user',
            index=models.Index(fields=['legal_status'], name='user_legal_status'),
        ),
        AddIndexConcurrently(
            model_name='user',
            index=models.Index(
                condition=models.Q(('email', ''), ('is_active', True), ('password__startswith', '!')),
                fields=['name', 'id'],
                name='user_unreachable',
            ),
        ),
    ]
