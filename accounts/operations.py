"""What changes an account by the person's own hand."""

from accounts.models import User
from audit.operations import record


def choose_language(*, user: User, language: str) -> None:
    """Keep the language in which the person reads the portal, for every device."""
    user.language = language
    user.save(update_fields=["language"])


def hand_over_data(*, by: User) -> None:
    """Record that the person takes away everything that the portal holds about them."""
    record("personal_data.exported", by=by, subject=by)
