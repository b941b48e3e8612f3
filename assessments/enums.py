"""Stored codes of assessments."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """State of one person's assessment in one cycle (docs/architecture.md, state machine)."""

    INVITED = "INVITED", _("Belum mengisi")
    DRAFT = "DRAFT", _("Draf")
    SUBMITTED = "SUBMITTED", _("Diajukan")
    RETURNED = "RETURNED", _("Dikembalikan")
    VERIFIED = "VERIFIED", _("Diverifikasi")
    FINAL = "FINAL", _("Ditetapkan")


TRANSITIONS = (
    (Status.INVITED, Status.DRAFT),
    (Status.DRAFT, Status.SUBMITTED),
    (Status.RETURNED, Status.SUBMITTED),
    (Status.SUBMITTED, Status.DRAFT),
    (Status.SUBMITTED, Status.RETURNED),
    (Status.SUBMITTED, Status.VERIFIED),
    (Status.VERIFIED, Status.FINAL),
    # Only by an approved reopening: a trigger asks for it.
    (Status.FINAL, Status.RETURNED),
)

EDITABLE = (Status.INVITED, Status.DRAFT, Status.RETURNED)
DECIDED = (Status.VERIFIED, Status.FINAL)
HANDED_IN = (Status.SUBMITTED, *DECIDED)


class ReviewStatus(models.TextChoices):
    """State of a supervisor's review of one submission."""

    OPEN = "OPEN", _("Sedang ditinjau")
    RETURNED = "RETURNED", _("Dikembalikan")
    VERIFIED = "VERIFIED", _("Diverifikasi")


class ScoreKind(models.TextChoices):
    """Whose levels a score is computed from. Both are kept; neither replaces the other."""

    SELF = "SELF", _("Penilaian mandiri")
    VERIFIED = "VERIFIED", _("Verifikasi atasan")


class ReportStatus(models.TextChoices):
    """State of a report "ini bukan atasan saya"."""

    OPEN = "OPEN", _("Menunggu kepegawaian")
    RESOLVED = "RESOLVED", _("Sudah diperbaiki")
    REJECTED = "REJECTED", _("Atasan sudah benar")


class ReopeningStatus(models.TextChoices):
    """State of a proposal to open an established result again."""

    PROPOSED = "PROPOSED", _("Menunggu persetujuan")
    APPROVED = "APPROVED", _("Disetujui")
    REJECTED = "REJECTED", _("Ditolak")


class MediaType(models.TextChoices):
    """What a piece of evidence is, by its content."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"


class ScanState(models.TextChoices):
    """What the virus scanner said of a file."""

    UNSCANNED = "UNSCANNED", _("Tanpa pemindai")
    WAITING = "WAITING", _("Menunggu pemindaian")
    CLEAN = "CLEAN", _("Bersih")
    INFECTED = "INFECTED", _("Terinfeksi")


class Stage(models.TextChoices):
    """Where an assessment stands for the supervisor: what the list of reviews filters by."""

    WAITING = "WAITING", _("Perlu ditinjau")
    RETURNED = "RETURNED", _("Dikembalikan")
    DONE = "DONE", _("Selesai")
    BEHIND = "BEHIND", _("Belum mengajukan")


STAGES = {
    Stage.WAITING: (Status.SUBMITTED,),
    Stage.RETURNED: (Status.RETURNED,),
    Stage.DONE: DECIDED,
    Stage.BEHIND: (Status.INVITED, Status.DRAFT),
}
