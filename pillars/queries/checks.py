"""What stands in the way of publishing a draft, and what a careful curator would look at first."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from pillars.files import (
    Fault,
    IndicatorDocument,
    InstrumentDocument,
    InstrumentFileError,
    build_document,
)
from pillars.queries.trees import tree_of

FEW_INDICATORS = 3
LONG_STATEMENT = 200


@dataclass(frozen=True, slots=True)
class Advice:
    """Something worth a second look that does not stop publishing; `indicator` is "" for a pillar."""

    pillar: str
    indicator: str
    message: str


def faults_of(document: InstrumentDocument) -> tuple[Fault, ...]:
    """Everything that is wrong by the rules of instrument files; empty when it may be published."""
    try:
        build_document(tree_of(document))
    except InstrumentFileError as error:
        return error.faults
    return ()


def advice_on(document: InstrumentDocument) -> list[Advice]:
    """What the rules allow but people regret, in the order in which it is asked."""
    found = []
    for pillar in document.pillars:
        if len(pillar.indicators) < FEW_INDICATORS:
            found.append(
                Advice(
                    pillar.code,
                    "",
                    _(
                        "Pilar ini memiliki kurang dari tiga indikator, sehingga nilainya mudah goyah."
                    ),
                )
            )
        if pillar.weight == 0:
            found.append(
                Advice(pillar.code, "", _("Bobot pilar 0: ditanyakan, tetapi tidak dinilai."))
            )
        for indicator in pillar.indicators:
            found += [
                Advice(pillar.code, indicator.code, message)
                for message in _advice(document, indicator)
            ]
    return found


def _advice(document: InstrumentDocument, indicator: IndicatorDocument) -> list[str]:
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
        messages.append(_("Bobot indikator 0: ditanyakan, tetapi tidak dinilai."))
    if len(indicator.statement) > LONG_STATEMENT:
        messages.append(_("Pernyataannya panjang; pecah bila memuat lebih dari satu perilaku."))
    return messages
