"""What the tests of pages share: addresses, their markup, stored ratings."""

from django.urls import reverse

from assessments.models import Rating
from assessments.queries import Entry


def url(name, about, *more):
    """The address of a page about one assessment, cycle or report."""
    return reverse(f"assessments:{name}", args=(about.pk, *more))


def markup_of(response):
    """A page as it is sent, spaces collapsed."""
    return " ".join(response.content.decode().split())


def entries():
    """Working ratings by indicator code."""
    return {rating.indicator.code: Entry.from_rating(rating) for rating in Rating.objects.all()}
