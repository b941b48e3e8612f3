"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prima_portal.settings")

_portal = get_wsgi_application()

from prima_portal.middleware import WholeBodies  # noqa: E402  they read the settings
from prima_portal.patience import limit_waiting  # noqa: E402

application = WholeBodies(_portal)

limit_waiting()
