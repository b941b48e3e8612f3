"""Django's `migrate` for a portal that people work on: it gives way instead of having them wait."""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.migrations import Migration
from django.utils.translation import gettext as _

LOCK_SECONDS = 2
"""How long a migration waits for a table. Whoever comes after it waits as long, so it must be short."""
PAUSE_SECONDS = 5
GIVE_UP_SECONDS = 300
LOCK_NOT_AVAILABLE = "55P03"


class Command(migrate.Command):
    """Tries again where somebody held a table, as a backup or a report does; what is applied stays applied.

    A change of a table waits for all who read it, and all who come later wait behind the change. A migration that
    is no transaction, because it makes an index beside running work, holds up nobody and waits as long as it takes.
    """

    help = migrate.Command.help

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply what is missing; CommandError where a table was held for five minutes."""
        self.database = connections[options["database"]]
        give_up_at = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
                    raise
                if time.monotonic() > give_up_at:
                    raise CommandError(
                        _(
                            "Tabel masih dipakai transaksi lain. Cari di pg_stat_activity, tunggu sampai selesai,"
                            " lalu jalankan migrate lagi; yang sudah diterapkan tetap diterapkan."
                        )
                    ) from error
                self.stderr.write(_("Tabel sedang dipakai; dicoba lagi sebentar lagi."))
                time.sleep(PAUSE_SECONDS)
            else:
                return
            finally:
                self._wait_for_tables("DEFAULT")

    def migration_progress_callback(
        self,
        action: str,
        migration: Migration | None = None,
        fake: bool = False,  # noqa: FBT001, FBT002  Django's own
    ) -> None:
        """Before each migration, say how long it may wait."""
        if migration is not None and action.endswith("apply_start"):
            self._wait_for_tables(f"'{LOCK_SECONDS}s'" if migration.atomic else "DEFAULT")
        super().migration_progress_callback(action, migration, fake)

    def _wait_for_tables(self, how_long: str) -> None:
        with self.database.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {how_long}")
