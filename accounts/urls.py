"""Addresses of the account's own pages, below `akun/`."""

from django.urls import path

from accounts.views import entering, second_factor, sessions, single_sign_on

urlpatterns = [
    path("kata-sandi/tautan/<slug:token>/", entering.password_by_link, name="password_by_link"),
    path("masuk/ulang/", entering.start_over, name="start_over"),
    path("sso/", single_sign_on.leave_for_provider, name="leave_for_provider"),
    path("sso/kembali/", single_sign_on.return_from_provider, name="return_from_provider"),
    path("sesi/", sessions.sessions, name="sessions"),
    path("sesi/sisa/", sessions.session_time, name="session_time"),
    path("sesi/<int:pk>/akhiri/", sessions.end_device, name="end_device"),
    path("verifikasi/", second_factor.second_factor, name="second_factor"),
    path("verifikasi/pasang/", second_factor.set_up_totp, name="set_up_totp"),
    path("verifikasi/pasang/kode.svg", second_factor.totp_image, name="totp_image"),
    path("verifikasi/kode-cadangan/", second_factor.recovery_codes, name="recovery_codes"),
    path("verifikasi/lepas/", second_factor.remove_totp, name="remove_totp"),
]
