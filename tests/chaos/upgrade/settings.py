"""The portal's settings and one app more."""

from prima_portal.settings import *  # noqa: F403
from prima_portal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.upgrade"]
