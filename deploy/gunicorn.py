"""gunicorn's settings, in production and under the Procfile; the environment and the command line override them."""

import multiprocessing
import os
from typing import Any

from deploy.renewal import RENEWAL, RenewableWorker

bind = os.environ.get("BIND", "0.0.0.0:8000")  # inside a container, behind the proxy
worker_class = RenewableWorker
workers = int(os.environ.get("WEB_CONCURRENCY", multiprocessing.cpu_count()))
threads = int(os.environ.get("WEB_THREADS", "4"))
# What does not report for so long is killed: a process that hangs, or one that never came up. Starting on a machine
# that is busy with other things has taken half a minute.
timeout = 60
graceful_timeout = 30
# Keep-alive outlives the proxy's own, so that the proxy never writes into a closing connection.
keepalive = 75
# A process is renewed now and then, each at another moment.
max_requests = 10_000
max_requests_jitter = 1_000
# The manager must hold nothing of the portal, or SIGHUP would bring no new code.
preload_app = False
control_socket_disable = True
accesslog = None  # requests are logged as structured events by the application


def on_reload(server: Any) -> None:
    """SIGHUP: what runs now serves until what is started now stands."""
    RENEWAL.replace(server.worker_age)
