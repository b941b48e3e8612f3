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


def choose_time_zone(*, user: User, time_zone: str) -> None:
    """Keep the zone in which the person is shown moments; empty for the portal's own.

    What is allowed when never depends on it.
    """
    user.time_zone = time_zone
    user.save(update_fields=["time_zone"])
