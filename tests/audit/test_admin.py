"""Events in the operators' admin: found, read, never changed."""

import pytest
from django.urls import reverse

from audit.enums import RetentionKind
from audit.models import Destruction, Event
from audit.operations import record
from tests.factories import make_user
from tests.pages import text_of

LIST = reverse("admin:audit_event_changelist")


@pytest.fixture
def operator(client, db):
    user = make_user("Operator Portal", serial=90, is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def test_the_latest_first_and_found_by_the_beginning_of_the_verb(client, operator):
    first = record("cycle.opened", by=operator, subject=operator)
    second = record("assessment.submitted", by=None, subject=operator)
    listed = client.get(LIST).context["cl"].result_list
    assert [event.pk for event in listed] == [second.pk, first.pk]
    assert list(client.get(LIST, {"q": "cycle."}).context["cl"].result_list) == [first]


def test_one_event_is_read_and_nothing_is_changed(client, operator):
    event = record("cycle.opened", by=operator, subject=operator, invited=29)
    page = reverse("admin:audit_event_change", args=(event.pk,))
    assert "29" in text_of(client.get(page))
    assert client.post(page, {"verb": "x"}).status_code == 403
    assert client.post(reverse("admin:audit_event_delete", args=(event.pk,))).status_code == 403
    assert client.get(reverse("admin:audit_event_add")).status_code == 403
    assert Event.objects.get(pk=event.pk).verb == "cycle.opened"


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(client, operator, number, django_assert_num_queries):
    for _ in range(number):
        record("cycle.opened", by=operator, subject=operator)
    with django_assert_num_queries(6):
        assert client.get(LIST).status_code == 200


def test_proofs_of_destruction_are_listed_without_the_notes_of_a_pass(client, operator):
    facts = {"cycle": "2026-S2", "subjects": 0, "tables": [], "months": 12, "database_role": "x"}
    facts |= {"digest": "", "kept_since": "2026-01-01T00:00Z", "kind": RetentionKind.HISTORY}
    Destruction.objects.create(rows=0, **facts)
    proof = Destruction.objects.create(rows=7, **facts)
    listed = client.get(reverse("admin:audit_destruction_changelist"))
    assert list(listed.context["cl"].result_list) == [proof]
    page = client.get(reverse("admin:audit_destruction_change", args=(proof.pk,)))
    assert "Riwayat baris jawaban 2026-S2: 7" in text_of(page)


def test_events_are_found_by_who_acted_what_it_was_about_and_the_request(client, operator):
    ani = make_user("Ani Lestari", serial=1)
    record("cycle.opened", by=operator, subject=operator)
    event = record("assessment.submitted", by=ani, subject=ani)
    for words in ("lestari ani", "assessment.", event.subject_id):
        assert event in client.get(LIST, {"q": words}).context["cl"].result_list, words
    assert list(client.get(LIST, {"q": "ani opera"}).context["cl"].result_list) == []


@pytest.mark.parametrize(("counted", "told"), [(2, "Lebih dari 2 baris"), (3, "3 peristiwa audit")])
def test_rows_are_counted_as_far_as_somebody_may_turn_pages(
    client, operator, monkeypatch, counted, told
):
    monkeypatch.setattr("audit.admin.COUNTED", counted)
    monkeypatch.setattr("audit.admin.EventAdmin.list_per_page", 1)
    for number in range(3):
        record("cycle.opened", by=None, subject=operator, number=number)
    page = client.get(LIST, {"q": "cycle."})
    assert told in text_of(page)
    assert page.context["cl"].paginator.num_pages == counted
    assert (page.context["cl"].full_result_count is None) == (counted == 3)
    assert client.get(LIST, {"q": "cycle.", "p": counted}).status_code == 200
