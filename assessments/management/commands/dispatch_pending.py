"""`dispatch_pending`: publishes what waits for a score; the beat runs the same sweep."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from assessments.models import ScoringJob
from assessments.operations import dispatch_pending, due_jobs, retry_failed


class Command(BaseCommand):
    """Publishes waiting rows now."""

    help = "Publishes submissions that wait for a score to the workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument(
            "--retry-failed", action="store_true", help="first put failed ones back into the queue"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count what would be published; change nothing"
        )
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish and count."""
        if options["dry_run"]:
            self._foretell(**options)
            return
        retried = retry_failed() if options["retry_failed"] else 0
        published = dispatch_pending()
        if options["format"] == "json":
            figures = {"retried": retried, "published": published, "dry_run": False}
            self.stdout.write(json.dumps(figures))
            return
        if options["retry_failed"]:
            self.stdout.write(_("dikembalikan ke antrean: %(count)d") % {"count": retried})
        self.stdout.write(_("dikirim ke pekerja: %(count)d") % {"count": published})

    def _foretell(self, **options: Any) -> None:
        failed = ScoringJob.objects.filter(failed_at__isnull=False).count()
        figures = {
            "retried": failed if options["retry_failed"] else 0,
            "published": due_jobs().count(),
            "dry_run": True,
        }
        if options["format"] == "json":
            self.stdout.write(json.dumps(figures))
            return
        if options["retry_failed"]:
            self.stdout.write(
                _("akan dikembalikan ke antrean: %(count)d") % {"count": figures["retried"]}
            )
        self.stdout.write(_("akan dikirim ke pekerja: %(count)d") % {"count": figures["published"]})
