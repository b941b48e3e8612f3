"""Whether the web process of this container answers; exits with 1 where it does not. By a name that it answers to."""

import os
import sys
from urllib.request import Request, urlopen

host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
port = os.environ.get("BIND", ":8000").rpartition(":")[2]
try:
    urlopen(Request(f"http://127.0.0.1:{port}/livez", headers={"Host": host}), timeout=3).close()  # nosec B310
except OSError as error:
    sys.exit(f"/livez: {error}")
