"""The up and down buttons."""

from django import forms

from pillars.enums import Direction
from pillars.forms.fields import DraftForm


class MoveForm(DraftForm):
    """Which way, on which revision."""

    direction = forms.TypedChoiceField(
        choices=[(way.value, way.value) for way in Direction], coerce=Direction
    )
