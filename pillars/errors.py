"""Named refusals of curating. Their texts are shown to the person and say what to do next."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import Refused
from exchange.files import Fault
from pillars.files import InstrumentDocument


class NotADraft(Refused):
    """Only a draft may be edited or published."""

    def __init__(self) -> None:
        super().__init__(
            _("Versi ini sudah terbit dan tidak dapat diubah. Buat versi baru, lalu ubah di sana.")
        )


class NotPublished(Refused):
    """Only a published version may be retired."""

    def __init__(self) -> None:
        super().__init__(
            _("Hanya versi yang terbit yang dapat dihentikan pemakaiannya. Muat ulang halaman ini.")
        )


class VersionExists(Refused):
    """The code and version are taken by something that may not be replaced."""


class InstrumentInvalid(Refused):
    """The instrument, or the part being edited, breaks the rules; `faults` names each place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            ngettext(
                "Ada %(count)d hal yang harus diperbaiki dahulu.",
                "Ada %(count)d hal yang harus diperbaiki dahulu.",
                len(self.faults),
            )
            % {"count": len(self.faults)}
        )


class StaleRevision(Refused):
    """The draft changed since the form was opened; `stored` is what it says now."""

    def __init__(self, *, stored: InstrumentDocument, revision: int) -> None:
        self.stored = stored
        self.revision = revision
        super().__init__(
            _(
                "Rancangan ini berubah sejak Anda membuka halaman ini. Bandingkan kedua isinya, "
                "lalu pilih mana yang disimpan."
            )
        )


class PartMissing(Refused):
    """The pillar or indicator is no longer part of the draft."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            _("“%(code)s” tidak ada lagi di rancangan ini. Kembali ke daftar pilar dan periksa.")
            % {"code": code}
        )
