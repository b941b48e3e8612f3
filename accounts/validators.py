"""Rules of identity numbers (NIP): 18 digits, see docs/glossary.md; words no password is made of."""

import datetime
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NIP_LENGTH = 18
_SEPARATORS = re.compile(r"[\s.'’`\u00a0]")
_NIP_SHAPE = re.compile(r"[0-9]{18}")
_ROUNDED = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+")
# What somebody who guesses tries first here: the portal, its five pillars, and what people call it.
_CONTEXT_WORDS = re.compile(
    r"prima|portal|profesional|responsif|inovatif|melayani|akuntabel|pegawai|kata ?sandi|password|asn|pns|nip"
)
_LEFT_MUST_HAVE = 8
_PNS_MONTHS = range(1, 13)
_PPPK_CODES = range(21, 30)


def normalize_nip(text: str) -> str:
    """Drop what people and spreadsheets put between the digits: spaces, dots, an apostrophe."""
    return _SEPARATORS.sub("", text)


def is_nip_shaped(text: str) -> bool:
    """Whether it is written like a normalised NIP, whosoever."""
    return _NIP_SHAPE.fullmatch(text) is not None


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet wrote a long number as `1.98609E+17`: its last digits are lost."""
    return _ROUNDED.fullmatch(text) is not None


def validate_nip(nip: str) -> None:
    """Raise ValidationError with its own message for each broken part of a normalised NIP.

    Digits 1-8 birth date, 9-12 year of appointment, 13-14 month 01-12 (PNS) or 21-29 (PPPK:
    2 + number of the contract), 15 sex 1/2, 16-18 serial. The birth date is checked for being a
    date only: people's other papers may disagree with it.
    """
    if not nip.isascii() or not nip.isdigit():
        raise ValidationError(_("NIP hanya boleh berisi angka."), code="nip_digits")
    if len(nip) != NIP_LENGTH:
        raise ValidationError(
            _("NIP harus 18 angka; yang tertulis %(count)s angka."),
            code="nip_length",
            params={"count": len(nip)},
        )
    try:
        datetime.date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
    except ValueError:
        raise ValidationError(
            _("Delapan angka pertama NIP bukan tanggal lahir yang ada (TTTTBBHH)."),
            code="nip_birth_date",
        ) from None
    if int(nip[12:14]) not in _PNS_MONTHS and int(nip[12:14]) not in _PPPK_CODES:
        raise ValidationError(
            _("Angka ke-13 dan 14 NIP harus bulan 01-12 (PNS) atau 21-29 (PPPK)."),
            code="nip_month",
        )
    if nip[14] not in "12":
        raise ValidationError(_("Angka ke-15 NIP harus 1 atau 2."), code="nip_sex")
    if nip[15:] == "000":
        raise ValidationError(_("Tiga angka terakhir NIP tidak boleh 000."), code="nip_serial")


def mask_nip(nip: str) -> str:
    """Show enough of a NIP to recognise it, not enough to use it: `1986•••• •••••• • 001`."""
    return f"{nip[:4]}•••• •••••• • {nip[-3:]}" if is_nip_shaped(nip) else nip


def space_nip(nip: str) -> str:
    """The NIP as it is printed, 8-6-1-3: `19860926 201505 1 001`."""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}" if is_nip_shaped(nip) else nip


class ContextWordsValidator:
    """Refuses a password that is little more than words of this portal and digits: `prima2026prima`."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError where fewer than eight letters are left without them."""
        rest = _CONTEXT_WORDS.sub("", password.casefold())
        left = sum(character.isalpha() for character in rest)
        if rest != password.casefold() and left < _LEFT_MUST_HAVE:
            raise ValidationError(
                _(
                    "Kata sandi ini mudah ditebak: hampir seluruhnya kata yang lazim di sini dan angka. "
                    "Pakai beberapa kata yang tidak berhubungan."
                ),
                code="password_context_words",
            )

    def get_help_text(self) -> str:
        """What Django shows with the rules."""
        return gettext("Bukan nama portal ini ditambah angka.")
