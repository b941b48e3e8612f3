"""The admin's lists are narrowed by what they offer: no lookup finds out what no page shows."""

import pytest
from django.contrib import admin
from django.contrib.admin.filters import SimpleListFilter
from django.urls import reverse

from tests.security.cast import OPERATOR


def models():
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def listed(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def offered(page) -> set[str]:
    """Columns that a list's own filters ask."""
    names = {page.date_hierarchy} - {None}
    for each in page.list_filter:
        if isinstance(each, str | tuple):
            names.add(each if isinstance(each, str) else each[0])
        elif issubclass(each, SimpleListFilter):
            names.add(each.parameter_name)
    return names


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_no_column_is_asked_but_those_of_the_filters(model):
    page = admin.site._registry[model]
    columns = {field.name for field in model._meta.get_fields()}
    for lookup in ("", "__in", "__isnull", "__id__exact"):
        allowed = {name for name in columns if page.lookup_allowed(name + lookup, "x")}
        assert allowed == columns & offered(page), lookup
    for lookup in ("__startswith", "__gt", "__icontains", "__assessments__scores__total__gt"):
        assert [name for name in columns if page.lookup_allowed(name + lookup, "x")] == [], lookup


@pytest.mark.parametrize(
    "asked",
    [
        "assessments/score/?total__gt=50",
        "assessments/score/?band=A",
        "assessments/score/?trace__icontains=1",
        "assessments/submission/?answers__icontains=kenari",
        "assessments/supervisorreport/?message__icontains=kenari",
        "assessments/assessment/?cycle__assessments__scores__total__gt=50",
        "accounts/user/?password__startswith=argon2",
        "accounts/user/?email__startswith=ani",
        "audit/event/?data__icontains=kenari",
    ],
)
def test_what_no_list_shows_is_no_way_to_narrow_it(portal, asked):
    assert portal.ask(OPERATOR, "GET", f"/operator/{asked}").status_code == 400


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_every_filter_on_offer_still_narrows(portal, model):
    for name in offered(admin.site._registry[model]):
        for lookup in ("__exact", "__isnull", "__year"):
            address = f"{listed(model)}?{name}{lookup}=1"
            assert portal.ask(OPERATOR, "GET", address).status_code in (200, 302)
