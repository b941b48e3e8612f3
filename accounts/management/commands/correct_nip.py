"""`correct_nip WRONG RIGHT`: gives an account the NIP that it should have had."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.operations import correct_nip
from accounts.queries import account_called
from accounts.validators import normalize_nip, validate_nip


class Command(BaseCommand):
    """An event names the account, never the NIP."""

    help = (
        "Corrects a NIP that was wrong in the roster: sign-in by the right one, all sessions end."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("wrong", help="NIP or sign-in name that the account has now")
        parser.add_argument("right", help="NIP that it should have")
        parser.add_argument(
            "--of-somebody-else",
            action="store_true",
            help="the wrong NIP belongs to another person: do not keep it as a former one",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, wrong: str, right: str, **options: Any) -> None:
        """Correct it, or say why not."""
        nip = normalize_nip(right)
        try:
            validate_nip(nip)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user = account_called(wrong)
        if user is None:
            raise CommandError(_("Tidak ada akun dengan NIP atau nama masuk ini."))
        try:
            with transaction.atomic():
                correct_nip(
                    user=user, nip=nip, keep_former=not options["of_somebody_else"], by=None
                )
                transaction.set_rollback(options["dry_run"])
        except Refused as error:
            raise CommandError(str(error)) from error
        tried = _(" (uji coba: tidak ada yang ditulis)") if options["dry_run"] else ""
        done = _("NIP diperbaiki; semua sesi diakhiri, masuk dengan NIP yang benar")
        self.stdout.write(f"{user.full_name}: {done}{tried}")
