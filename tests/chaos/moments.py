"""Loaded into the workers of this stack only, by --include: dies at the very instant that a test asks for."""

import os
import signal
from pathlib import Path

from celery import Task
from celery.signals import task_success

DIE_BEFORE_ACKNOWLEDGING = "die-before-acknowledging"


@task_success.connect(weak=False)
def die(sender: Task, **_: object) -> None:
    """The child has committed and not yet told its parent, which alone acknowledges: kill both, once."""
    if sender.name != "assessments.tasks.score":
        return
    try:
        (Path(os.environ["CHAOS_FOLDER"]) / DIE_BEFORE_ACKNOWLEDGING).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
