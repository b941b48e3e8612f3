"""Answers from a file, through the same operations as the pages: draft, answers, submit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class ImportedAnswers:
    """How many people were handed in by a file, and how many already were, with the same answers."""

    submitted: int = 0
    unchanged: int = 0


@transaction.atomic
def import_answers(*, cycle: Cycle, rows: Iterable[AnswerRow], by: User | None) -> ImportedAnswers:
    """Hand in every row (respondent = NIP) or none.

    A file cannot be asked for reasons or evidence, so missing answers are handed in as missing; the
    instrument's coverage rule decides whether there is a score.
    Raises FileRefused with every row that cannot be handed in.
    """
    people = {
        assessment.person.nip: assessment
        for assessment in Assessment.objects.filter(cycle=cycle)
        .select_related("person", "submission")
        .iterator(chunk_size=5_000)
    }
    outcomes: list[Fault | bool] = []
    unreadable: tuple[Fault, ...] = ()
    try:
        outcomes.extend(_import_rows(people, rows, by))
    except FileRefused as refusal:
        unreadable = refusal.faults
    found = [outcome for outcome in outcomes if isinstance(outcome, Fault)]
    if faults := sorted((*unreadable, *found), key=lambda fault: fault.row):
        raise FileRefused(faults)
    submitted = sum(outcome is True for outcome in outcomes)
    return ImportedAnswers(submitted=submitted, unchanged=len(outcomes) - submitted)


def _import_rows(
    people: dict[str | None, Assessment], rows: Iterable[AnswerRow], by: User | None
) -> Iterator[Fault | bool]:
    """For each row whether it was handed in now; False: it already was; or what is wrong with it."""
    first: dict[str, AnswerRow] = {}
    for row in rows:
        nip = normalize_nip(row.respondent)
        assessment = people.get(nip)
        if not row.respondent:
            continue
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
        submit(assessment=assessment, by=by, require_complete=False, urgent=False)
    except Refused as refusal:
        return Fault(row.row, getattr(refusal, "code", ""), str(refusal))
    return True


def _input(answer: Answer) -> AnswerInput:
    if answer is NOT_APPLICABLE:
        return AnswerInput(not_applicable=True, reason=_("Diimpor dari berkas."))
    return AnswerInput(value=answer)
