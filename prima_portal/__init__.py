"""Wiring: settings, URLs, Celery, health, home. Imports every app; imported by none."""

from prima_portal.celery import app as celery_app

__all__ = ["celery_app"]
