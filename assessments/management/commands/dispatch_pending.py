"""`dispatch_pending`: publishes what waits for a score; the beat runs the same sweep."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from assessments.operations import dispatch_pending, retry_failed


class Command(BaseCommand):
    """Publishes waiting rows now."""

    help = "Publishes submissions that wait for a score to the workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument(
            "--retry-failed", action="store_true", help="first put failed ones back into the queue"
        )

        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish and count."""
        retried = retry_failed() if options["retry_failed"] else 0
        published = dispatch_pending()
        if options["format"] == "json":
            self.stdout.write(json.dumps({"retried": retried, "published": published}))
            return
        if options["retry_failed"]:
            self.stdout.write(_("dikembalikan ke antrean: %(count)d") % {"count": retried})
        self.stdout.write(_("dikirim ke pekerja: %(count)d") % {"count": published})
