"""Pages for anybody, and those of one's own account."""

import time
from collections.abc import Mapping
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.factories import PASSWORD
from tests.security.cast import APP_SECRET
from tests.security.rows import EVERYBODY, NOWHERE, Row
from tests.security.targets import KEYHOLDER, OWNER, PROTECTED, READER
from tests.security.world import World

NEW_PASSWORD = dict.fromkeys(("password1", "password2"), "kunci-lain-yang-panjang-2")


def _code(_world: World) -> Mapping[str, Any]:
    counter = int(time.time()) // 30
    return {"code": format_hotp_value(hotp_value(APP_SECRET, counter))}


PUBLIC: dict[str, Row] = {
    "livez": Row("page", 200, 405, "ok", anonymous=(200, 405)),
    "readyz": Row("page", 200, 405, '"status"', anonymous=(200, 405)),
    "metrics": Row("page", NOWHERE, 405, anonymous=(NOWHERE, 405)),
    "set_language": Row("page", 405, 302, body={"language": "id"}, anonymous=(405, 302)),
    "styleguide": Row("page", 200, 405, "Gaya", anonymous=(200, 405)),
    "account_login": Row("page", 302, 302, anonymous=(200, 200)),
    "account_inactive": Row("page", 200, 405, "Akun tidak aktif", anonymous=(200, 405)),
    "account_reset_password": Row(
        "page",
        200,
        303,
        "Lupa kata sandi",
        body={"email": "x@contoh.invalid"},
        anonymous=(200, 303),
    ),
    "account_reset_password_done": Row(
        "page", 200, 405, "Periksa surel Anda", anonymous=(200, 405)
    ),
    "accounts:password_by_link": Row("key", 200, 409, "Tautan", anonymous=(200, 409)),
    "mfa_authenticate": Row("page", 302, 302, anonymous=(302, 302)),
    "accounts:start_over": Row("page", 405, 303, anonymous=(405, 303)),
    # Without an identity provider there is no such page; with one: tests/accounts/views/test_single_sign_on.py.
    "accounts:leave_for_provider": Row("page", NOWHERE, 405, anonymous=(NOWHERE, 405)),
    "accounts:return_from_provider": Row("page", NOWHERE, 405, anonymous=(NOWHERE, 405)),
}


OWN_PAGES: dict[str, Row] = {
    "home": Row("page", 200, 405, "Masuk sebagai"),
    "accounts:profile": Row("page", 200, 405, "Akun saya"),
    "accounts:choose_zone": Row("page", 405, 303, body={"time_zone": "Asia/Makassar"}),
    "accounts:personal_data": Row("page", 200, 405, "Data saya"),
    "accounts:personal_data_file": Row("page", 405, 200, '"prima-personal-data/2"'),
    "account_logout": Row("page", 200, 302, "Keluar dari PRIMA?"),
    "account_change_password": Row(
        "page",
        {KEYHOLDER: 200, EVERYBODY: 302},
        {KEYHOLDER: 302, EVERYBODY: 302},
        "Ganti kata sandi",
        body={"oldpassword": PASSWORD, **NEW_PASSWORD},
    ),
    "account_set_password": Row(
        "page", {KEYHOLDER: 302, EVERYBODY: 200}, 302, "Buat kata sandi", body=NEW_PASSWORD
    ),
    "account_reauthenticate": Row(
        "page",
        {PROTECTED: 302, EVERYBODY: 200},
        {KEYHOLDER: 302, PROTECTED: 302, EVERYBODY: 200},
        "Pastikan ini Anda",
        body={"password": PASSWORD},
    ),
    "mfa_reauthenticate": Row(
        "page", {PROTECTED: 200, EVERYBODY: 302}, 302, "Langkah kedua", body=_code
    ),
    "accounts:session_time": Row("page", 200, 200, '"idle"'),
    "accounts:sessions": Row("page", 200, 303, "Perangkat yang masuk"),
    "accounts:end_device": Row("session", 405, {OWNER: 303}),
    "accounts:second_factor": Row("page", 200, 405, "Verifikasi dua langkah"),
    # Everybody has just proved who they are, and holds a key. Whoever proved nothing lately is asked to
    # first: tests/accounts/views/test_second_factor.py.
    "accounts:set_up_totp": Row(
        "page",
        {PROTECTED: 302, EVERYBODY: 200},
        {PROTECTED: 302, EVERYBODY: 303},
        "Pasang verifikasi dua langkah",
        body=_code,
    ),
    "accounts:totp_image": Row("page", 200, 405, "<svg"),
    "accounts:recovery_codes": Row(
        "page",
        {PROTECTED: 200, EVERYBODY: 302},
        {PROTECTED: 303, EVERYBODY: 302},
        "Kode cadangan",
    ),
    "accounts:remove_totp": Row(
        "page",
        {PROTECTED: 200, EVERYBODY: 302},
        {PROTECTED: 303, EVERYBODY: 302},
        "Lepas verifikasi dua langkah",
    ),
    "assessments:index": Row("page", 200, 405, "Penilaian saya"),
    "assessments:review_list": Row("page", 200, 405, "Tinjauan"),
    "dashboards:index": Row("page", {READER: 200}, {READER: 405}, "Rekap unit"),
}
