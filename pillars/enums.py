"""Stored codes of instruments."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class InstrumentStatus(models.TextChoices):
    """A draft may be edited; what is published never changes; what is retired opens no new cycle."""

    DRAFT = "DRAFT", _("Rancangan")
    PUBLISHED = "PUBLISHED", _("Terbit")
    RETIRED = "RETIRED", _("Tidak dipakai lagi")


class Conversion(models.TextChoices):
    """How an answer becomes 0..100 (docs/scoring.md). Values are those of the instrument file."""

    SHARE_OF_MAXIMUM = "share-of-maximum", _("Bagian dari nilai tertinggi")
    MIN_MAX = "min-max", _("Rentang terendah-tertinggi")


class Direction(StrEnum):
    """Where a pillar or indicator moves in its row."""

    UP = "up"
    DOWN = "down"
