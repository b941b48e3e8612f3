"""After destruction by schedule the person reads that it happened; everybody else reads what they read before."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessments.models import LegalHold
from assessments.operations import destroy_expired
from audit.models import Destruction, Event
from dashboards.models import UnitSnapshot
from prima_portal.auditing.queries import Search, events_matching
from tests.aging import let_pass
from tests.pages import document_in, text_of

GONE = "telah dimusnahkan menurut jadwal pada"


@pytest.fixture
def gone(verified):
    let_pass(6)
    destroy_expired(by=None)
    return verified


@pytest.mark.parametrize("page", ["tasks", "result", "trail", "receipt", "check"])
def test_ones_own_address_says_that_it_was_destroyed_and_by_which_proof(client, gone, ani, page):
    client.force_login(ani)
    response = client.get(reverse(f"assessments:{page}", args=(gone.pk,)))
    number = Destruction.objects.get(kind="ASSESSMENTS").pk
    assert response.status_code == 410
    assert GONE in text_of(response)
    assert f"bukti pemusnahan nomor {number}" in text_of(response)


def test_an_answer_that_comes_too_late_is_told_the_same(client, gone, ani):
    client.force_login(ani)
    data = {"indicator": "BET-01", "BET-01": "3"}
    assert client.post(reverse("assessments:save_answer", args=(gone.pk,)), data).status_code == 410


def test_others_read_what_does_not_exist(client, gone, budi):
    client.force_login(budi)
    assert client.get(reverse("assessments:result", args=(gone.pk,))).status_code == 404


def test_the_list_of_ones_own_names_the_cycle(client, gone, ani):
    client.force_login(ani)
    text = text_of(client.get(reverse("assessments:index")))
    assert "Semester II 2026" in text
    assert GONE in text


def test_data_saya_names_it_and_keeps_ones_acts(client, gone, ani):
    client.force_login(ani)
    data = document_in(client.post("/akun/data/berkas/"))
    number = Destruction.objects.get(kind="ASSESSMENTS").pk
    assert data["assessments"] == []
    assert [(each["cycle"], each["proof"]) for each in data["destroyed"]] == [("2026-S2", number)]
    assert "assessment.submitted" in [each["verb"] for each in data["acts"]]
    assert "review.opened" not in [each["verb"] for each in data["acts_of_others"]]
    assert "assessment.verified" in [each["verb"] for each in data["acts_of_others"]]


def test_the_auditor_still_finds_what_was_done_with_it(gone, ani):
    verbs = events_matching(Search(person=ani)).values_list("verb", flat=True)
    assert {"assessment.submitted", "assessment.verified"} <= set(verbs)


def test_the_curator_and_the_head_read_it_on_their_pages(client, gone, dewi, budi, units):
    client.force_login(dewi)
    assert GONE in text_of(client.get(reverse("assessments:cycle", args=(gone.cycle_id,))))
    client.force_login(budi)
    unit = UnitSnapshot.objects.get(unit__unit=units.ani).unit
    page = client.get(reverse("dashboards:unit", args=(gone.cycle.code, unit.pk)))
    assert (page.status_code, GONE in text_of(page)) == (200, True)


def printed(capsys, *arguments):
    call_command(*arguments)
    return capsys.readouterr().out.strip()


def test_a_dry_run_lists_by_kind_and_cycle_and_changes_nothing(verified, capsys):
    let_pass(6)
    foretold = json.loads(printed(capsys, "destroy_expired", "--dry-run", "--format", "json"))
    assert foretold == {
        "due": [{"kind": "ASSESSMENTS", "cycle": "2026-S2", "number": 2}],
        "held": [],
    }
    assert "2026-S2: 2 akan dimusnahkan" in printed(capsys, "destroy_expired", "--dry-run")
    assert not Destruction.objects.exists()
    told = json.loads(printed(capsys, "destroy_expired", "--format", "json"))
    assert [each["kind"] for each in told["destroyed"]] == ["ASSESSMENTS", "HISTORY"]
    assert printed(capsys, "destroy_expired") == "Tidak ada yang jatuh tempo."


def test_a_hold_is_placed_listed_and_lifted_from_the_command_line(verified, ani, capsys):
    let_pass(6)
    call_command("legal_hold", "place", "--cycle", "2026-S2", "--reason", "Perkara 12")
    assert "Perkara 12" in printed(capsys, "legal_hold", "list")
    assert "ditangguhkan: Semester II 2026" in printed(capsys, "destroy_expired", "--dry-run")
    printed(capsys, "legal_hold", "lift", "--cycle", "2026-S2")
    printed(capsys, "legal_hold", "place", "--person", ani.nip, "--reason", "Ya", "--dry-run")
    assert not LegalHold.objects.filter(lifted_at=None).exists()
    assert json.loads(printed(capsys, "legal_hold", "list", "--format", "json")) == {"holds": []}
    assert sorted(Event.objects.filter(verb__startswith="hold").values_list("verb", flat=True)) == [
        *("hold.lifted", "hold.placed")
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("place", "--cycle", "X"), "Tidak ada periode"),
        (("place", "--cycle", "2026-S2"), "sebutkan alasannya"),
        (("place", "--cycle", "2026-S2", "--reason", "a" * 501), "Ringkas hingga 500 huruf"),
        (("lift", "--cycle", "2026-S2"), "tidak sedang ditangguhkan"),
        (("lift", "--cycle", "2026-S2", "--dry-run"), "tidak sedang ditangguhkan"),
        (("lift",), "Sebutkan --cycle"),
    ],
)
def test_a_hold_that_cannot_be_says_what_to_do(cycle, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("legal_hold", *arguments)
