"""What a person may send about statements: the fields of each, and how they become answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer
from assessments.models.assessment import (
    MAX_REFERENCES,
    NOTE_LENGTH,
    REASON_LENGTH,
    REFERENCE_LENGTH,
)
from assessments.operations import NO_ANSWER_YET, AnswerInput
from assessments.queries import GapKind
from pillars.files.document import plain
from pillars.forms.fields import ProseField
from pillars.queries import IndicatorItem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_APPLICABLE = "NA"
# The radio group of a statement has its indicator's code for a name, its other fields code and suffix:
# no code holds a colon, so no two statements can have a field in common.
REASON, NOTE, EVIDENCE, REVISION = ":reason", ":note", ":evidence", ":revision"
KEEP, SEEN = ":keep", ":seen"
MINE, STORED = "mine", "stored"
# Sends the section and goes on to the files of the statement whose code follows.
FILES = "files:"
# What else a page sends along with the statements.
OTHER_KEYS = frozenset({"csrfmiddlewaretoken", "next", "change", "indicator"})


def field_id(code: str, suffix: str = "") -> str:
    """The id of a field, or of the first of the radios: what the error summary leads to."""
    return f"id_{code}{_without_colon(suffix)}" if suffix else f"id_{code}_0"


def _without_colon(name: str) -> str:
    """A name as part of an id: in a style sheet a colon would begin something else."""
    return name.replace(":", "--")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as it is shown."""

    label: "StrOrPromise"
    descriptor: str = ""
    asks_evidence: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: the suffix of its field, "" for the choice itself, and what to do."""

    suffix: str
    text: "StrOrPromise"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One statement as one person sees it: what is filled in, and what is said about it."""

    choice: str = ""
    reason: str = ""
    note: str = ""
    evidence: str = ""
    revision: str = str(NO_ANSWER_YET)
    problems: tuple[Problem, ...] = ()
    remark: str = ""
    files: tuple[str, ...] | None = field(default=None, compare=False)
    """Names of the files that are there; None where none can be added."""
    conflict: Answer | None = field(default=None, compare=False)

    @classmethod
    def of(cls, answer: Answer | None) -> "Sheet":
        """The sheet of a stored answer."""
        if answer is None:
            return cls()
        value = "" if answer.value is None else plain(answer.value)
        return cls(
            choice=NOT_APPLICABLE if answer.not_applicable else value,
            reason=answer.reason,
            note=answer.note,
            evidence="\n".join(answer.evidence),
            revision=str(answer.revision),
        )


PROBLEM_OF = {
    GapKind.ANSWER: Problem("", _("Pilih salah satu tingkat.")),
    GapKind.REASON: Problem(REASON, _("Tulis mengapa pernyataan ini tidak relevan.")),
    GapKind.EVIDENCE: Problem(
        EVIDENCE,
        _(
            "Tingkat ini meminta bukti dukung. Tulis tautan atau nomor surat, atau unggah berkasnya."
        ),
    ),
}


class ReasonField(ProseField):
    """A text that may be asked for when handing in; until then its lack is a gap, not a fault."""

    def validate(self, value: Any) -> None:
        """Take an empty text; `required` only keeps the label from saying "opsional"."""


class EvidenceField(ReasonField):
    """Links or numbers of decrees, one a line."""

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        """The lines that are not empty."""
        lines = (line.strip() for line in super().to_python(value).split("\n"))
        return tuple(line for line in lines if line)

    def run_validators(self, value: Any) -> None:
        """Refuse too many lines, and a line that is too long."""
        if len(value) > MAX_REFERENCES or any(len(line) > REFERENCE_LENGTH for line in value):
            raise forms.ValidationError(
                _("Tulis paling banyak %(count)d baris, masing-masing sampai %(limit)d huruf."),
                params={"count": MAX_REFERENCES, "limit": REFERENCE_LENGTH},
            )
        for line in value:
            super().run_validators(line)


class StatementField(BoundField):
    """A field of a statement, with an id that a style sheet can name."""

    @property
    def auto_id(self) -> str:
        """Django's, without the colon."""
        return _without_colon(super().auto_id)


