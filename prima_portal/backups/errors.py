"""Why there is no backup, or no restore."""


class BackupRefused(Exception):
    """A backup or a restore that would not be whole; the message says what to do."""
