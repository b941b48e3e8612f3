"""Addresses of the auditor's pages."""

from django.urls import path

from prima_portal.auditing import views

app_name = "audit"

urlpatterns = [
    path("", views.events, name="events"),
    path("<int:pk>/", views.event, name="event"),
    path("unduh/", views.export_events, name="export_events"),
    path("pembacaan/", views.breach, name="breach"),
]
