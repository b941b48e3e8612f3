"""All addresses of the portal. Paths are Indonesian, names English."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_http_methods

from accounts.urls import urlpatterns as own_account_urls
from accounts.views.entering import (
    choose_zone,
    mfa_reauthenticate,
    password_forgotten,
    reauthenticate,
    set_language,
    sign_out,
)
from prima_portal import views

handler400 = "prima_portal.views.bad_request"
handler403 = "prima_portal.views.permission_denied"
handler404 = "prima_portal.views.page_not_found"
handler500 = "prima_portal.views.server_error"

# The library takes a PUT for a POST.
form = require_http_methods(["GET", "HEAD", "POST"])

# Only the account pages the portal uses: nobody registers, connects or changes addresses here.
account_urls = [
    path("masuk/", form(account_views.login), name="account_login"),
    path("keluar/", sign_out, name="account_logout"),
    path("kata-sandi/", form(account_views.password_change), name="account_change_password"),
    path("kata-sandi/baru/", form(account_views.password_set), name="account_set_password"),
    path("lupa-kata-sandi/", password_forgotten, name="account_reset_password"),
    path(
        "lupa-kata-sandi/terkirim/",
        account_views.password_reset_done,
        name="account_reset_password_done",
    ),
    path("tidak-aktif/", account_views.account_inactive, name="account_inactive"),
    path("konfirmasi/", reauthenticate, name="account_reauthenticate"),
    path("konfirmasi/kode/", mfa_reauthenticate, name="mfa_reauthenticate"),
    path("masuk/kode/", form(mfa_views.authenticate), name="mfa_authenticate"),
]

# Reads more than accounts know, so it is a page of the wiring; its name says what it is about.
profile_urls = [
    path("", views.profile, name="profile"),
    path("data/", views.personal_data, name="personal_data"),
    path("data/berkas/", views.personal_data_file, name="personal_data_file"),
    path("zona-waktu/", choose_zone, name="choose_zone"),
    *own_account_urls,
]

urlpatterns = [
    path("", views.home, name="home"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("bahasa/", set_language, name="set_language"),
    path("api/", include(("prima_portal.api", "api"))),
    path("akun/", include((profile_urls, "accounts"))),
    path("akun/", include(account_urls)),
    path("operator/", admin.site.urls),
    path("", include("assessments.urls")),
    path("jejak-audit/", include("prima_portal.auditing.urls")),
    path("", include("organization.urls")),
    path("unit/", include("dashboards.urls")),
    path("instrumen/", include("pillars.urls")),
]

if settings.DEVELOPMENT:
    urlpatterns.append(path("gaya/", views.styleguide, name="styleguide"))
