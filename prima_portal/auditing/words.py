"""The record in the words of its readers: what a verb, an object and a detail are called."""

from typing import Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

VERBS: Final[dict[str, Promise]] = {
    "account.address_changed": _("Surel akun diganti"),
    "account.invited": _("Undangan akun dikirim"),
    "assessment.established": _("Hasil penilaian ditetapkan"),
    "assessment.extended": _("Batas waktu penilaian diperpanjang"),
    "assessment.extension_ended": _("Waktu tambahan dicabut"),
    "assessment.reopened": _("Hasil penilaian dibuka kembali"),
    "assessment.reopening_proposed": _("Pembukaan kembali hasil diusulkan"),
    "assessment.reopening_rejected": _("Pembukaan kembali hasil ditolak"),
    "assessment.returned": _("Penilaian dikembalikan"),
    "assessment.started": _("Pengisian dimulai"),
    "assessment.submitted": _("Penilaian diajukan"),
    "assessment.verified": _("Penilaian diverifikasi"),
    "assessment.withdrawn": _("Pengajuan ditarik kembali"),
    "audit.read": _("Jejak audit dibaca"),
    "correction.decided": _("Permintaan perbaikan data dijawab"),
    "correction.reminded": _("Kepegawaian diingatkan tentang permintaan perbaikan data"),
    "correction.requested": _("Perbaikan data diminta"),
    "correction.withdrawn": _("Permintaan perbaikan data ditarik"),
    "cycle.established": _("Hasil periode ditetapkan"),
    "cycle.opened": _("Periode dibuka"),
    "cycle.reminders_planned": _("Hari pengingat periode diubah"),
    "cycle.reminding": _("Surat kepada yang belum mengajukan mulai dikirim"),
    "cycle.rescheduled": _("Waktu tutup periode diubah"),
    "data.destroyed": _("Data dimusnahkan menurut jadwal"),
    "evidence.added": _("Berkas bukti diunggah"),
    "evidence.removed": _("Berkas bukti dihapus"),
    "evidence.scanned": _("Berkas bukti diperiksa"),
    "history.digested": _("Sidik riwayat baris dicatat"),
    "hold.lifted": _("Penangguhan pemusnahan dicabut"),
    "hold.placed": _("Pemusnahan ditangguhkan"),
    "indicator.added": _("Indikator ditambah"),
    "indicator.edited": _("Indikator diubah"),
    "indicator.moved": _("Indikator dipindah"),
    "indicator.removed": _("Indikator dihapus"),
    "instrument.bands_edited": _("Predikat instrumen diubah"),
    "instrument.cloned": _("Versi instrumen disalin"),
    "instrument.edited": _("Instrumen diubah"),
    "instrument.loaded": _("Instrumen dimuat"),
    "instrument.published": _("Instrumen diterbitkan"),
    "instrument.replaced": _("Rancangan instrumen diganti"),
    "instrument.retired": _("Instrumen dihentikan"),
    "instrument.scale_edited": _("Skala instrumen diubah"),
    "organization.acting_imported": _("Daftar Plt. dan Plh. dimuat"),
    "organization.roster_imported": _("Daftar pegawai dimuat"),
    "organization.units_imported": _("Daftar unit dimuat"),
    "password.changed": _("Kata sandi diganti"),
    "password.chosen": _("Kata sandi dibuat"),
    "person.read": _("Data pegawai dibaca"),
    "personal_data.exported": _("Data sendiri diunduh"),
    "pillar.added": _("Pilar ditambah"),
    "pillar.edited": _("Pilar diubah"),
    "pillar.moved": _("Pilar dipindah"),
    "pillar.removed": _("Pilar dihapus"),
    "posting.appointed": _("Penempatan dibuat"),
    "posting.ended": _("Penempatan diakhiri"),
    "posting.opened": _("Penempatan dimulai"),
    "posting.prolonged": _("Penempatan diperpanjang"),
    "posting.transferred": _("Pegawai dipindahkan"),
    "report.filed": _("Laporan atasan dikirim"),
    "report.rejected": _("Laporan atasan dijawab: atasan sudah tepat"),
    "report.resolved": _("Laporan atasan ditindaklanjuti"),
    "retention.changed": _("Masa simpan data diubah"),
    "review.agreed": _("Nilai atasan disamakan dengan jawaban"),
    "review.opened": _("Tinjauan dimulai"),
    "review.taken_over": _("Tinjauan diambil alih"),
    "second_factor.codes_renewed": _("Kode pemulihan diperbarui"),
    "second_factor.removed": _("Verifikasi dua langkah dimatikan"),
    "second_factor.resealed": _("Rahasia verifikasi dua langkah disandikan ulang"),
    "second_factor.reset": _("Verifikasi dua langkah diatur ulang operator"),
    "second_factor.set_up": _("Verifikasi dua langkah dipasang"),
    "session.ended": _("Sesi diakhiri"),
    "sign_in.released": _("Kunci masuk dibuka operator"),
    "single_sign_on.refused": _("Masuk lewat SSO ditolak"),
    "unit.changed": _("Unit diubah"),
    "unit.created": _("Unit dibuat"),
    "user.changed": _("Data pegawai diubah"),
    "user.nip_corrected": _("NIP akun diperbaiki"),
    "user.registered": _("Pegawai didaftarkan"),
}
PLACES: Final[dict[str, Promise]] = {
    "assessments:cycle_reopen": _("Usulan membuka kembali hasil suatu periode"),
    "assessments:personnel_file": _("Daftar pegawai suatu periode (berkas)"),
    "assessments:reopening": _("Usulan membuka kembali hasil"),
    "assessments:supervisor_report": _("Laporan atasan"),
    "assessments:supervisor_reports": _("Daftar laporan atasan"),
    "audit:breach": _("Laporan pembacaan data"),
    "audit:event": _("Satu peristiwa jejak audit"),
    "audit:events": _("Pencarian jejak audit"),
    "audit:export_events": _("Unduhan jejak audit"),
    "organization:correction_request": _("Permintaan perbaikan data"),
    "organization:correction_requests": _("Daftar permintaan perbaikan data"),
    "organization:invitations": _("Undangan akun"),
}
BY_OPERATORS: Final[dict[str, Promise]] = {
    "created_by_operator": _("Dibuat operator"),
    "changed_by_operator": _("Diubah operator"),
}
DETAILS: Final[dict[str, Promise]] = {
    "after": _("Sesudah"),
    "answers_hash": _("Sidik jawaban"),
    "assessment": _("Nomor penilaian"),
    "based_on": _("Berdasarkan versi"),
    "before": _("Sebelum"),
    "carried": _("Penilaian yang dibawa"),
    "changed": _("Berubah"),
    "code": _("Kode"),
    "columns": _("Kolom"),
    "content_hash": _("Sidik seluruh isi"),
    "count": _("Banyaknya"),
    "created": _("Baru"),
    "cycle": _("Periode"),
    "days": _("Hari sebelum batas waktu"),
    "deadline": _("Batas waktu"),
    "digest": _("Sidik yang dimusnahkan"),
    "destroyed": _("Baris yang dimusnahkan"),
    "different": _("Indikator yang berbeda"),
    "effective_date": _("Tanggal berlaku"),
    "ended": _("Diakhiri"),
    "established": _("Banyaknya yang ditetapkan"),
    "event": _("Nomor peristiwa"),
    "fields": _("Isian"),
    "indicator": _("Indikator"),
    "indicators": _("Indikator"),
    "instrument": _("Instrumen"),
    "invited": _("Diundang"),
    "item": _("Data yang keliru"),
    "kind": _("Jenis"),
    "kept": _("NIP lama disimpan"),
    "lines": _("Banyaknya peristiwa"),
    "lines_digest": _("Sidik baris riwayat"),
    "on": _("Tanggal"),
    "overdue": _("Lewat batas"),
    "people": _("Nomor akun pegawai"),
    "person": _("Nomor akun pegawai"),
    "pillar": _("Pilar"),
    "proof": _("Sidik bukti pemusnahan"),
    "purpose": _("Tujuan"),
    "reason": _("Alasan"),
    "reopening": _("Nomor usulan"),
    "receipt": _("Nomor tanda terima"),
    "review": _("Nomor tinjauan"),
    "revision": _("Revisi"),
    "reviewer": _("Nomor akun penilai"),
    "rows": _("Banyaknya baris"),
    "scan": _("Pemindaian virus"),
    "sha256": _("Sidik berkas"),
    "since": _("Baris tertua"),
    "size": _("Ukuran (bita)"),
    "state": _("Keadaan"),
    "status": _("Status"),
    "structure_hash": _("Sidik struktur"),
    "submission": _("Nomor pengajuan"),
    "through": _("Sampai baris"),
    "until": _("Sampai"),
    "version": _("Versi"),
    "where": _("Halaman"),
}


def verb_in_words(verb: str) -> str:
    """What was done; the code itself where it has no words yet."""
    if verb in VERBS:
        return str(VERBS[verb])
    return str(BY_OPERATORS.get(verb.partition(".")[2], verb))


def detail_in_words(key: str) -> str:
    """What a detail of an event says; its key where it has no words yet."""
    return str(DETAILS.get(key, key))


def subject_in_words(subject_type: str, subject_id: str) -> str:
    """What it was done to: `periode penilaian 3`. The type as stored where no such model exists."""
    try:
        name = str(apps.get_model(subject_type)._meta.verbose_name)
    except (LookupError, ValueError):
        name = subject_type
    return f"{name} {subject_id}"


def place_in_words(where: str) -> str:
    """On which page somebody's data was read; the name of the page where it has no words."""
    site, _colon, page = where.partition(":")
    parts = page.split("_")
    if site == "admin" and len(parts) == len(("app", "model", "page")):
        try:
            model = apps.get_model(parts[0], parts[1])
        except LookupError:
            return where
        return f"{gettext('Halaman operator')}: {model._meta.verbose_name_plural}"
    return str(PLACES.get(where, where))
