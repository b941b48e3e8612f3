"""`audit_verify [--anchor FILE]`: exit 1 and the first bad sequence number."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django_rich.management import RichCommand

from audit.models import Unsealed
from audit.queries import Anchor, first_break, last_anchor


class Command(RichCommand):
    """Recomputes the whole chain, and compares it with the anchors of a file."""

    help = "Checks that no audit event was edited, deleted, exchanged or cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("--anchor", type=Path, help="file written by audit_anchor")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, or name the first bad place."""
        anchors = _read(options["anchor"]) if options["anchor"] else ()
        with self.console.status(_("Memeriksa rantai peristiwa")):
            broken = first_break(anchors)
        figures = {
            "sealed": last_anchor().sequence,
            "waiting": Unsealed.objects.count(),
            "anchors": len(anchors),
        }
        if options["format"] == "json":
            bad = {"sequence": broken.sequence, "reason": broken.reason} if broken else None
            self.stdout.write(json.dumps({**figures, "first_bad": bad}, ensure_ascii=False))
        if broken:
            raise CommandError(f"{broken.sequence}: {broken.reason}")
        if options["format"] == "text":
            self.stdout.write(_("%(sealed)d peristiwa utuh, %(anchors)d jangkar cocok") % figures)
            if figures["waiting"]:
                self.stdout.write(
                    _("%(waiting)d peristiwa menunggu segel, jadi belum diperiksa") % figures
                )


def _read(file: Path) -> Sequence[Anchor]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        anchors = [Anchor.from_line(line) for line in lines if line.strip()]
    except OSError as error:
        raise CommandError(
            _("%(path)s tidak dapat dibaca: %(reason)s.")
            % {"path": file, "reason": error.strerror or error}
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(
            _("%(path)s bukan berkas jangkar yang utuh. Pakai salinan lain.") % {"path": file}
        ) from error
    if not anchors:
        # Somebody who bent the record may have emptied it: that must not read as "all well".
        raise CommandError(
            _("%(path)s tidak memuat satu jangkar pun. Pakai salinan lain.") % {"path": file}
        )
    return anchors
