"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prima_portal.settings")

application = get_wsgi_application()

from prima_portal.patience import limit_waiting  # noqa: E402  it reads the settings

limit_waiting()
