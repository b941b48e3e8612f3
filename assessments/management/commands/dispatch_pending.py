"""`dispatch_pending`: publishes what waits for a score; the beat runs the same sweep."""

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

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish and count."""
        if options["retry_failed"]:
            self.stdout.write(_("dikembalikan ke antrean: %(count)d") % {"count": retry_failed()})
        self.stdout.write(_("dikirim ke pekerja: %(count)d") % {"count": dispatch_pending()})
