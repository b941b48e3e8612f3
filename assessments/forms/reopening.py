"""What the second person says about opening an established result again."""

from django import forms
from django.utils.translation import gettext_lazy as _

APPROVE, REJECT = "approve", "reject"


class DecisionForm(forms.Form):
    """What the second person says; saying nothing decides nothing."""

    decision = forms.ChoiceField(
        choices=[(APPROVE, APPROVE), (REJECT, REJECT)],
        error_messages={"required": _("Belum ada yang diputuskan. Setujui atau tolak usulan ini.")},
    )
