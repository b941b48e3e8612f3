"""Whoever asks for a link by an address is found among everybody by this index. Made beside running work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0012_forget_typed_names'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='user',
            index=models.Index(Upper('email'), name='user_address'),
        ),
    ]
