"""Addresses of this app."""

from django.urls import path

from dashboards import views

app_name = "dashboards"

urlpatterns = [
    path("", views.index, name="index"),
    path("<str:cycle>/<int:pk>/", views.unit, name="unit"),
    path("<str:cycle>/<int:pk>/unduh.<str:extension>", views.export, name="export"),
]
