"""Real answers all the way: a file of 2,800 people in, a real worker, and the means on the dashboard."""

import datetime
import io
import json

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.clock import portal_today
from accounts.models import User
from accounts.validators import validate_nip
from assessments.enums import ScoreKind, Status
from assessments.models import Assessment, Cycle, CycleUnit, Score, ScoringJob, StaleUnit
from assessments.operations import dispatch_pending
from dashboards.models import UnitSnapshot
from dashboards.rollup import TOTAL, Tally
from dashboards.tasks import refresh_dashboards
from organization.enums import PositionKind
from organization.models import Position, Posting, Unit
from tests import bfi
from tests.factories import LONG_AGO

pytestmark = [pytest.mark.slow, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

# Unit: its parent, and how many of the file's people work there. Ragged, with units of nobody.
TREE = {
    "Provinsi": (None, 0),
    "Dinas Kesehatan": ("Provinsi", 40),
    "Rumah Sakit": ("Dinas Kesehatan", 1200),
    "Instalasi Gizi": ("Rumah Sakit", 90),
    "Puskesmas": ("Dinas Kesehatan", 310),
    "Dinas Pendidikan": ("Provinsi", 0),
    "Cabang Dinas": ("Dinas Pendidikan", 25),
    "SMA Negeri 1": ("Cabang Dinas", 60),
    "SMK Negeri 2": ("Cabang Dinas", 875),
    "Inspektorat": ("Provinsi", 197),
    "Balai Ukir": ("Provinsi", 3),
}


@pytest.fixture
def units() -> dict[str, Unit]:
    """The tree, with one post for everybody in each unit."""
    made: dict[str, Unit] = {}
    for name, (parent, _) in TREE.items():
        made[name] = Unit.objects.create(
            code=f"U-{name}", name=name, parent=made[parent] if parent else None, kind="UNIT"
        )
    Position.objects.bulk_create(
        Position(unit=unit, title="Pelaksana", kind=PositionKind.EXECUTOR) for unit in made.values()
    )
    return made


@pytest.fixture
def workforce(units) -> dict[str, list[tuple[str, bfi.Person]]]:
    """NIP and answers of the people of each unit, posted there."""
    answers = iter(bfi.people())
    groups: dict[str, list[tuple[str, bfi.Person]]] = {}
    accounts = []
    for name, (_, size) in TREE.items():
        groups[name] = [(nip_of(len(accounts) + n), next(answers)) for n in range(size)]
        accounts += [
            User(username=nip, nip=nip, name=f"Pegawai {nip[-6:]}", legal_status="Aktif")
            for nip, _ in groups[name]
        ]
    assert next(answers, None) is None, "everybody of the file has a unit"
    people = {user.nip: user for user in User.objects.bulk_create(accounts)}
    posts = {post.unit_id: post for post in Position.objects.all()}
    Posting.objects.bulk_create(
        Posting(user=people[nip], position=posts[units[name].pk], valid=DateRange(LONG_AGO, None))
        for name, group in groups.items()
        for nip, _ in group
    )
    return groups


def nip_of(number: int) -> str:
    """A valid NIP for each number below 12,000."""
    nip = f"19860926{2015}{number // 999 + 1:02d}1{number % 999 + 1:03d}"
    validate_nip(nip)
    return nip


@pytest.fixture
def cycle(workforce, tmp_path) -> Cycle:
    """Open by command on the instrument loaded by command."""
    call_command("load_instrument", bfi.INSTRUMENT, "--publish", stdout=io.StringIO())
    today = portal_today()
    call_command(
        "open_cycle",
        "BFI-1",
        "--instrument=BFI",
        "--version=2010",
        f"--opens={today - datetime.timedelta(days=1)}",
        f"--closes={today + datetime.timedelta(days=1)}",
        f"--census-date={today}",
        stdout=io.StringIO(),
    )
    return Cycle.objects.get(code="BFI-1")


@pytest.fixture
def answers_file(workforce, tmp_path):
    """The answers as an operator receives them."""
    path = tmp_path / "jawaban.csv"
    path.write_text(
        bfi.answers_csv({nip: answers for group in workforce.values() for nip, answers in group})
    )
    return path


@pytest.fixture
def scored(cycle, answers_file, celery_worker, eventually) -> Cycle:
    """Imported by command, scored by the worker, and read into the dashboards by it."""
    call_command("import_answers", cycle.code, answers_file, stdout=io.StringIO())
    assert Assessment.objects.filter(status=Status.SUBMITTED).count() == 2_800

    # As the beat does: a sweep leaves what is younger than a few seconds to the next one.
    eventually(lambda: not dispatch_pending() and not ScoringJob.objects.exists())
    refresh_dashboards.delay()
    eventually(lambda: UnitSnapshot.objects.count() == len(TREE) and not StaleUnit.objects.exists())
    return cycle


def subtree(name: str) -> set[str]:
    """The unit and all below it."""
    return {name}.union(*(subtree(below) for below, (parent, _) in TREE.items() if parent == name))


def test_means_of_every_unit_are_those_computed_from_the_file(scored, workforce, answers_file):
    assert Score.objects.filter(kind=ScoreKind.SELF).count() == 2_800

    for unit in CycleUnit.objects.filter(cycle=scored).select_related("snapshot"):
        own = [answers for _, answers in workforce[unit.name]]
        below = [answers for name in subtree(unit.name) for _, answers in workforce[name]]
        assert means_of(unit.snapshot.own) == bfi.pillar_means(own), unit.name
        assert means_of(unit.snapshot.subtree) == bfi.pillar_means(below), unit.name
        assert Tally.from_json(unit.snapshot.subtree).people.submitted == len(below), unit.name

    # What the dashboard may show of the whole is that figure, too.
    root = CycleUnit.objects.get(cycle=scored, name="Provinsi").snapshot
    shown = root.disclosed["subtree"][ScoreKind.SELF]
    everybody = bfi.pillar_means(bfi.people())
    # Too few lack a pillar for their total to be hidden among others: they are in no shown mean.
    complete = [person for person in bfi.people() if has_every_pillar(person)]
    assert 0 < len(bfi.people()) - len(complete) < settings.MIN_GROUP
    assert {slot: (figure["n"], figure["mean"]) for slot, figure in shown.items() if slot} == (
        bfi.pillar_means(complete)
    )

    call_command("verify_dashboards", scored.code, stdout=io.StringIO())  # exits where one differs

    aggregate = score_file(answers_file)["aggregate"]
    assert aggregate["n"] == 2_800
    assert {
        code: (pillar["scored"], pillar["score"]) for code, pillar in aggregate["pillars"].items()
    } == everybody
    total = Tally.from_json(root.subtree).figure(ScoreKind.SELF, TOTAL)
    assert (aggregate["scored"], aggregate["total"]["score"]) == (total.n, str(total.mean(4)))


def has_every_pillar(person: bfi.Person) -> bool:
    """Whether the person has a total."""
    return all(bfi.pillar_score(person, scale) is not None for scale in bfi.SCALES)


def means_of(document: dict) -> dict[str, tuple[int, str | None]]:
    """What a snapshot holds: by pillar, how many have a score, and their mean as it is shown."""
    tally = Tally.from_json(document)
    figures = {pillar: tally.figure(ScoreKind.SELF, pillar) for pillar in bfi.SCALES.values()}
    return {
        pillar: (figure.n, format(figure.mean(4), "f") if figure.n else None)
        for pillar, figure in figures.items()
    }


def score_file(answers) -> dict:
    """The JSON of the operator's command."""
    output = io.StringIO()
    call_command("score_file", bfi.INSTRUMENT, answers, stdout=output)
    return json.loads(output.getvalue())


def test_reliability_of_the_answers_is_what_was_published(scored):
    printed = io.StringIO()
    call_command("reliability", scored.code, stdout=printed)
    report = json.loads(printed.getvalue())

    assert report["n"] == 2_800
    alphas = {
        code: round(pillar["consistency"]["alpha"]["value"], 6)
        for code, pillar in report["pillars"].items()
    }
    # R psych 2.2.9, scoreItems(bfi.keys, bfi): medians for what was skipped.
    assert alphas == {
        "agree": 0.701237,
        "conscientious": 0.724687,
        "extraversion": 0.759695,
        "neuroticism": 0.811775,
        "openness": 0.596772,
    }
    assert report["pillars"]["neuroticism"]["consistency"]["omega_total"]["value"] == pytest.approx(
        0.814967, abs=5e-5
    )
    assert report["pillars"]["agree"]["self_and_reviewer"]["kappa"]["reason"] == "belum cukup data"
