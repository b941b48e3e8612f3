"""Moments in words, for deadlines and receipts."""

from django import template

from assessments.queries.clock import in_words

register = template.Library()
register.filter("moment", in_words)
