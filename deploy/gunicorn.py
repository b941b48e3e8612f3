"""gunicorn's settings in production; every value can be overridden from the environment."""

import multiprocessing
import os

bind = os.environ.get("BIND", "0.0.0.0:8000")  # inside a container, behind the proxy
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", multiprocessing.cpu_count()))
threads = int(os.environ.get("WEB_THREADS", "4"))
# A request that waits longer than this has lost its reader; the draft is safe either way.
timeout = 30
graceful_timeout = 30
# Keep-alive outlives the proxy's own, so that the proxy never writes into a closing connection.
keepalive = 75
# A process is renewed now and then, each at another moment.
max_requests = 10_000
max_requests_jitter = 1_000
preload_app = False
accesslog = None  # requests are logged as structured events by the application
