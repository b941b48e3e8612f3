"""Why there is no backup, or no restore."""

from accounts.errors import Refused


class BackupRefused(Refused):
    """A backup or a restore that would not be whole; the message says what to do."""
