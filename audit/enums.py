"""Stored codes of the record and of what is no longer kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionKind(models.TextChoices):
    """What is kept for a time of its own; `RETENTION_MONTHS` in the settings says how long."""

    DRAFTS = "DRAFTS", _("Isi draf yang tidak diajukan")
    ASSESSMENTS = "ASSESSMENTS", _("Penilaian, tinjauan, nilai, dan bukti")
    HISTORY = "HISTORY", _("Riwayat baris jawaban")
    CORRECTIONS = "CORRECTIONS", _("Permintaan perbaikan data")
    TRACES = "TRACES", _("Sesi, surat, tautan, dan percobaan masuk")
