"""Named refusals of assessments. Their texts are shown to the person and say what to do next."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.clock import in_words
from accounts.errors import Refused
from assessments.queries.reviewing import RatingGap
from assessments.queries.sheet import Gap


class CycleRefused(Refused):
    """A cycle cannot be opened or changed as asked; `field` names what to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotOpenYet(Refused):
    """The cycle has not begun."""

    def __init__(self, opens_at: datetime.datetime) -> None:
        super().__init__(_("Pengisian baru dibuka %(moment)s.") % {"moment": in_words(opens_at)})


class DeadlinePassed(Refused):
    """Too late: the draft stays, nothing is handed in."""

    def __init__(self, deadline: datetime.datetime) -> None:
        super().__init__(
            _(
                "Pengisian ditutup %(moment)s. Jawaban yang sudah tersimpan tetap ada sebagai draf. "
                "Hubungi pengelola kepegawaian bila Anda perlu perpanjangan."
            )
            % {"moment": in_words(deadline)}
        )


class NotEditable(Refused):
    """Answers of a handed-in assessment do not change."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Penilaian ini sudah diajukan, jadi jawabannya tidak dapat diubah. "
                "Tarik kembali dahulu bila Anda perlu memperbaikinya."
            )
        )


class AnswerRefused(Refused):
    """One answer cannot be stored; `code` is its indicator."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class UnknownIndicator(AnswerRefused):
    """The indicator belongs to another instrument."""

    def __init__(self, code: str) -> None:
        super().__init__(
            code, _("Indikator %(code)s bukan bagian dari kuesioner ini.") % {"code": code}
        )


class ValueOutsideScale(AnswerRefused):
    """The value is none of the indicator's levels."""

    def __init__(self, code: str) -> None:
        super().__init__(code, _("Pilih salah satu pilihan yang tersedia."))


class NotApplicableRefused(AnswerRefused):
    """The indicator applies to everybody."""

    def __init__(self, code: str) -> None:
        super().__init__(
            code, _("Pernyataan ini berlaku bagi semua pegawai. Pilih salah satu tingkat.")
        )


class AnswerTooLong(AnswerRefused):
    """A text or the evidence list exceeds its limit."""


class Incomplete(Refused):
    """Something must be filled in first; `gaps` lists what and where."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(
            _("Masih ada %(count)d hal yang perlu dilengkapi sebelum diajukan.")
            % {"count": len(gaps)}
        )
        self.gaps = gaps


class NotSubmitted(Refused):
    """There is nothing to take back."""

    def __init__(self) -> None:
        super().__init__(
            _("Penilaian ini belum diajukan, jadi tidak ada yang dapat ditarik kembali.")
        )


class ReviewStarted(Refused):
    """The supervisor has begun; the person can no longer take it back."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Atasan Anda sudah mulai meninjau, jadi penilaian tidak dapat ditarik lagi. "
                "Mintalah atasan mengembalikannya bila perlu diperbaiki."
            )
        )


class ReportOpen(Refused):
    """The person already reported this; it waits for the personnel office."""

    def __init__(self) -> None:
        super().__init__(
            _("Laporan Anda tentang atasan sudah diterima dan sedang menunggu kepegawaian.")
        )


class ReportSettled(Refused):
    """Somebody of the personnel office was quicker."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Laporan ini sudah ditindaklanjuti, jadi tidak ada yang diubah. Baca hasilnya di bawah."
            )
        )


class ReviewerRefused(Refused):
    """The account cannot be named as reviewer; says why."""


class NotReviewer(Refused):
    """Only whoever supervises the person today reviews; nobody reviews themselves."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Anda bukan atasan yang meninjau penilaian ini hari ini. "
                "Hubungi pengelola kepegawaian bila menurut Anda keliru."
            )
        )


