"""`{{ event.verb|verb_in_words }}`, `{{ event|subject }}`, `{{ key|detail_in_words }}`: the record in words."""

from django import template

from audit.models import Event
from prima_portal.auditing.words import detail_in_words, subject_in_words, verb_in_words

register = template.Library()
register.filter(verb_in_words)
register.filter(detail_in_words)


@register.filter
def subject(event: Event) -> str:
    """What the event is about, as people call it."""
    return subject_in_words(event.subject_type, event.subject_id)
