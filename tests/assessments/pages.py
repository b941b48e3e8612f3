"""What the tests of pages share: addresses, the text of a page, stored ratings."""

from django.urls import reverse

from assessments.models import Rating
from assessments.queries import Entry


def url(name, assessment, *more):
    return reverse(f"assessments:{name}", args=(assessment.pk, *more))


def text(response):
    return " ".join(response.content.decode().split())


def entries():
    return {rating.indicator.code: Entry.from_rating(rating) for rating in Rating.objects.all()}
