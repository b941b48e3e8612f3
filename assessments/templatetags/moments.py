"""Moments in words, for deadlines and receipts."""

import datetime

from django import template
from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def moment(at: datetime.datetime) -> str:
    """`24 November 2026 pukul 23.59 WIB`: with its zone, since people in three zones read it."""
    local = localtime(at)
    return _("%(day)s pukul %(time)s %(zone)s") % {
        "day": date_format(local, "j F Y"),
        "time": time_format(local),
        "zone": local.tzname(),
    }
