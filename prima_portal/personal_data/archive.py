"""What a person takes away: one ZIP with the document and with their files, in little memory."""

import tempfile
from collections.abc import Iterator
from functools import partial
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

import assessments.queries.personal
from accounts.models import User
from assessments.files import vault
from exchange.files import Member, zip_chunks
from prima_portal.personal_data.gathering import json_chunks, personal_data_of

ARCHIVE_NAME: Final = "data-saya.zip"
DOCUMENT_NAME: Final = "data-saya.json"
IN_MEMORY: Final = 1024 * 1024
"""Bytes of the document that are held in memory; the rest lies in a temporary file."""


class Archive:
    """The archive of a person, to be sent once. The document is complete before the first piece.

    Of the files, one is open at a time; `close` also where nobody took a piece.
    """

    def __init__(self, user: User) -> None:
        self._document = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # see close
        for chunk in json_chunks(personal_data_of(user)):
            self._document.write(chunk.encode())
        self._document.seek(0)
        now = timezone.localtime()
        self._members = [
            Member("BACA-SAYA.txt", now, _explanation(user).encode(), packed=True),
            Member(DOCUMENT_NAME, now, self._document, packed=True),
            *_own_files(user),
        ]

    def __iter__(self) -> Iterator[bytes]:
        return zip_chunks(self._members)

    def close(self) -> None:
        """Let the document go."""
        self._document.close()


def _own_files(user: User) -> Iterator[Member]:
    for file in assessments.queries.personal.files_of_person(user):
        if vault.holds(file.key):
            name = assessments.queries.personal.path_in_archive(file)
            yield Member(
                name, timezone.localtime(file.uploaded_at), partial(vault.opened, file.key)
            )


def _explanation(user: User) -> str:
    return "\r\n".join(
        (
            _("Data pribadi %(name)s di %(brand)s")
            % {"name": user.full_name, "brand": settings.BRAND},
            "",
            _(
                "data-saya.json memuat semua yang tersimpan tentang Anda, untuk dibaca program lain."
            ),
            _("bukti/ memuat berkas bukti Anda, menurut periode dan indikator."),
            _("Berkas yang terinfeksi sudah dibuang; keterangannya tetap ada di data-saya.json."),
            _("Simpan di tempat yang hanya dapat Anda buka: isinya jawaban dan nilai Anda."),
            "",
        )
    )
