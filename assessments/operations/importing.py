"""Answers from a file, through the same operations as the pages: draft, answers, submit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import User
from accounts.validators import is_rounded, normalize_nip
from assessments.enums import HANDED_IN
from assessments.files import AnswerRow
from assessments.models import Assessment, Cycle
from assessments.operations.filling import AnswerInput, save_answers
from assessments.operations.submitting import submit
from assessments.queries import scorable
from assessments.scoring import NOT_APPLICABLE, Answer
from exchange.files import Fault, FileRefused

BATCH: Final = 500
"""Rows whose assessments are read at once: a file of ten people needs no list of the nation."""


@dataclass(frozen=True, slots=True)
class ImportedAnswers:
    """How many people were handed in by a file, and how many already were, with the same answers."""

    submitted: int = 0
    unchanged: int = 0


@transaction.atomic
def import_answers(*, cycle: Cycle, rows: Iterable[AnswerRow], by: User | None) -> ImportedAnswers:
    """Hand in every row (respondent = NIP) or none.

    A file cannot be asked for reasons or evidence, so missing answers are handed in as missing; the
    instrument's coverage rule decides whether there is a score. What is handed in is what the file says:
    whoever answered more in a draft of their own is refused.
    Raises FileRefused with every row that cannot be handed in.
    """
    outcomes: list[Fault | bool] = []
    unreadable: tuple[Fault, ...] = ()
    try:
        outcomes.extend(_import_rows(cycle, rows, by))
    except FileRefused as refusal:
        unreadable = refusal.faults
    found = [outcome for outcome in outcomes if isinstance(outcome, Fault)]
    if faults := sorted((*unreadable, *found), key=lambda fault: fault.row):
        raise FileRefused(faults)
    submitted = sum(outcome is True for outcome in outcomes)
    return ImportedAnswers(submitted=submitted, unchanged=len(outcomes) - submitted)


def _import_rows(
    cycle: Cycle, rows: Iterable[AnswerRow], by: User | None
) -> Iterator[Fault | bool]:
    """For each row whether it was handed in now; False: it already was; or what is wrong with it."""
    first: dict[str, AnswerRow] = {}
    for nip, row, assessment in _with_assessments(cycle, rows):
        if first.setdefault(nip, row) is not row:
            # The reader names the same writing twice; here it is the same person in two writings.
            if first[nip].respondent != row.respondent:
                reason = _("NIP ini sudah ada di baris %(row)s. Satu orang hanya satu baris.")
                yield Fault(row.row, "respondent", reason % {"row": first[nip].row})
        elif assessment is None:
            yield Fault(row.row, "respondent", _unknown(row.respondent))
        elif not row.is_sound:
            continue
        elif assessment.submission and assessment.status in HANDED_IN:
            if scorable(assessment.submission.answers) == row.answers:
                yield False
            else:
                yield Fault(
                    row.row,
                    "respondent",
                    _("Penilaian pegawai ini sudah diajukan dengan jawaban lain."),
                )
        else:
            yield _hand_in(assessment, row, by)


def _with_assessments(
    cycle: Cycle, rows: Iterable[AnswerRow]
) -> Iterator[tuple[str, AnswerRow, Assessment | None]]:
    """Each row that names somebody with their NIP and assessment, which is read with those of a batch."""
    for batch in _in_batches(rows):
        among = Assessment.objects.filter(cycle=cycle, person__nip__in=[nip for nip, _row in batch])
        found: Mapping[str | None, Assessment] = {
            each.person.nip: each for each in among.select_related("person", "submission")
        }
        for nip, row in batch:
            yield nip, row, found.get(nip)


def _in_batches(rows: Iterable[AnswerRow]) -> Iterator[list[tuple[str, AnswerRow]]]:
    batch: list[tuple[str, AnswerRow]] = []
    try:
        for row in rows:
            if row.respondent:
                batch.append((normalize_nip(row.respondent), row))
            if len(batch) == BATCH:
                yield batch
                batch = []
    except FileRefused:
        yield batch  # a faulty file has unknown people, too
        raise
    yield batch


def _unknown(respondent: str) -> str:
    if is_rounded(respondent):
        return _(
            "Digit terakhir NIP ini sudah hilang karena dibulatkan. Format kolom sebagai teks, "
            "lalu isi ulang NIP dari sumbernya."
        )
    return _(
        "NIP ini tidak terdaftar sebagai peserta periode ini. Periksa angkanya, atau hapus barisnya."
    )


def _hand_in(assessment: Assessment, row: AnswerRow, by: User | None) -> Fault | bool:
    try:
        save_answers(
            assessment=assessment,
            answers={code: _input(answer) for code, answer in row.answers.items()},
            by=by,
        )
        submission = submit(assessment=assessment, by=by, require_complete=False, urgent=False)
    except Refused as refusal:
        return Fault(row.row, getattr(refusal, "code", ""), str(refusal))
    if own := sorted(scorable(submission.answers).keys() - row.answers.keys()):
        reason = _(
            "Pegawai ini sudah menjawab sendiri %(codes)s, yang kosong di berkas. "
            "Isi selnya, atau hapus barisnya agar pegawai mengajukan sendiri."
        )
        return Fault(row.row, own[0], reason % {"codes": ", ".join(own)})
    return True


def _input(answer: Answer) -> AnswerInput:
    if answer is NOT_APPLICABLE:
        return AnswerInput(not_applicable=True, reason=_("Diimpor dari berkas."))
    return AnswerInput(value=answer)
