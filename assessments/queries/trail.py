"""The trail of one's own assessment: who did what with it, and when."""

import datetime
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import (
    Assessment,
    Cycle,
    Evidence,
    LegalHold,
    Review,
    SupervisorReport,
    Tombstone,
)
from audit.models import PERSON_READ, Destruction, Event

LONGEST: Final = 500
"""The latest steps that are shown; nobody's assessment comes near."""

STEPS: Final[dict[str, Promise]] = {
    "cycle.opened": _("Periode dibuka dan Anda diundang mengisi."),
    "cycle.rescheduled": _("Waktu tutup periode diubah untuk semua pegawai."),
    "cycle.reminders_planned": _("Jadwal surat pengingat diubah untuk semua pegawai."),
    "cycle.reminding": _("Surat kepada semua yang belum mengajukan mulai dikirim."),
    "cycle.established": _("Hasil periode ditetapkan."),
    "assessment.started": _("Pengisian dimulai."),
    "assessment.submitted": _("Penilaian diajukan."),
    "assessment.withdrawn": _("Pengajuan ditarik kembali."),
    "assessment.extended": _("Batas waktu Anda diperpanjang."),
    "assessment.extension_ended": _("Waktu tambahan Anda dicabut."),
    "assessment.returned": _("Penilaian dikembalikan untuk diperbaiki."),
    "assessment.verified": _("Penilaian diverifikasi."),
    "assessment.established": _("Hasil ditetapkan."),
    "assessment.reopening_proposed": _("Diusulkan agar hasil Anda dibuka kembali."),
    "assessment.reopening_rejected": _("Usulan membuka kembali hasil ditolak."),
    "assessment.reopened": _("Hasil dibuka kembali; Anda dapat memperbaikinya."),
    "evidence.added": _("Berkas bukti diunggah."),
    "evidence.removed": _("Berkas bukti dikeluarkan dari draf."),
    "evidence.scanned": _("Berkas bukti diperiksa pemindai virus."),
    "review.opened": _("Tinjauan dimulai; jawaban dan bukti Anda dibaca."),
    "review.taken_over": _("Tinjauan diambil alih atasan yang sekarang; jawaban Anda dibaca."),
    "review.agreed": _("Tinjauan dilanjutkan; nilai dari atasan diisi."),
    "report.filed": _("Anda melaporkan bahwa atasan yang ditampilkan tidak tepat."),
    "report.resolved": _("Laporan tentang atasan ditindaklanjuti dan penilai ditetapkan."),
    "report.rejected": _("Laporan tentang atasan dijawab: atasan yang ditampilkan tepat."),
    "hold.placed": _("Pemusnahan data ditangguhkan; alasannya ada pada kantor Anda."),
    "hold.lifted": _("Penangguhan pemusnahan data dicabut."),
    "data.destroyed": _("Jawaban yang tidak diajukan dimusnahkan menurut jadwal."),
    PERSON_READ: _("Nama dan data Anda dibaca."),
}
# Whom a person is told by name are those who review; of an office, which one it was.
OFFICES: Final[dict[str, Promise]] = {
    "cycle": _("Pengelola periode"),
    "assessment.extended": _("Pengelola periode"),
    "assessment.extension_ended": _("Pengelola periode"),
    "assessment.established": _("Pengelola periode"),
    "assessment.reopening_proposed": _("Pengelola periode"),
    "assessment.reopening_rejected": _("Pengelola periode"),
    "assessment.reopened": _("Pengelola periode"),
    "report": _("Pengelola kepegawaian"),
    "assessments": _("Pengelola kepegawaian"),
    "assessments:cycle_reopen": _("Pengelola periode"),
    "assessments:reopening": _("Pengelola periode"),
    "organization": _("Pengelola kepegawaian"),
    "account": _("Pengelola kepegawaian"),
    "correction": _("Pengelola kepegawaian"),
    "posting": _("Pengelola kepegawaian"),
    "unit": _("Pengelola kepegawaian"),
    "user": _("Pengelola kepegawaian"),
    "admin": _("Operator"),
    "second_factor": _("Operator"),
    "hold": _("Operator"),
    "data": _("Operator"),
    "audit": _("Auditor"),
}
NAMED: Final = frozenset({"assessment", "evidence", "review"})
"""Kinds of acts whose actor, where no office is, is the person or who reviews them."""
ELSEWHERE: Final = _("Pengelola portal")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened; `who` is a name or an office, empty for the portal itself."""

    at: datetime.datetime
    what: str
    who: str
    own: bool


def trail_of(assessment: Assessment) -> list[Step]:
    """What happened with the assessment, the latest first."""
    events = Event.objects.filter(_of(assessment), verb__in=STEPS).order_by("-id")[:LONGEST]
    return [
        Step(
            at=event.at,
            what=str(STEPS[event.verb]),
            who=who_acted(event),
            own=event.actor_id == assessment.person_id,
        )
        for event in events
    ]


def _of(assessment: Assessment) -> Q:
    """Events about the assessment, what hangs on it, its period and what suspends or ends its keeping."""
    person, cycle = assessment.person_id, assessment.cycle_id
    read_since = Q(at__gte=assessment.cycle.created_at)
    found = read_since & Q(verb=PERSON_READ, data__people__contains=[person])
    # A file that no submission names leaves no row when it goes; its owner's events say whose it was.
    found |= Q(actor_id=person, subject_type=Evidence._meta.label, data__assessment=assessment.pk)
    reviews = Review.objects.filter(submission__assessment=assessment)
    holds = LegalHold.objects.filter(Q(person=person) | Q(cycle=cycle))
    gone = Tombstone.objects.filter(assessment_id=assessment.pk)
    parts = (
        (Cycle, [cycle]),
        (Assessment, [assessment.pk]),
        (Evidence, assessment.evidence.order_by().values_list("pk", flat=True)),
        (Review, reviews.values_list("pk", flat=True)),
        (SupervisorReport, assessment.supervisor_reports.values_list("pk", flat=True)),
        (LegalHold, holds.values_list("pk", flat=True)),
        (Destruction, gone.values_list("destruction_id", flat=True)),
    )
    for model, keys in parts:
        found |= Q(subject_type=model._meta.label, subject_id__in=[str(key) for key in keys])
    return found


def who_acted(event: Event) -> str:
    """The office for what offices do, the name for who reviews; empty for the portal itself."""
    if event.actor_id is None:
        return ""
    family, _dot, act = event.verb.partition(".")
    if event.verb == PERSON_READ:
        page = str(event.data.get("where", ""))
        return str(OFFICES.get(page) or OFFICES.get(page.partition(":")[0], ELSEWHERE))
    if act.endswith("_by_operator"):
        return str(OFFICES["admin"])
    for key in (event.verb, family):
        if key in OFFICES:
            return str(OFFICES[key])
    return event.actor_name if family in NAMED else str(ELSEWHERE)