class SectionForm(forms.Form):
    """The statements of one section, or a single one of them.

    A fault belongs to one statement: `inputs` holds the others, which are stored all the same.
    """

    use_required_attribute = False
    bound_field_class = StatementField
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        items: Iterable[IndicatorItem],
        stored: Callable[[], Mapping[str, Answer]] = dict,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.sent = QueryDict() if data is None else data
        self.items = tuple(items)
        self._stored = stored
        for item in self.items:
            self.fields |= fields_of(item)

    @cached_property
    def stored(self) -> Mapping[str, Answer]:
        """What is stored, by code; read only where something was left out of what was sent."""
        return self._stored()

    def clean(self) -> None:
        """Refuse what one browser form never sends: repeated fields, fields of other statements."""
        known = OTHER_KEYS | self.fields.keys()
        for name in self.sent:
            if name not in known:
                message = _("“%(name)s” bukan bagian dari halaman ini, jadi tidak disimpan.")
                self.add_error(None, forms.ValidationError(message, params={"name": name[:60]}))
            elif name in self.fields and len(self.sent.getlist(name)) > 1:
                self.add_error(
                    name, _("Isian ini terkirim lebih dari sekali. Pilih atau tulis satu saja.")
                )
        for item in self.items:
            if self.sent.get(item.code) == "":
                self.add_error(item.code, _("Pilih salah satu pilihan yang tersedia."))

    def inputs(self) -> dict[str, AnswerInput]:
        """What was sent for each statement without a fault; a statement left alone is not here."""
        found = {}
        for item in self.items:
            names = [item.code + suffix for suffix in ("", REASON, NOTE, EVIDENCE, REVISION, KEEP)]
            if any(name in self.errors for name in names) or self._sent(item.code + KEEP) == STORED:
                continue
            given = self._input(item.code)
            if given.value is not None or given.not_applicable or self._says_more(item.code, given):
                found[item.code] = given
        return found

    def sheets(self) -> dict[str, Sheet]:
        """The statements as they were sent, faults included, so that nothing typed is lost."""
        return {item.code: self._sheet(item.code) for item in self.items}

    def _input(self, code: str) -> AnswerInput:
        choice = self.cleaned_data[code]
        stored = Sheet.of(self.stored.get(code)) if self._lacks_text(code) else Sheet()
        lines = tuple(stored.evidence.split("\n")) if stored.evidence else ()
        given = AnswerInput(
            value=Decimal(choice) if choice not in ("", NOT_APPLICABLE) else None,
            not_applicable=choice == NOT_APPLICABLE,
            reason=self._text(code + REASON, stored.reason),
            note=self._text(code + NOTE, stored.note),
            evidence=self._text(code + EVIDENCE, lines),
            revision=self.cleaned_data[code + REVISION],
            token=self.cleaned_data.get("token"),
        )
        if self._sent(code + KEEP) == MINE:
            return replace(given, revision=self.cleaned_data.get(code + SEEN))
        return given

    def _lacks_text(self, code: str) -> bool:
        names = self.fields.keys() & {code + suffix for suffix in (REASON, NOTE, EVIDENCE)}
        return not names <= self.sent.keys()

    def _text(self, name: str, stored: Any) -> Any:
        # A text that was not sent at all is kept: nothing sent never deletes.
        return self.cleaned_data.get(name, stored) if name in self.sent else stored

    def _says_more(self, code: str, given: AnswerInput) -> bool:
        texts = any((given.reason, given.note, given.evidence))
        return texts or given.revision not in (None, NO_ANSWER_YET)

    def _sent(self, name: str) -> str:
        return str(self.sent.get(name, ""))

    def _sheet(self, code: str) -> Sheet:
        stored = Sheet.of(self.stored.get(code))
        sent = any(code + suffix in self.sent for suffix in ("", REASON, NOTE, EVIDENCE, REVISION))
        if not sent or self._sent(code + KEEP) == STORED:
            return stored
        return Sheet(
            choice=self._sent(code),
            reason=self.sent.get(code + REASON, stored.reason),
            note=self.sent.get(code + NOTE, stored.note),
            evidence=self.sent.get(code + EVIDENCE, stored.evidence),
            revision=self.sent.get(code + REVISION, stored.revision),
            problems=tuple(
                Problem(suffix, text)
                for suffix in ("", REASON, NOTE, EVIDENCE, REVISION, KEEP)
                for text in map(str, self.errors.get(code + suffix, ()))
            ),
        )


@lru_cache(maxsize=512)
def fields_of(item: IndicatorItem) -> dict[str, forms.Field]:
    """The fields of one statement. Many forms share them: whoever changes one makes a copy first."""
    options = [
        (plain(each.value), Option(each.label, each.descriptor, item.asks_evidence(each.value)))
        for each in item.levels
    ]
    fields: dict[str, forms.Field] = {}
    if item.not_applicable:
        options.append((NOT_APPLICABLE, Option(_("Tidak relevan dengan tugas saya"))))
        fields[item.code + REASON] = ReasonField(
            label=_("Mengapa tidak relevan?"), max_length=REASON_LENGTH, rows=2
        )
    return {
        item.code: forms.ChoiceField(
            label=item.statement,
            choices=options,
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": _("Pilih salah satu pilihan yang tersedia.")},
        ),
        **fields,
        item.code + NOTE: ProseField(
            label=_("Catatan"),
            help_text=_("Contoh nyata yang dapat diingat rekan kerja Anda."),
            max_length=NOTE_LENGTH,
            rows=3,
            required=False,
        ),
        item.code + EVIDENCE: EvidenceField(
            label=_("Bukti dukung"),
            help_text=_("Tautan atau nomor surat, satu per baris."),
            rows=3,
            required=bool(item.evidence_from),
        ),
        item.code + REVISION: forms.IntegerField(
            min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
        ),
        item.code + SEEN: forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False),
        item.code + KEEP: forms.ChoiceField(
            choices=[(MINE, MINE), (STORED, STORED)], required=False
        ),
    }


class DeclarationForm(forms.Form):
    """The last question before handing in."""

    declared = forms.BooleanField(
        label=_("Jawaban ini saya isi sendiri menurut keadaan yang sebenarnya."),
        error_messages={"required": _("Beri tanda centang bila pernyataan ini benar.")},
    )


class SupervisorReportForm(forms.Form):
    """ "Ini bukan atasan saya": who it should be, in the person's own words."""

    use_required_attribute = False

    message = forms.CharField(
        label=_("Siapa atasan Anda yang benar, dan mengapa?"),
        help_text=_("Misalnya: saya pindah unit sejak 1 Oktober; atasan saya sekarang Ibu Citra."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Tulis siapa atasan Anda yang benar.")},
    )
