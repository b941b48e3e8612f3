"""What accounts know of a person."""

from typing import Any

from accounts.models import User

_ACCOUNT = (
    *("username", "nip", "siasn_id", "name", "title_before", "title_after", "email"),
    *("employment_type", "legal_status", "rank", "language", "is_active", "is_staff"),
    *("date_joined", "last_login"),
)


def personal_data_of(user: User) -> dict[str, Any]:
    """Everything that accounts hold about the person, by the keys of docs/data.md; never the password."""
    grants = user.role_grants.select_related("granted_by").order_by("pk")
    return {
        "account": {name: getattr(user, name) for name in _ACCOUNT},
        "former_nips": list(user.former_nips.order_by("pk").values("nip", "replaced_at")),
        "roles": [
            {
                "role": grant.role,
                "from": grant.valid.lower,
                "until": grant.valid.upper,
                "granted_by": str(grant.granted_by or ""),
                "reason": grant.reason,
            }
            for grant in grants
        ],
    }
