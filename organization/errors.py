"""Named refusals of the organisation. Their texts are shown to the person and say what to do next."""

import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.errors import Refused


class PostHeld(Refused):
    """Somebody else holds the head's post, or acts in it, during the period."""

    def __init__(self, holder: object, since: datetime.date) -> None:
        message = _("Jabatan ini dipegang %(holder)s sejak %(since)s. Akhiri dahulu masa itu.")
        super().__init__(message % {"holder": holder, "since": date_format(since, "j F Y")})


class LaterPostingExists(Refused):
    """The person's own post already changes on a later day than the one that is asked for."""

    def __init__(self, person: object, since: datetime.date) -> None:
        message = _(
            "%(person)s sudah tercatat pada jabatan yang mulai %(since)s. "
            "Pilih tanggal sesudahnya, atau batalkan penempatan itu."
        )
        super().__init__(message % {"person": person, "since": date_format(since, "j F Y")})


class NotAHeadPost(Refused):
    """Only the head's post of a unit can be acted in."""

    def __init__(self) -> None:
        super().__init__(_("Plt., Plh., dan tugas tambahan hanya untuk jabatan pimpinan unit."))


class NotInService(Refused):
    """The person is not in service, and takes no post."""

    def __init__(self, person: object) -> None:
        message = _("%(person)s tidak aktif, sehingga tidak dapat ditempatkan.")
        super().__init__(message % {"person": person})


class PeriodReversed(Refused):
    """The last day lies before the first."""

    def __init__(self) -> None:
        super().__init__(_("Hari terakhir mendahului hari pertama. Periksa kedua tanggal."))


class SignInNameTaken(Refused):
    """An account has that sign-in name, or the name could be taken for a NIP."""

    def __init__(self, username: str) -> None:
        message = _("Nama masuk “%(username)s” tidak dapat dipakai. Pilih nama lain, tanpa spasi.")
        super().__init__(message % {"username": username})


class CorrectionOpen(Refused):
    """Another request about the same datum still waits."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Permintaan Anda tentang data ini masih menunggu jawaban. "
                "Tarik dahulu bila Anda ingin menggantinya."
            )
        )


class CorrectionSettled(Refused):
    """The request is no longer open."""

    def __init__(self) -> None:
        super().__init__(
            _("Permintaan ini sudah selesai, jadi tidak diubah lagi. Ajukan yang baru bila perlu.")
        )


class NoOffice(Refused):
    """Nobody answers for anybody's data: no unit is known yet."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Belum ada unit kerja yang tercatat, jadi belum ada kepegawaian yang menjawab. "
                "Hubungi %(contact)s."
            )
            % {"contact": settings.HELP_CONTACT}
        )
