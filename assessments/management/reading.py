"""What commands that take a file share."""

from pathlib import Path

from django.core.management.base import CommandError

from exchange.files import FileUnreachable, read_file


def read(path: Path) -> bytes:
    """The content of a file; raises CommandError, which says why it cannot be read."""
    try:
        return read_file(path)
    except FileUnreachable as error:
        raise CommandError(str(error)) from error
