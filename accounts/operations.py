"""What changes an account by the person's own hand."""

from accounts.models import User


def choose_language(*, user: User, language: str) -> None:
    """Keep the language in which the person reads the portal, for every device."""
    user.language = language
    user.save(update_fields=["language"])
