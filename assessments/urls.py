"""Addresses of this app."""

from django.urls import path

from assessments.views import filling, submitting

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
    path("penilaian/<int:pk>/atasan/", submitting.report_supervisor, name="report_supervisor"),
]

urlpatterns = [*filling_urls]
