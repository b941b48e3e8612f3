"""Moments in words, in the reader's zone and with its name: for deadlines and receipts."""

from django import template

from accounts.clock import in_words, shown_zone

register = template.Library()
register.filter("moment", in_words)
register.simple_tag(shown_zone)
