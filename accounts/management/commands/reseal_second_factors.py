"""`reseal_second_factors`: the step between a new SECRET_KEY and forgetting the old one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.operations import reseal_second_factors


class Command(BaseCommand):
    """See docs/runbook.md, "Keys and certificates"."""

    help = "Encrypts the secrets of second factors with SECRET_KEY, so that SECRET_KEY_FALLBACKS can be emptied."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Encrypt them anew, and name the accounts whose secret no key opens."""
        with transaction.atomic():
            done = reseal_second_factors(by=None)
            transaction.set_rollback(options["dry_run"])
        text = ngettext(
            "%(count)d rahasia disandikan ulang",
            "%(count)d rahasia disandikan ulang",
            done.resealed,
        )
        tried = _(" (uji coba: tidak ada yang ditulis)") if options["dry_run"] else ""
        self.stdout.write(text % {"count": done.resealed} + tried)
        if done.unreadable:
            names = ", ".join(user.username for user in done.unreadable)
            raise CommandError(
                _(
                    "Tidak terbaca dengan kunci mana pun: %(names)s. Tambahkan kunci lama pada SECRET_KEY_FALLBACKS "
                    "dan ulangi, atau atur ulang verifikasi dua langkah mereka di halaman operator."
                )
                % {"names": names}
            )
