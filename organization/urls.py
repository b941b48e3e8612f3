"""Addresses of this app."""

from django.urls import path

from organization.views import corrections as views
from organization.views import invitations

app_name = "organization"
urlpatterns = [
    path("perbaikan-data/", views.corrections, name="corrections"),
    path("perbaikan-data/<int:pk>/tarik/", views.correction_withdraw, name="correction_withdraw"),
    path("permintaan-perbaikan/", views.correction_requests, name="correction_requests"),
    path("permintaan-perbaikan/<int:pk>/", views.correction_request, name="correction_request"),
    path("undangan/", invitations.invitations, name="invitations"),
    path("undangan/<int:pk>/kirim/", invitations.send_invitations, name="send_invitations"),
]
