"""The portal's settings with one more address: a bare view behind a session, the floor of every page."""

from prima_portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
