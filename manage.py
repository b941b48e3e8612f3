#!/usr/bin/env python
"""Command line of the portal; `python manage.py help` lists the commands."""

import errno
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

# They read files and print, and so run where no portal is set up: what these name is never opened.
WITHOUT_A_PORTAL = {"score_file"}
# Make or change the schema or its rights: done by the role that owns the tables, where that is another one.
OF_THE_OWNER = {"migrate", "grant_application_role", "restore"}
UNUSED_SETTINGS = {
    "DEBUG": "1",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def main() -> None:
    """Run the management command named on the command line; exit with 0, or 1 and the reason on stderr."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prima_portal.settings")
    # A command says itself what it did; of the log only what went wrong belongs beside it.
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    if len(sys.argv) > 1 and sys.argv[1] in WITHOUT_A_PORTAL:
        os.environ.update(UNUSED_SETTINGS)
    if len(sys.argv) > 1 and sys.argv[1] in OF_THE_OWNER and "MIGRATION_DATABASE_URL" in os.environ:
        os.environ["DATABASE_URL"] = os.environ["MIGRATION_DATABASE_URL"]
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit("Dihentikan sebelum selesai.")
    except BrokenPipeError:
        # Whoever reads has read enough; what is still in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit("Tempat penyimpanan penuh: hasilnya tidak tertulis seluruhnya.")
    except SystemExit as leaving:
        # argparse leaves with 2 where the command line is wrong.
        sys.exit(1 if leaving.code == 2 else leaving.code)


if __name__ == "__main__":
    main()
