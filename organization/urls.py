"""Addresses of this app."""

from django.urls import path

from organization.views import corrections, invitations

app_name = "organization"
urlpatterns = [
    path("perbaikan-data/", corrections.corrections, name="corrections"),
    path(
        "perbaikan-data/<int:pk>/tarik/",
        corrections.correction_withdraw,
        name="correction_withdraw",
    ),
    path("permintaan-perbaikan/", corrections.correction_requests, name="correction_requests"),
    path(
        "permintaan-perbaikan/<int:pk>/", corrections.correction_request, name="correction_request"
    ),
    path("undangan/", invitations.invitations, name="invitations"),
    path("undangan/<int:pk>/kirim/", invitations.send_invitations, name="send_invitations"),
]
