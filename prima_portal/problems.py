"""What the interface says where something is refused: RFC 9457, with the request's id and what to do next."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Schema

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:prima:problem:"


class Problem(Schema, extra="allow"):
    """Why a request was refused. `type` names it for machines; `detail` says what to do next.

    More is told by kind: `errors` (what to mend, by JSON pointer), `gaps` (what is missing before handing in),
    `stored` (the answer that is stored instead).
    """

    type: str = Field(pattern=f"^{TYPES}")
    title: str
    status: int
    detail: str
    request_id: str = Field(description="To be quoted when asking for help; also in X-Request-ID")


KINDS = {
    400: "bad-request",
    401: "not-signed-in",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    500: "failure",
    503: "unavailable",
}
SECOND_FACTOR = "second-factor"
DETAILS = {
    "bad-request": gettext_lazy("Permintaan ini tidak dapat dibaca. Periksa alamat dan isinya."),
    "not-signed-in": gettext_lazy("Masuk dahulu melalui halaman portal, lalu kirim lagi."),
    "forbidden": gettext_lazy(
        "Tidak ada yang berubah. Ambil csrf_token dari /api/v1/me, kirimkan di kepala X-CSRFToken, lalu coba lagi."
    ),
    SECOND_FACTOR: gettext_lazy(
        "Pasang verifikasi dua langkah di halaman akun Anda, lalu kirim lagi."
    ),
    "not-found": gettext_lazy("Periksa alamatnya. Yang bukan untuk Anda juga dijawab seperti ini."),
    "method-not-allowed": gettext_lazy(
        "Alamat ini tidak menerima metode itu. Yang diterima ada di kepala Allow."
    ),
    "too-large": gettext_lazy("Kiriman terlalu besar. Perkecil, lalu kirim lagi."),
    "failure": gettext_lazy(
        "Ada kesalahan di portal. Coba lagi; bila terulang, sampaikan request_id ini."
    ),
    "unavailable": gettext_lazy(
        "Portal sedang dipelihara atau terlalu ramai. Coba lagi sebentar lagi; mengirim dua kali "
        "tidak menggandakan apa pun."
    ),
}


FAULTS = {
    "missing": gettext_lazy("Wajib ada. Tambahkan."),
    "extra_forbidden": gettext_lazy("Tidak dikenal di sini. Periksa namanya, atau hapus."),
    "bool_type": gettext_lazy("Isi dengan true atau false."),
    "greater_than_equal": gettext_lazy("Paling sedikit %(ge)s."),
    "int_from_float": gettext_lazy("Isi dengan bilangan bulat."),
    "int_parsing": gettext_lazy("Isi dengan bilangan bulat."),
    "int_parsing_size": gettext_lazy("Angka ini terlalu panjang. Isi dengan bilangan yang wajar."),
    "int_type": gettext_lazy("Isi dengan bilangan bulat, tanpa tanda kutip."),
    "less_than_equal": gettext_lazy("Paling banyak %(le)s."),
    "list_type": gettext_lazy("Isi dengan daftar."),
    "literal_error": gettext_lazy("Isi dengan %(expected)s."),
    "model_attributes_type": gettext_lazy("Kirim satu objek JSON."),
    "string_pattern_mismatch": gettext_lazy(
        "Ada karakter yang tidak dapat disimpan, atau pindah baris yang tidak pada tempatnya. Hapus."
    ),
    "string_too_long": gettext_lazy("Paling banyak %(max_length)s karakter. Persingkat."),
    "string_type": gettext_lazy("Isi dengan teks di antara tanda kutip."),
    "too_long": gettext_lazy("Paling banyak %(max_length)s butir; ini %(actual_length)s. Kurangi."),
    "uuid_parsing": gettext_lazy("Isi dengan UUID, misalnya dari uuid4, atau hapus."),
    "uuid_type": gettext_lazy("Isi dengan UUID sebagai teks, atau hapus."),
}
"""What is wrong with one thing that was sent, by the validating library's name of it."""
_LITERALS = str.maketrans({"'": '"'})


def fault_of(kind: str, context: Mapping[str, Any]) -> str:
    """What is wrong with one thing that was sent, and what to send instead."""
    if kind not in FAULTS:
        return _("Tidak sesuai uraian di /api/openapi.json. Bandingkan, lalu perbaiki.")
    members = dict(context)
    if "expected" in members:  # Python's spelling of JSON values, joined by an English word
        expected = str(members["expected"]).replace(" or ", _(" atau ")).translate(_LITERALS)
        members["expected"] = expected.replace("True", "true")
    return str(FAULTS[kind]) % members


def body_of(
    status: int, kind: str, request_id: str, detail: str = "", **members: Any
) -> dict[str, Any]:
    """A problem as data; without a detail, that of its kind."""
    return {
        "type": TYPES + kind,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or str(DETAILS.get(kind, _("Permintaan ini ditolak."))),
        "request_id": request_id,
        **members,
    }


def put_into(response: HttpResponse, problem: Mapping[str, Any]) -> None:
    """Say a problem in a response that exists, with the headers and cookies it has."""
    response.status_code = problem["status"]
    response.content = json.dumps(problem, ensure_ascii=False).encode()
    response["Content-Type"] = MEDIA_TYPE
    for header in ("Location", "Content-Length"):
        response.headers.pop(header, None)
