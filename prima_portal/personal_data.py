"""Everything that the portal holds about one person, for that person: joined from what each app knows."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import accounts.queries
import assessments.queries.personal
import audit.queries
import organization.queries
from accounts.enums import Role
from accounts.models import User
from assessments.enums import ReopeningStatus, ReportStatus, ReviewStatus, ScoreKind, Status
from organization.enums import CorrectionItem, CorrectionStatus, PostingKind
from organization.models import CorrectionRequest

FORMAT: Final = "prima-personal-data/1"
"""Grows when a key is renamed or goes; keys may be added."""

ONLY_IN_THE_FILE: Final = frozenset({"trace", "data"})
"""Too deep for a page: the result page explains a score, the file has the whole."""

LABELS: Final[Mapping[str, str | Promise]] = {
    "account": gettext_lazy("Akun"),
    "former_nips": gettext_lazy("NIP lama"),
    "roles": gettext_lazy("Peran"),
    "postings": gettext_lazy("Penempatan"),
    "personnel_mandates": gettext_lazy("Tugas pengelola kepegawaian"),
    "assessments": gettext_lazy("Penilaian"),
    "correction_requests": gettext_lazy("Permintaan perbaikan data"),
    "item": gettext_lazy("Data"),
    "requested": gettext_lazy("Yang benar"),
    "reference": gettext_lazy("Dasar"),
    "received_at": gettext_lazy("Diterima"),
    "due_at": gettext_lazy("Batas jawaban"),
    "decided_at": gettext_lazy("Selesai"),
    "answer": gettext_lazy("Jawaban kepegawaian"),
    "destroyed": gettext_lazy("Yang sudah dimusnahkan menurut jadwal"),
    "what": gettext_lazy("Isi"),
    "destroyed_at": gettext_lazy("Dimusnahkan pada"),
    "proof": gettext_lazy("Bukti pemusnahan nomor"),
    "legal_holds": gettext_lazy("Penangguhan pemusnahan"),
    "placed_at": gettext_lazy("Sejak"),
    "lifted_at": gettext_lazy("Dicabut pada"),
    "reviews_written": gettext_lazy("Tinjauan yang Anda tulis"),
    "acts": gettext_lazy("Yang Anda lakukan"),
    "acts_of_others": gettext_lazy("Yang dilakukan orang lain atau sistem terhadap data Anda"),
    "evidence_files": gettext_lazy("Berkas bukti"),
    "file_name": gettext_lazy("Nama berkas"),
    "size_in_bytes": gettext_lazy("Ukuran (bita)"),
    "sha256": gettext_lazy("SHA-256"),
    "uploaded_at": gettext_lazy("Diunggah pada"),
    "removed_at": gettext_lazy("Dikeluarkan pada"),
    "username": gettext_lazy("Nama masuk"),
    "nip": gettext_lazy("NIP"),
    "siasn_id": gettext_lazy("PNS ID (SIASN)"),
    "name": gettext_lazy("Nama"),
    "title_before": gettext_lazy("Gelar depan"),
    "title_after": gettext_lazy("Gelar belakang"),
    "email": gettext_lazy("Surel dinas"),
    "employment_type": gettext_lazy("Jenis pegawai"),
    "legal_status": gettext_lazy("Kedudukan hukum"),
    "rank": gettext_lazy("Golongan"),
    "language": gettext_lazy("Bahasa"),
    "is_active": gettext_lazy("Aktif"),
    "is_staff": gettext_lazy("Operator"),
    "date_joined": gettext_lazy("Terdaftar"),
    "last_login": gettext_lazy("Terakhir masuk"),
    "replaced_at": gettext_lazy("Diganti pada"),
    "role": gettext_lazy("Peran"),
    "from": gettext_lazy("Sejak"),
    "until": gettext_lazy("Sampai sebelum"),
    "granted_by": gettext_lazy("Diberikan oleh"),
    "reason": gettext_lazy("Alasan atau dasar"),
    "unit": gettext_lazy("Unit kerja"),
    "position": gettext_lazy("Jabatan"),
    "kind": gettext_lazy("Jenis"),
    "cycle": gettext_lazy("Periode"),
    "status": gettext_lazy("Status"),
    "started_at": gettext_lazy("Mulai mengisi"),
    "status_changed_at": gettext_lazy("Status berubah"),
    "extended_until": gettext_lazy("Diperpanjang sampai"),
    "named_reviewer": gettext_lazy("Penilai yang ditetapkan"),
    "working_answers": gettext_lazy("Jawaban dalam draf"),
    "submissions": gettext_lazy("Pengajuan"),
    "supervisor_reports": gettext_lazy("Laporan atasan"),
    "reopenings": gettext_lazy("Hasil yang dibuka kembali"),
    "indicator": gettext_lazy("Indikator"),
    "value": gettext_lazy("Level"),
    "not_applicable": gettext_lazy("Tidak relevan"),
    "na": gettext_lazy("Tidak relevan"),
    "note": gettext_lazy("Catatan"),
    "evidence": gettext_lazy("Bukti dukung"),
    "return": gettext_lazy("Minta diperbaiki"),
    "saved_at": gettext_lazy("Disimpan"),
    "receipt": gettext_lazy("Nomor tanda terima"),
    "submitted_at": gettext_lazy("Diajukan"),
    "answers": gettext_lazy("Jawaban"),
    "answers_hash": gettext_lazy("Sidik jari jawaban (SHA-256)"),
    "review": gettext_lazy("Tinjauan atasan"),
    "scores": gettext_lazy("Nilai"),
    "reviewer": gettext_lazy("Penilai"),
    "opened_at": gettext_lazy("Dibuka"),
    "completed_at": gettext_lazy("Selesai"),
    "ratings": gettext_lazy("Level dari atasan"),
    "total": gettext_lazy("Nilai total"),
    "band": gettext_lazy("Predikat"),
    "method": gettext_lazy("Metode"),
    "instrument": gettext_lazy("Instrumen"),
    "scored_at": gettext_lazy("Dihitung"),
    "shown_supervisor": gettext_lazy("Atasan yang ditampilkan"),
    "message": gettext_lazy("Penjelasan"),
    "reported_at": gettext_lazy("Dilaporkan"),
    "resolved_at": gettext_lazy("Diselesaikan"),
    "resolution": gettext_lazy("Tindak lanjut"),
    "at": gettext_lazy("Waktu"),
    "verb": gettext_lazy("Peristiwa"),
    "subject_type": gettext_lazy("Jenis objek"),
    "subject_id": gettext_lazy("Nomor objek"),
}


WORDS: Final[Mapping[tuple[str, str], type[TextChoices]]] = {
    ("assessments", "status"): Status,
    ("review", "status"): ReviewStatus,
    ("reviews_written", "status"): ReviewStatus,
    ("reopenings", "status"): ReopeningStatus,
    ("scores", "kind"): ScoreKind,
    ("supervisor_reports", "status"): ReportStatus,
    ("correction_requests", "item"): CorrectionItem,
    ("correction_requests", "status"): CorrectionStatus,
    ("postings", "kind"): PostingKind,
    ("roles", "role"): Role,
}
"""Codes that a page says in words, by the part and the key in which they stand."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the readable page: a text, or parts of its own."""

    label: str
    text: str = ""
    children: tuple["Part", ...] = ()

    @property
    def lines(self) -> list["Part"]:
        """Its children that are a text."""
        return [each for each in self.children if not each.children]

    @property
    def groups(self) -> list["Part"]:
        """Its children that have children of their own."""
        return [each for each in self.children if each.children]


