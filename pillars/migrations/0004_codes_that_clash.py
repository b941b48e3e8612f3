"""Codes that clash with names of the portal itself are refused from now on; rows that exist are left alone."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("pillars", "0003_names_for_operators")]

    operations = [
        AddConstraintNotValid(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=~models.Q(
                    code__iregex=r"^(respondent|csrfmiddlewaretoken|indicator|next|change|token|step|cycle|gaps|\.|\.\.)$"
                ),
                name="indicator_code_not_reserved",
            ),
        ),
        AddConstraintNotValid(
            model_name="pillar",
            constraint=models.CheckConstraint(
                condition=~models.Q(code__in=(".", "..")), name="pillar_code_not_reserved"
            ),
        ),
    ]
