"""What commands that take a file share."""

from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _


def read(path: Path) -> bytes:
    """The content of a file; raises CommandError, which says why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise CommandError(
            _("%(path)s tidak dapat dibaca: %(reason)s.") % {"path": path, "reason": reason}
        ) from error