def personal_data_of(user: User) -> dict[str, Any]:
    """All of it, by the keys of docs/data.md; a number of queries that does not grow with the person's past."""
    asked = organization.queries.own_corrections(user).order_by().values_list("pk", flat=True)
    subjects = [
        (User._meta.label, [user.pk]),
        (CorrectionRequest._meta.label, list(asked)),
        *assessments.queries.personal.subjects_of(user),
    ]
    return {
        **accounts.queries.personal_data_of(user),
        **organization.queries.personal_data_of(user),
        **assessments.queries.personal.personal_data_of(user),
        **audit.queries.personal_data_of(user.pk, subjects),
    }


def as_json(data: Mapping[str, Any]) -> str:
    """A document for machines: UTF-8, keys as documented, times with their zone, exact numbers as text."""
    document = {"format": FORMAT, "made_at": timezone.now(), **data}
    return json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def readable(data: Mapping[str, Any], within: str = "") -> tuple[Part, ...]:
    """The same for people, in words, without what is too deep for a page; `within`: the key that holds the data."""
    return tuple(
        _part(str(LABELS.get(key, key)), _in_words(value, within, key), key)
        for key, value in data.items()
        if key not in ONLY_IN_THE_FILE
    )


def _part(label: str, value: Any, key: str) -> Part:
    if isinstance(value, Mapping):
        return Part(label, children=readable(value, key))
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = (_part(str(place), each, key) for place, each in enumerate(value, start=1))
        return Part(label, children=tuple(parts))
    return Part(label, text=_text(value))


def _in_words(value: Any, within: str, key: str) -> Any:
    choices = WORDS.get((within, key))
    return choices(value).label if choices and value else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Ya") if value else _("Tidak")
    if isinstance(value, datetime.datetime):
        return date_format(timezone.localtime(value), "j F Y H.i T")
    if isinstance(value, datetime.date):
        return date_format(value, "j F Y")
    return str(value)
