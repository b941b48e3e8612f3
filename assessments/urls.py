"""Addresses of this app."""

from django.urls import path

from assessments.views import (
    cycles,
    deciding,
    evidence,
    extending,
    filling,
    personnel,
    previewing,
    reminding,
    reopening,
    reports,
    results,
    reviewing,
    submitting,
    trail,
)

app_name = "assessments"

filling_urls = [
    path("penilaian/", filling.index, name="index"),
    path("penilaian/<int:pk>/", filling.tasks, name="tasks"),
    path("penilaian/<int:pk>/pilar/<str:pillar>/", filling.fill, name="fill"),
    path("penilaian/<int:pk>/jawaban/", filling.save_answer, name="save_answer"),
    path("penilaian/<int:pk>/periksa/", submitting.check, name="check"),
    path("penilaian/<int:pk>/ajukan/", submitting.submit, name="submit"),
    path("penilaian/<int:pk>/tanda-terima/", submitting.receipt, name="receipt"),
    path("penilaian/<int:pk>/tarik/", submitting.withdraw, name="withdraw"),
    path("penilaian/<int:pk>/riwayat/", trail.trail, name="trail"),
    path("penilaian/<int:pk>/atasan/", submitting.report_supervisor, name="report_supervisor"),
]

evidence_urls = [
    path("penilaian/<int:pk>/bukti/<str:code>/", evidence.evidence, name="evidence"),
    path("bukti/<int:pk>/", evidence.evidence_file, name="evidence_file"),
    path("bukti/<int:pk>/hapus/", evidence.evidence_remove, name="evidence_remove"),
]

review_urls = [
    path("penilaian/<int:pk>/hasil/", results.result, name="result"),
    path("penilaian/<int:pk>/hasil/<int:sequence>/", results.earlier_result, name="earlier_result"),
    path("tinjauan/", reviewing.review_list, name="review_list"),
    path("tinjauan/<int:pk>/", reviewing.review, name="review"),
    path("tinjauan/<int:pk>/mulai/", reviewing.review_open, name="review_open"),
    path("tinjauan/<int:pk>/samakan/", reviewing.review_agree, name="review_agree"),
    path("tinjauan/<int:pk>/pilar/<str:pillar>/", reviewing.review_pillar, name="review_pillar"),
    path("tinjauan/<int:pk>/kembalikan/", deciding.review_return, name="review_return"),
    path("tinjauan/<int:pk>/verifikasi/", deciding.review_verify, name="review_verify"),
]

curating_urls = [
    path("instrumen/<int:pk>/pratinjau/", previewing.preview_instrument, name="preview_instrument"),
]

cycle_urls = [
    path("periode/", cycles.cycle_list, name="cycle_list"),
    path("periode/buka/", cycles.cycle_open, name="cycle_open"),
    path("periode/<int:pk>/", cycles.cycle, name="cycle"),
    path("periode/<int:pk>/waktu-tutup/", cycles.cycle_reschedule, name="cycle_reschedule"),
    path("periode/<int:pk>/pengingat/", reminding.cycle_reminders, name="cycle_reminders"),
    path("periode/<int:pk>/perpanjangan/", extending.cycle_extend, name="cycle_extend"),
    path(
        "periode/<int:pk>/perpanjangan/cabut/",
        extending.cycle_extension_end,
        name="cycle_extension_end",
    ),
    path("periode/<int:pk>/penetapan/", cycles.cycle_establish, name="cycle_establish"),
    path("periode/<int:pk>/pembukaan/", reopening.cycle_reopen, name="cycle_reopen"),
    path("periode/pembukaan/<int:pk>/", reopening.reopening, name="reopening"),
]

report_urls = [
    path("pegawai/", personnel.personnel, name="personnel"),
    path("pegawai/<int:pk>/<str:extension>/", personnel.personnel_file, name="personnel_file"),
    path("laporan-atasan/", reports.supervisor_reports, name="supervisor_reports"),
    path("laporan-atasan/<int:pk>/", reports.supervisor_report, name="supervisor_report"),
]

urlpatterns = [
    *curating_urls,
    *cycle_urls,
    *evidence_urls,
    *filling_urls,
    *report_urls,
    *review_urls,
]
