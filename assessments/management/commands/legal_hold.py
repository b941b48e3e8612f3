"""`legal_hold place|lift|list`: suspends destruction by schedule for a cycle or a person."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.clock import in_words
from accounts.errors import Refused
from accounts.queries import account_called
from assessments.models import Cycle
from assessments.models.assessment import REASON_LENGTH
from assessments.operations import lift_hold, place_hold
from assessments.queries.retention import holds_in_force


class Command(BaseCommand):
    """Placing and lifting are events."""

    help = "Suspends destruction by schedule while an objection, a lawsuit or an audit lasts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("act", choices=("place", "lift", "list"))
        whose = parser.add_mutually_exclusive_group()
        whose.add_argument("--cycle", default="", help="code of the cycle")
        whose.add_argument("--person", default="", help="NIP or sign-in name")
        parser.add_argument("--reason", default="", help="why; needed to place one")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        """Place, lift or list."""
        if act == "list":
            self._list(as_json=options["format"] == "json")
            return
        whom = _whom(options["cycle"], options["person"])
        reason = options["reason"].strip()
        if act == "place" and not reason:
            raise CommandError(_("--reason: sebutkan alasannya, misalnya nomor perkara."))
        if len(reason) > REASON_LENGTH:
            too_long = _("Tulisan terlalu panjang. Ringkas hingga %(limit)d huruf.")
            raise CommandError(f"--reason: {too_long % {'limit': REASON_LENGTH}}")
        try:
            with transaction.atomic():
                if act == "place":
                    place_hold(reason=reason, by=None, **whom)
                else:
                    lift_hold(by=None, **whom)
                transaction.set_rollback(options["dry_run"])
        except Refused as error:
            raise CommandError(str(error)) from error
        of = next(iter(whom.values()))
        done = _("pemusnahan ditangguhkan") if act == "place" else _("penangguhan dicabut")
        if options["format"] == "json":
            figures = {"act": act, "of": str(of), "dry_run": options["dry_run"]}
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        tried = _(" (uji coba: tidak ada yang ditulis)") if options["dry_run"] else ""
        self.stdout.write(f"{of}: {done}{tried}")

    def _list(self, *, as_json: bool) -> None:
        holds = list(holds_in_force())
        if as_json:
            lines = [
                {"of": str(each), "reason": each.reason, "since": each.placed_at.isoformat()}
                for each in holds
            ]
            self.stdout.write(json.dumps({"holds": lines}, ensure_ascii=False))
            return
        for each in holds:
            self.stdout.write(f"{each}\t{in_words(each.placed_at)}\t{each.reason}")
        if not holds:
            self.stdout.write(_("Tidak ada penangguhan."))


def _whom(code: str, person: str) -> dict[str, Any]:
    if code:
        cycle = Cycle.objects.filter(code=code).first()
        if cycle is None:
            raise CommandError(_("Tidak ada periode berkode %(code)s.") % {"code": code})
        return {"cycle": cycle}
    found = account_called(person) if person else None
    if found is None:
        raise CommandError(_("Sebutkan --cycle KODE atau --person NIP yang terdaftar."))
    return {"person": found}
