"""Backups: one folder with a database dump, the evidence files and a manifest of checksums."""

from prima_portal.backups.errors import BackupRefused
from prima_portal.backups.reading import restore
from prima_portal.backups.writing import backup, require_place

__all__ = ["BackupRefused", "backup", "require_place", "restore"]
