"""Addresses of this app. Codes stand in them in place of keys: a draft's rows are written anew."""

from django.urls import path

from pillars.views import editing, indicators, pillars, publishing, versions

app_name = "pillars"

urlpatterns = [
    path("", versions.index, name="index"),
    path("unggah/", versions.upload, name="upload"),
    path("unggah/<int:pk>/", versions.upload_result, name="upload_result"),
    path("<int:pk>/", versions.detail, name="detail"),
    path("<int:pk>/unduh/<str:kind>/", versions.download, name="download"),
    path("<int:pk>/versi-baru/", versions.new_version, name="new_version"),
    path("<int:pk>/pemeriksaan/", publishing.checks, name="checks"),
    path("<int:pk>/perbedaan/", publishing.diff, name="diff"),
    path("<int:pk>/terbitkan/", publishing.publish, name="publish"),
    path("<int:pk>/hentikan/", publishing.retire, name="retire"),
    path("<int:pk>/ubah/", editing.edit, name="edit"),
    path("<int:pk>/skala/", editing.edit_scale, name="edit_scale"),
    path("<int:pk>/predikat/", editing.edit_bands, name="edit_bands"),
    path("<int:pk>/pilar-baru/", pillars.add_pillar, name="add_pillar"),
    path("<int:pk>/pilar/<str:code>/", pillars.edit_pillar, name="edit_pillar"),
    path("<int:pk>/pilar/<str:code>/pindah/", pillars.move_pillar, name="move_pillar"),
    path("<int:pk>/pilar/<str:code>/hapus/", pillars.remove_pillar, name="remove_pillar"),
    path(
        "<int:pk>/pilar/<str:code>/indikator-baru/", indicators.add_indicator, name="add_indicator"
    ),
    path("<int:pk>/indikator/<str:code>/", indicators.edit_indicator, name="edit_indicator"),
    path("<int:pk>/indikator/<str:code>/pindah/", indicators.move_indicator, name="move_indicator"),
    path(
        "<int:pk>/indikator/<str:code>/hapus/", indicators.remove_indicator, name="remove_indicator"
    ),
]
