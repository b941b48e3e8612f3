"""Stored codes of accounts."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class EmploymentType(models.TextChoices):
    """Kind of civil servant (UU 20/2023); OTHER is a rater outside the civil service."""

    PNS = "PNS", _("PNS")
    PPPK = "PPPK", _("PPPK")
    OTHER = "OTHER", _("Bukan ASN")


RANK_NAMES: Final[Mapping[str, str]] = {
    "I/a": "Juru Muda",
    "I/b": "Juru Muda Tingkat I",
    "I/c": "Juru",
    "I/d": "Juru Tingkat I",
    "II/a": "Pengatur Muda",
    "II/b": "Pengatur Muda Tingkat I",
    "II/c": "Pengatur",
    "II/d": "Pengatur Tingkat I",
    "III/a": "Penata Muda",
    "III/b": "Penata Muda Tingkat I",
    "III/c": "Penata",
    "III/d": "Penata Tingkat I",
    "IV/a": "Pembina",
    "IV/b": "Pembina Tingkat I",
    "IV/c": "Pembina Utama Muda",
    "IV/d": "Pembina Utama Madya",
    "IV/e": "Pembina Utama",
}
"""Titles of PNS by golongan, the same in every language; a PPPK's golongan has none."""


class Role(models.TextChoices):
    """Duties that do not follow from a post. Supervising follows from postings, never from here."""

    CURATOR = "CURATOR", _("Pengelola instrumen")
    AUDITOR = "AUDITOR", _("Auditor")


class TimeZone(models.TextChoices):
    """Zones of the country, by the names of the IANA database."""

    WIB = "Asia/Jakarta", _("WIB (Sumatera, Jawa, Kalimantan Barat dan Tengah)")
    WITA = "Asia/Makassar", _("WITA (Kalimantan lain, Bali, Nusa Tenggara, Sulawesi)")
    WIT = "Asia/Jayapura", _("WIT (Maluku, Papua)")


class LinkPurpose(models.TextChoices):
    """Why somebody was sent a link that sets a password."""

    INVITATION = "INVITATION", _("Undangan")
    RESET = "RESET", _("Lupa kata sandi")


class Entry(models.TextChoices):
    """How far somebody is from signing in by a password."""

    READY = "READY", _("Dapat diundang")
    INVITED = "INVITED", _("Sudah diundang")
    UNREACHABLE = "UNREACHABLE", _("Tanpa surel dinas")
    INACTIVE = "INACTIVE", _("Akun tidak aktif")
    ENTERED = "ENTERED", _("Sudah punya kata sandi")


class LetterKind(models.TextChoices):
    """What a letter is about; each has a pair of templates in `accounts/email/`."""

    INVITATION = "INVITATION", _("Undangan")
    RESET = "RESET", _("Lupa kata sandi")
    EMAIL_CHANGED = "EMAIL_CHANGED", _("Surel diganti")
    PASSWORD_CHANGED = "PASSWORD_CHANGED", _("Kata sandi diganti")
    FACTOR_CHANGED = "FACTOR_CHANGED", _("Verifikasi dua langkah berubah")
    CORRECTION_DECIDED = "CORRECTION_DECIDED", _("Permintaan perbaikan data dijawab")
    CORRECTION_DUE = "CORRECTION_DUE", _("Permintaan perbaikan data menunggu")
    RECEIPT = "RECEIPT", _("Tanda terima")
    ASSESSMENT_RETURNED = "ASSESSMENT_RETURNED", _("Penilaian dikembalikan")
    DEADLINE_CHANGED = "DEADLINE_CHANGED", _("Batas waktu pengisian berubah")
    REPORT_SETTLED = "REPORT_SETTLED", _("Laporan atasan ditindaklanjuti")
    CYCLE_OPENED = "CYCLE_OPENED", _("Periode dibuka")
    DEADLINE_NEAR = "DEADLINE_NEAR", _("Pengingat batas waktu")


MASS_MAIL: Final = (LetterKind.CYCLE_OPENED, LetterKind.DEADLINE_NEAR)
"""Written to everybody of a cycle: sent after all others, and not at all once the deadline `at` has passed."""
