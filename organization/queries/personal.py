"""What is recorded about where a person stands, for whoever asks for all of their data."""

from typing import Any

from accounts.models import User
from organization.models import CorrectionRequest, Unit
from organization.queries.corrections import own_corrections


def personal_data_of(user: User) -> dict[str, Any]:
    """Everything that is recorded about where the person stands, by the keys of docs/data.md.

    Periods are half-open: `until` is the first day after.
    """
    postings = user.postings.select_related("position__unit").order_by("valid", "pk")
    mandates = user.hr_mandates.select_related("unit").order_by("valid", "pk")
    corrections = own_corrections(user).select_related("unit").order_by("pk")
    return {
        "correction_requests": [_correction(each) for each in corrections],
        "postings": [
            {
                "unit": each.position.unit.name,
                "position": each.position.title,
                "kind": each.kind,
                "kind_label": each.get_kind_display(),
                "is_head": each.is_head,
                "from": each.valid.lower,
                "until": each.valid.upper,
            }
            for each in postings
        ],
        "named_as_head": [
            {"unit": each.name, "nip": each.head_nip}
            for each in Unit.objects.filter(head_nip=user.nip or None).order_by("pk")
        ],
        "personnel_mandates": [
            {
                "unit": each.unit.name,
                "from": each.valid.lower,
                "until": each.valid.upper,
                "reason": each.reason,
            }
            for each in mandates
        ],
    }


def _correction(request: CorrectionRequest) -> dict[str, Any]:
    return {
        "item": request.item,
        "item_label": request.get_item_display(),
        "requested": request.requested,
        "reference": request.reference,
        "unit": request.unit.name,
        "status": request.status,
        "status_label": request.get_status_display(),
        "received_at": request.received_at,
        "due_at": request.due_at,
        "decided_at": request.decided_at,
        "answer": request.answer,
        "reminders": request.reminders,
    }
