"""The main job, end to end: a province is imported, people fill in, supervisors review, heads read their unit."""

import csv
import datetime
import io
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.clock import portal_today
from accounts.models import User
from assessments.enums import ScoreKind
from assessments.models import Assessment, Cycle, CycleUnit, Score, ScoringJob
from dashboards.tasks import refresh_dashboards
from organization.enums import PostingKind
from organization.models import Position, Posting
from organization.operations import transfer
from organization.queries import supervisor_of
from tests.dashboards.pages import csv_lines, page
from tests.factories import PASSWORD

pytestmark = [pytest.mark.worker, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROSTER = Path(__file__).parents[1] / "data" / "roster"
PRIMA = Path(settings.BASE_DIR) / "pillars" / "instruments" / "prima-2026.1.toml"
DINAS_SOSIAL = "C0433CBD-C5E8"
BIDANG_PELAYANAN = "731C9452-02F0"  # its head's post is vacant; the acting head is in acting.csv

# What the person answers, pillar by pillar, by the place of the level; None: "tidak relevan".
ANSWERS = {
    "PROFESIONAL": (None, 3, 3, 2, 4, 3),
    "RESPONSIF": (2, 2, 3, 3, 2, 4),
    "INOVATIF": (1, 2, 2, 3, 1, 2),
    "MELAYANI": (4, 4, 3, 4, 3, 4),
    "AKUNTABEL": (3, 3, 3, 3, 2, 3),
}
MENDED = "INO-01"  # answered with the lowest level, sent back, and then answered with the second
DISPUTED = "MEL-01"  # the supervisor gives two levels less, and says why
REQUEST = "Sebutkan usulan Anda di rapat Juli."
REASON = "Menurut catatan loket, pendampingan baru dilakukan bila diminta."


Levels = dict[str, tuple[int | None, ...]]


@pytest.fixture
def acting_file(tmp_path) -> Path:
    """The shared acting posts, with a period that holds today."""
    with (ROSTER / "acting.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    on = portal_today()
    path = tmp_path / "acting.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        for row in rows:
            row["MULAI"] = f"{on - datetime.timedelta(days=20):%d-%m-%Y}"
            row["SELESAI"] = f"{on + datetime.timedelta(days=20):%d-%m-%Y}"
            writer.writerow(row)
    return path


@pytest.fixture
def cycle(acting_file) -> Cycle:
    """An open cycle of the imported province, all by the operator's commands."""
    on = portal_today()
    past = (on - datetime.timedelta(days=30)).isoformat()
    run("import_units", ROSTER / "units.csv")
    run("import_roster", ROSTER / "roster.xlsx", f"--effective-date={past}")
    run("import_acting", acting_file)
    run("load_instrument", PRIMA, "--publish")
    run(
        "open_cycle",
        "2026-S2",
        "--instrument=PRIMA",
        "--version=2026.1",
        f"--opens={on - datetime.timedelta(days=1)}",
        f"--closes={on + datetime.timedelta(days=7)}",
        f"--census-date={on - datetime.timedelta(days=2)}",
    )
    return Cycle.objects.get()


def run(command: str, *arguments: object) -> str:
    output = io.StringIO()
    call_command(command, *map(str, arguments), stdout=output)
    return output.getvalue()


@pytest.fixture
def members(cycle) -> Iterator[User]:
    """People of Bidang Pelayanan who fill in, in order of their NIP."""
    return iter(
        User.objects.filter(
            assessments__cycle=cycle,
            assessments__unit__unit__code=BIDANG_PELAYANAN,
            postings__is_head=False,
        )
        .order_by("nip")
        .distinct()
    )


def signed_in(user: User) -> Client:
    """Through the sign-in page, by NIP; the password was set by its owner."""
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    response = client.post(reverse("account_login"), {"login": user.nip, "password": PASSWORD})
    assert (response.status_code, response.url) == (302, reverse("home"))
    return client


def at(name: str, assessment: Assessment, *more: str) -> str:
    return reverse(f"assessments:{name}", args=(assessment.pk, *more))


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def sent(pillar: str, answers: tuple[int | None, ...], *, revision: int = 0) -> dict[str, str]:
    """What the browser sends of one section."""
    form = {}
    for number, level in enumerate(answers, start=1):
        code = f"{pillar[:3]}-{number:02d}"
        form[code] = "NA" if level is None else str(level)
        form[f"{code}:note"] = ""
        form[f"{code}:evidence"] = "SK 800/12/2026" if level == 4 else ""
        form[f"{code}:revision"] = str(revision)
        if level is None:
            form[f"{code}:reason"] = "Tidak ada urusan keluarga di tempat tugas ini."
    return form


def shown(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.01"), ROUND_HALF_UP)).replace(".", ",")


def figures(levels: Levels) -> list[str]:
    """Total and pillars as they are shown, computed here: every weight of PRIMA is the same."""
    pillars = []
    for given in levels.values():
        answered = [Decimal(level) for level in given if level is not None]
        pillars.append(100 * sum(answered) / (4 * len(answered)))
    return [shown(sum(pillars) / len(pillars)), *map(shown, pillars)]


def replaced(answers: Levels, code: str, level: int) -> Levels:
    place = int(code[-2:]) - 1
    return {
        pillar: tuple(
            level if pillar.startswith(code[:3]) and index == place else old
            for index, old in enumerate(given)
        )
        for pillar, given in answers.items()
    }


def test_from_the_files_to_the_dashboard(cycle, members, celery_worker, eventually):
    ani = next(members)
    assessment = Assessment.objects.select_related("unit").get(person=ani)
    head = supervisor_of(user_id=ani.pk, unit_id=assessment.unit.unit_id, on=portal_today())
    post = Posting.objects.get(user=head, position__unit__code=BIDANG_PELAYANAN)
    assert post.kind == PostingKind.PLT, "an acting head reviews"
    own, review = signed_in(ani), signed_in(head)

    first = fill_in(own, assessment)
    eventually(lambda: Score.objects.filter(submission__number=first).exists())
    assert_shows(own, assessment, *figures(ANSWERS))

    send_back(review, assessment)
    mended = mend(own, assessment)
    assert list(assessment.submissions.values_list("sequence", flat=True)) == [1, 2]
    assert assessment.submissions.get(sequence=1).number == first

    verified = verify(review, assessment, mended)
    eventually(lambda: Score.objects.filter(kind=ScoreKind.VERIFIED).exists())
    assert_shows(own, assessment, *figures(mended), *figures(verified), REASON)

    transfer_in_mid_cycle(next(members))
    eventually(lambda: not ScoringJob.objects.exists())
    refresh_dashboards()
    assert_dinas_reads(cycle)


def fill_in(own: Client, assessment: Assessment) -> str:
    """Five pillars, a look at all of it, and handing in; the number of the receipt."""
    for pillar, levels in ANSWERS.items():
        assert own.post(at("fill", assessment, pillar), sent(pillar, levels)).status_code == 303
    assert own.get(at("check", assessment)).status_code == 200
    return hand_in(own, assessment)


def send_back(review: Client, assessment: Assessment) -> None:
    """The supervisor marks one answer, and returns."""
    person = assessment.person.full_name
    assert person in text(review.get(reverse("assessments:review_list")).content.decode())
    assert review.post(at("review_open", assessment)).status_code == 303
    marked = {MENDED: "1", f"{MENDED}:note": REQUEST, f"{MENDED}:redo": "1"}
    assert review.post(at("review_pillar", assessment, "INOVATIF"), marked).status_code == 303
    returned = review.post(at("review_return", assessment), {"note": "Satu hal lagi."})
    assert returned.status_code == 303


def mend(own: Client, assessment: Assessment) -> Levels:
    """The person reads what is asked, changes it, and hands in again; the answers as they are now."""
    assert REQUEST in own.get(at("fill", assessment, "INOVATIF")).content.decode()
    answers = replaced(ANSWERS, MENDED, 2)
    section = sent("INOVATIF", answers["INOVATIF"], revision=2)
    assert own.post(at("fill", assessment, "INOVATIF"), section).status_code == 303
    hand_in(own, assessment)
    return answers


def verify(review: Client, assessment: Assessment, answers: Levels) -> Levels:
    """Agree with all but one, two levels apart and so with a reason; the supervisor's levels."""
    pillar = at("review_pillar", assessment, "MELAYANI")
    review.post(at("review_open", assessment))
    review.post(pillar, {DISPUTED: "2", f"{DISPUTED}:note": ""})
    review.post(at("review_agree", assessment))
    decision = {"note": "", "declared": "on"}
    assert review.post(at("review_verify", assessment), decision).status_code == 409
    review.post(pillar, {DISPUTED: "2", f"{DISPUTED}:note": REASON})
    assert review.post(at("review_verify", assessment), decision).status_code == 303
    return replaced(answers, DISPUTED, 2)


def transfer_in_mid_cycle(person: User) -> None:
    """Moved today, the person fills in for the unit of the census date, and is counted once."""
    elsewhere = Position.objects.filter(is_head=False).exclude(unit__code=BIDANG_PELAYANAN).first()
    transfer(user=person, position=elsewhere, on=portal_today(), by=None)
    assessment = Assessment.objects.get(person=person)
    assert assessment.unit.unit.code == BIDANG_PELAYANAN
    fill_in(signed_in(person), assessment)


def assert_dinas_reads(cycle: Cycle) -> None:
    """The head of the dinas sees how far it is, on the page and in the file."""
    unit = CycleUnit.objects.get(cycle=cycle, unit__code=DINAS_SOSIAL)
    holders = Posting.objects.in_force(portal_today()).leading()
    reading = signed_in(holders.get(position__unit__code=DINAS_SOSIAL).user)
    people = Assessment.objects.filter(unit__first__range=(unit.first, unit.last)).count()
    assert f"2 dari {people} pegawai sudah mengajukan" in text(page(reading, unit))
    export = reading.get(reverse("dashboards:export", args=(cycle.code, unit.pk, "csv")))
    assert csv_lines(export)[1][3:7] == [str(people), "2", "2", "1"]
    assert run("verify_dashboards", cycle.code).startswith(cycle.code)


def assert_shows(own: Client, assessment: Assessment, *texts: str) -> None:
    """The person's result page says all of it."""
    result = text(own.get(at("result", assessment)).content.decode())
    assert [each for each in texts if each not in result] == []


def hand_in(client: Client, assessment: Assessment) -> str:
    """Confirm; the number on the receipt."""
    response = client.post(at("submit", assessment), {"declared": "on"}, follow=True)
    assert response.redirect_chain == [(at("receipt", assessment), 303)]
    found = re.search(r'data-receipt="([^"]+)"', response.content.decode())
    assert found
    return found[1]
