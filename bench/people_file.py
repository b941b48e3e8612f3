"""Writes the personnel office's file of many people: processor seconds and peak memory of the process.

Run as `bin/env python bench/people_file.py [people] [csv|xlsx]`. The rows are made up and not read from the
database, whose cursor hands out 2,000 at a time.
"""

import datetime
import json
import os
import resource
import sys
import time
from pathlib import Path

import django


def main() -> None:
    """Write the file to nowhere, as it is sent."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    kind = sys.argv[2] if len(sys.argv) > 2 else "xlsx"
    from accounts.models import User  # noqa: PLC0415 - settings come first
    from assessments import exports  # noqa: PLC0415
    from assessments.models import Assessment, Cycle, CycleUnit, Submission  # noqa: PLC0415

    now = datetime.datetime.now(datetime.UTC)

    class Made:
        """Stands for the queryset."""

        def __getattr__(self, _name: str) -> object:
            return lambda *_args, **_options: self

        def iterator(self, **_options: int) -> object:
            cycle = Cycle(closes_at=now)
            for each in range(number):
                yield Assessment(
                    cycle=cycle,
                    person=User(name=f"Nama Orang {each}", nip=f"{198001012005011001 + each}"),
                    unit=CycleUnit(name=f"Unit Kerja Nomor {each // 10}"),
                    position_title="Pengelola Layanan Operasional",
                    status="SUBMITTED",
                    submission=Submission(submitted_at=now),
                )

    before = time.process_time()
    write = exports.people_as_xlsx if kind == "xlsx" else exports.people_as_csv
    size = sum(len(chunk) for chunk in write(Made()))  # type: ignore[arg-type]
    figures = {
        "people": number,
        "megabytes": round(size / 1e6, 1),
        "processor_seconds": round(time.process_time() - before, 1),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prima_portal.settings")
    django.setup()
    main()
