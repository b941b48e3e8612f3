"""Wiring: settings, URLs, Celery, health, home. Imports every app; imported by none."""

from prima_portal.celery import app as celery_app

VERSION = "0.1.0"

__all__ = ["VERSION", "celery_app"]
