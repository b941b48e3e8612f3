"""Stored codes of the organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PositionKind(models.TextChoices):
    """Kind of post (UU 20/2023): managerial, functional, or executor."""

    STRUCTURAL = "STRUCTURAL", _("Struktural")
    FUNCTIONAL = "FUNCTIONAL", _("Fungsional")
    EXECUTOR = "EXECUTOR", _("Pelaksana")
    OTHER = "OTHER", _("Lainnya")


class PostingKind(models.TextChoices):
    """How a person holds a post.

    ADDITIONAL is a duty beside one's own post (a teacher who heads the school). PLT acts where the
    post is vacant, PLH while its holder is away; both have the post's rights for their dates.
    """

    DEFINITIVE = "DEFINITIVE", _("Definitif")
    ADDITIONAL = "ADDITIONAL", _("Tugas tambahan")
    PLT = "PLT", _("Plt.")
    PLH = "PLH", _("Plh.")


ACTING = (PostingKind.PLT, PostingKind.PLH)


class CorrectionItem(models.TextChoices):
    """What a person may ask to have corrected."""

    NAME = "NAME", _("Nama atau gelar")
    NIP = "NIP", _("NIP")
    EMAIL = "EMAIL", _("Surel dinas")
    RANK = "RANK", _("Golongan")
    EMPLOYMENT = "EMPLOYMENT", _("Jenis pegawai atau kedudukan hukum")
    POSTING = "POSTING", _("Unit kerja, jabatan, atau masa jabatan")
    OTHER = "OTHER", _("Data lain tentang saya")


class CorrectionStatus(models.TextChoices):
    """State of a request to correct personal data."""

    RECEIVED = "RECEIVED", _("Menunggu jawaban")
    ACCEPTED = "ACCEPTED", _("Sudah diperbaiki")
    REJECTED = "REJECTED", _("Tidak diperbaiki, dengan alasan")
    WITHDRAWN = "WITHDRAWN", _("Ditarik")


DECISIONS = (CorrectionStatus.ACCEPTED, CorrectionStatus.REJECTED)