class NothingToReview(Refused):
    """It is not handed in, was taken back, or is already decided."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Penilaian ini tidak sedang diajukan, jadi tidak ada yang dapat ditinjau. "
                "Buka kembali daftar tinjauan untuk melihat statusnya."
            )
        )


class ReviewNotStarted(Refused):
    """Nobody began, or somebody else did: beginning is an act of its own."""

    def __init__(self) -> None:
        super().__init__(_("Mulai tinjauan ini dahulu, lalu beri penilaian Anda."))


class ReviewIncomplete(Refused):
    """Levels or reasons are missing before it can be verified; `gaps` lists what and where."""

    def __init__(self, gaps: Sequence[RatingGap]) -> None:
        super().__init__(
            _("Masih ada %(count)d hal yang perlu dilengkapi sebelum diverifikasi.")
            % {"count": len(gaps)}
        )
        self.gaps = gaps


class NothingMarked(Refused):
    """A return says what to redo."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Tandai sedikitnya satu pernyataan dengan “Minta diperbaiki”, "
                "supaya pegawai tahu apa yang perlu dikerjakan."
            )
        )


class NoteMissing(Refused):
    """Every marked indicator needs a note; `codes` are those without one."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(
            _("Tulis catatan pada setiap pernyataan yang ditandai. Belum ada catatan: %(codes)s.")
            % {"codes": ", ".join(codes)}
        )
        self.codes = codes


class NoteTooLong(Refused):
    """The general note of a review exceeds its limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("Catatan terlalu panjang. Ringkas hingga %(limit)d huruf.") % {"limit": limit}
        )


class CycleStillOpen(Refused):
    """Results are established once nobody can hand in any more."""

    def __init__(self, closes_at: datetime.datetime) -> None:
        super().__init__(
            _("Hasil baru dapat ditetapkan sesudah periode ditutup %(moment)s.")
            % {"moment": in_words(closes_at)}
        )


class CycleDestroyed(Refused):
    """People's data of the cycle were destroyed by schedule; `at` says since when."""

    def __init__(self, at: datetime.datetime) -> None:
        super().__init__(
            _(
                "Data periode ini telah dimusnahkan menurut jadwal pada %(moment)s. "
                "Rekap unit tetap seperti terakhir dihitung, dan tidak dapat dihitung ulang."
            )
            % {"moment": in_words(at)}
        )
        self.at = at


class AlreadyHeld(Refused):
    """Destruction is suspended already."""

    def __init__(self) -> None:
        super().__init__(
            _("Pemusnahan sudah ditangguhkan. Cabut dahulu untuk mengganti alasannya.")
        )


class NotHeld(Refused):
    """Nothing is suspended."""

    def __init__(self) -> None:
        super().__init__(
            _("Pemusnahan tidak sedang ditangguhkan. Lihat daftarnya: legal_hold list.")
        )


class NotEstablished(Refused):
    """Only an established result is opened again."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Hasil ini belum ditetapkan, jadi tidak perlu dibuka kembali. Muat ulang halaman ini."
            )
        )


class OwnResult(Refused):
    """Nobody proposes or decides about their own result."""

    def __init__(self) -> None:
        super().__init__(
            _("Ini hasil Anda sendiri. Mintalah pengelola lain mengusulkan atau memutuskannya.")
        )


class ReopeningWaits(Refused):
    """It is proposed already."""

    def __init__(self) -> None:
        super().__init__(
            _("Usulan untuk hasil ini sudah ada dan menunggu persetujuan pengelola lain.")
        )


class ReopeningSettled(Refused):
    """Somebody decided in the meantime."""

    def __init__(self) -> None:
        super().__init__(_("Usulan ini sudah diputuskan, jadi tidak ada yang diubah."))


class SecondPersonNeeded(Refused):
    """Whoever proposes does not decide."""

    def __init__(self) -> None:
        super().__init__(
            _("Anda yang mengusulkan, jadi pengelola lain yang memutuskan. Mintalah salah satunya.")
        )
