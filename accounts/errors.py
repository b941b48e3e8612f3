"""Named refusals of accounts, and their base. Each app names its own in its `errors`."""

from django.utils.translation import gettext as _


class Refused(Exception):
    """An operation declined to act; nothing was changed.

    `str(error)` is shown to the person: it says in their language why, and what to do next.
    """


class TooManyAttempts(Refused):
    """Tried too often lately."""

    def __init__(self, minutes: int) -> None:
        super().__init__(
            _("Terlalu sering dicoba. Tunggu %(minutes)s menit, lalu coba sekali lagi.")
            % {"minutes": minutes}
        )


class WrongCode(Refused):
    """Not the code of this moment, or one that was used before."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Kode tidak cocok atau sudah dipakai. Tunggu sampai aplikasi menampilkan kode baru, "
                "lalu ketik keenam angkanya; atau pakai satu kode cadangan."
            )
        )


class AlreadyProtected(Refused):
    """The account has a second factor."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Verifikasi dua langkah sudah aktif. Lepas yang lama dahulu bila ponsel Anda berganti."
            )
        )


class FactorRequired(Refused):
    """The person's duty asks for a second factor."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Tugas Anda mewajibkan verifikasi dua langkah, jadi tidak dapat dilepas. "
                "Bila ponsel Anda berganti, minta operator mengatur ulang, lalu pasang yang baru."
            )
        )


class LinkDead(Refused):
    """The link was used, replaced, expired, or made worthless by what changed since."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Tautan ini sudah dipakai, sudah diganti yang lebih baru, atau sudah kedaluwarsa. "
                "Minta tautan baru, lalu buka yang paling akhir Anda terima."
            )
        )
