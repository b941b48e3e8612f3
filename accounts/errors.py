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


class FactorUnreadable(Refused):
    """What the account's codes are made of was encrypted with a key that the server no longer has."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Kode Anda tidak dapat diperiksa karena gangguan pada server, bukan karena salah ketik. "
                "Laporkan kepada operator: verifikasi dua langkah Anda perlu diatur ulang."
            )
        )


class CodeOfAnotherApp(Refused):
    """Not what an app with the secret on the page shows now."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Kode tidak cocok. Tunggu sampai aplikasi menampilkan kode baru, lalu ketik keenam "
                "angkanya. Bila tetap tidak cocok, cocokkan jam ponsel Anda, lalu pindai kodenya lagi."
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


class NoNipGiven(Refused):
    """The identity provider named no valid NIP."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Akun SSO Anda tidak membawa NIP yang sah, jadi kami tidak tahu siapa Anda. "
                "Minta pengelola SSO melengkapi NIP pada akun itu, atau masuk dengan kata sandi."
            )
        )


class NipUnknown(Refused):
    """Nobody with this NIP is in the roster."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "NIP pada akun SSO Anda belum terdaftar di portal ini. Hubungi pengelola kepegawaian "
                "unit Anda agar data Anda dimasukkan, lalu coba lagi."
            )
        )


class NipTaken(Refused):
    """Another account has the NIP, or had it before."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "NIP ini dipakai, atau pernah dipakai, akun lain: %(name)s. Periksa NIP-nya pada SK. "
                "Bila kedua akun milik orang yang sama, nonaktifkan yang belum berisi penilaian; NIP-nya "
                "tidak dapat dipindahkan."
            )
            % {"name": name}
        )


class AccountInactive(Refused):
    """The account exists and may not be used."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Akun ini tidak dapat dipakai untuk masuk. Bila Anda masih bertugas, minta pengelola "
                "kepegawaian unit Anda mengaktifkannya kembali; jawaban Anda tidak hilang."
            )
        )


class ProviderAway(Refused):
    """The identity provider does not answer."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Layanan SSO sedang tidak menjawab. Masuklah dengan kata sandi, atau coba lagi "
                "beberapa menit lagi."
            )
        )


class SignOnFailed(Refused):
    """What the identity provider sent does not fit what was asked, or is not its own."""

    def __init__(self) -> None:
        super().__init__(
            _("Masuk lewat SSO tidak berhasil. Mulai sekali lagi, atau masuk dengan kata sandi.")
        )
