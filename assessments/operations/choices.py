"""What a choice must be, whoever makes it: the person in an answer, the supervisor in a rating."""

from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.errors import (
    AnswerTooLong,
    NotApplicableRefused,
    UnknownIndicator,
    ValueOutsideScale,
)
from pillars.queries import Questionnaire


def check_choice(
    questions: Questionnaire, code: str, *, value: Decimal | None, not_applicable: bool
) -> None:
    """Raise UnknownIndicator, NotApplicableRefused or ValueOutsideScale; no choice at all is fine."""
    indicator = questions.indicators.get(code)
    if indicator is None:
        raise UnknownIndicator(code)
    if not_applicable and not indicator.not_applicable:
        raise NotApplicableRefused(code)
    if value is not None and (not_applicable or indicator.level(value) is None):
        raise ValueOutsideScale(code)


def check_length(code: str, text: str, *, limit: int) -> None:
    """Raise AnswerTooLong, which names the indicator and the limit."""
    if len(text) > limit:
        raise AnswerTooLong(
            code, _("Tulisan terlalu panjang. Ringkas hingga %(limit)d huruf.") % {"limit": limit}
        )
