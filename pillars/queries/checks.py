"""What stands in the way of publishing a draft, and what a careful curator would look at first."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.files import Fault, FileRefused
from pillars.files import IndicatorDocument, InstrumentDocument, build_document
from pillars.queries.trees import tree_of

FEW_INDICATORS: Final = 3
LONG_STATEMENT: Final = 200
_PLACE: Final = re.compile(
    r"pillars\[(?P<pillar>\d+)\](\.indicators\[(?P<indicator>\d+)\])?\.?(?P<key>.*)"
)
_KEYS: Final = {
    "code": gettext_lazy("kode"),
    "name": gettext_lazy("nama"),
    "description": gettext_lazy("penjelasan"),
    "weight": gettext_lazy("bobot"),
    "indicators": gettext_lazy("daftar indikator"),
    "statement": gettext_lazy("pernyataan"),
    "levels": gettext_lazy("deskriptor"),
    "evidence_from": gettext_lazy("mulai nilai berapa bukti diminta"),
    "why": gettext_lazy("alasan"),
    "scale": gettext_lazy("skala"),
    "bands": gettext_lazy("predikat"),
    "pillars": gettext_lazy("daftar pilar"),
    "instrument": gettext_lazy("keterangan umum"),
    "title": gettext_lazy("judul"),
    "decimals": gettext_lazy("angka desimal"),
    "conversion": gettext_lazy("konversi"),
    "minimum_coverage": gettext_lazy("cakupan minimum"),
    "lower": gettext_lazy("batas bawah"),
    "label": gettext_lazy("label"),
    "value": gettext_lazy("nilai"),
}

Part = Literal["instrument", "scale", "bands", "pillars", "pillar", "indicator"]
_PARTS: Final[dict[str, Part]] = {"scale": "scale", "bands": "bands", "pillars": "pillars"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend or to look at again: where, in words, and which page mends it.

    `code` is that of the pillar or indicator where `part` is one, else "".
    """

    place: str
    message: str
    part: Part
    code: str = ""


def faults_of(document: InstrumentDocument) -> tuple[Fault, ...]:
    """Everything that is wrong by the rules of instrument files; empty when it may be published."""
    try:
        build_document(tree_of(document))
    except FileRefused as error:
        return error.faults
    return ()


def findings_of(document: InstrumentDocument) -> list[Finding]:
    """The faults of a draft in words a curator knows, with the part to mend."""
    return [_finding(document, fault) for fault in faults_of(document)]


def advice_on(document: InstrumentDocument) -> list[Finding]:
    """What the rules allow but people regret, in the order in which it is asked."""
    found = []
    for pillar in document.pillars:
        place = _("Pilar %(name)s") % {"name": pillar.name}
        if len(pillar.indicators) < FEW_INDICATORS:
            message = _("Kurang dari tiga indikator, sehingga nilai pilar ini mudah goyah.")
            found.append(Finding(place, message, "pillar", pillar.code))
        if pillar.weight == 0:
            message = _("Bobotnya 0: ditanyakan, tetapi tidak dinilai.")
            found.append(Finding(place, message, "pillar", pillar.code))
        for indicator in pillar.indicators:
            place = _("Indikator %(code)s") % {"code": indicator.code}
            found += [
                Finding(place, message, "indicator", indicator.code)
                for message in _advice(indicator)
            ]
    return found


def _advice(indicator: IndicatorDocument) -> list[str]:
    messages = []
    if indicator.evidence_from == 0:
        messages.append(_("Bukti dukung tidak pernah diminta, juga untuk nilai tertinggi."))
    if indicator.why is None:
        messages.append(_("Belum ada alasan. Tulis mengapa hal ini ditanyakan dan kapan ditinjau."))
    if not indicator.levels:
        messages.append(_("Belum ada deskriptor perilaku, hanya label skala."))
    elif len(set(indicator.levels)) < len(indicator.levels):
        messages.append(_("Dua level memiliki deskriptor yang sama, sehingga sulit dibedakan."))
    if indicator.weight == 0:
        messages.append(_("Bobotnya 0: ditanyakan, tetapi tidak dinilai."))
    if len(indicator.statement) > LONG_STATEMENT:
        messages.append(_("Pernyataannya panjang; pecah bila memuat lebih dari satu perilaku."))
    return messages


def _finding(document: InstrumentDocument, fault: Fault) -> Finding:
    if not (match := _PLACE.fullmatch(fault.place)):
        head = re.split(r"[.\[]", fault.place)[0]
        part = _PARTS.get(head, "instrument")
        return Finding(_key(fault.place).capitalize(), fault.reason, part)
    pillar = document.pillars[int(match["pillar"])]
    place = _("Pilar %(name)s") % {"name": pillar.name or pillar.code}
    key = _key(match["key"])
    if match["indicator"] is None and match["key"] == "indicators" and not pillar.indicators:
        # A file would lack a key; whoever looks at a draft sees a pillar that asks nothing.
        message = _("Belum ada indikator. Tambahkan sedikitnya satu, atau hapus pilar ini.")
        return Finding(place, message, "pillar", pillar.code)
    if match["indicator"] is None:
        return Finding(f"{place}, {key}", fault.reason, "pillar", pillar.code)
    code = pillar.indicators[int(match["indicator"])].code
    place = _("Indikator %(code)s") % {"code": code}
    return Finding(f"{place}, {key}", fault.reason, "indicator", code)


def _key(path: str) -> str:
    """Name a key such as `levels[2]` or `scale[0].value` for a person, counted from 1."""
    names = []
    for step in path.split("."):
        key, _bracket, number = step.rstrip("]").partition("[")
        name = str(_KEYS.get(key, key))
        names.append(f"{name} {int(number) + 1}" if number else name)
    return ", ".join(names)
