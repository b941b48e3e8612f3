"""A province of invented units and people, with vacancies, acting heads and transfers."""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.clock import portal_moment
from accounts.enums import EmploymentType, Role
from accounts.models import RoleGrant, User
from organization.enums import PositionKind, PostingKind
from organization.models import HrMandate, Position, Posting, Unit
from prima_portal.demo_accounts import DEMO_ACCOUNTS
from prima_portal.seeding.moments import DAY, workday
from prima_portal.seeding.names import Person, people

SERVICES = (
    "Dinas Sosial", "Dinas Lingkungan Hidup", "Dinas Komunikasi dan Informatika",
    "Badan Pendapatan Daerah", "Dinas Kesehatan", "Dinas Perhubungan", "Dinas Perpustakaan dan Arsip",
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "Dinas Pariwisata dan Kebudayaan",
)  # fmt: skip
DIVISIONS = ("Pelayanan", "Perencanaan dan Evaluasi", "Data dan Sistem Informasi", "Pembinaan")
SECTIONS = ("Pengaduan", "Standardisasi", "Fasilitasi")
VACANCY = 0.08
SCHOOL_TEACHERS = 60
LONG_AGO_YEARS = 6
DAYS_ON_THE_PORTAL = 440


@dataclass(slots=True)
class Plan:
    """One unit to be made: who belongs there, and the title of its head."""

    name: str
    kind: str
    head_title: str
    parent: "Plan | None" = None
    staff_title: str = "Analis Kebijakan Ahli Muda"
    staff_kind: PositionKind = PositionKind.FUNCTIONAL
    weight: float = 1.0
    fixed_staff: int | None = None
    is_led_by_acting: bool = False
    head: User | None = None
    staff: list[User] = field(default_factory=list)
    saved_unit: Unit | None = None

    @property
    def unit(self) -> Unit:
        """The saved unit; to be asked only once the units are saved."""
        if self.saved_unit is None:
            raise ValueError(f"{self.name} is not saved yet")
        return self.saved_unit


@dataclass(frozen=True, slots=True)
class Province:
    """What was made, by what the story calls it."""

    plans: list[Plan]
    cast: dict[str, User]
    governor: User


def build(
    random: Random, *, units: int, people_count: int, today: datetime.date, password: str | None
) -> Province:
    """Make units, posts, people and postings; about as many as asked for."""
    plans = list(itertools.islice(_plans(), max(units, _MINIMUM_UNITS)))
    cast = _cast(password)
    _assign(random, plans, cast, people_count)
    _save_units(plans)
    since = today.replace(year=today.year - LONG_AGO_YEARS, day=1)
    _post_everybody(plans, since)
    governor = _governor(plans[0], since)
    _give_duties(plans, cast, since)
    _acting_and_transfers(random, plans, cast, today)
    _join(today)
    return Province(plans, cast, governor)


def _join(today: datetime.date) -> None:
    """Everybody came by the roster that was imported before the first period."""
    day = workday(today - DAYS_ON_THE_PORTAL * DAY)
    User.objects.update(date_joined=portal_moment(day, datetime.time(13, 15)))


def _plans() -> Iterator[Plan]:
    """The tree in the order in which it grows: first what the story needs, then more of the same."""
    root = Plan("Pemerintah Provinsi Contoh", "PEMERINTAH DAERAH", "Gubernur", fixed_staff=0)
    yield root
    office = Plan(
        "Sekretariat Daerah", "SEKRETARIAT DAERAH", "Sekretaris Daerah", root, fixed_staff=0
    )
    yield office
    assistant = Plan(
        "Asisten Administrasi Umum", "ASISTEN", "Asisten Administrasi Umum", office, fixed_staff=0
    )
    yield assistant
    bureau = Plan("Biro Organisasi", "BIRO", "Kepala Biro Organisasi", assistant)
    yield bureau
    yield Plan(
        "Bagian Reformasi Birokrasi dan Akuntabilitas Kinerja", "BAGIAN", "Kepala Bagian", bureau
    )
    yield Plan("Inspektorat", "PERANGKAT DAERAH", "Inspektur", root)
    yield Plan(
        "Badan Kepegawaian Daerah", "PERANGKAT DAERAH", "Kepala Badan Kepegawaian Daerah", root
    )
    education = Plan("Dinas Pendidikan", "PERANGKAT DAERAH", "Kepala Dinas Pendidikan", root)
    yield education
    branch = Plan(
        "Cabang Dinas Pendidikan Wilayah I", "CABANG DINAS", "Kepala Cabang Dinas", education
    )
    yield branch
    yield Plan(
        "SMA Negeri 1 Contoh", "SEKOLAH", "Kepala SMA Negeri 1 Contoh", branch,
        staff_title="Guru Ahli Pertama", fixed_staff=SCHOOL_TEACHERS,
    )  # fmt: skip
    yield Plan("UPTD Balai Ukir Kayu", "UPTD", "Kepala UPTD Balai Ukir Kayu", root, fixed_staff=2)
    for round_number in itertools.count():
        suffix = "" if round_number == 0 else f" Wilayah {round_number + 1}"
        for name in SERVICES:
            yield from _service(f"{name}{suffix}", root)


def _service(name: str, root: Plan) -> Iterator[Plan]:
    service = Plan(name, "PERANGKAT DAERAH", f"Kepala {name}", root, fixed_staff=1)
    yield service
    yield Plan("Sekretariat", "SEKRETARIAT", "Sekretaris", service, weight=0.8)
    for index, division_name in enumerate(DIVISIONS):
        division = Plan(
            f"Bidang {division_name}",
            "BIDANG",
            f"Kepala Bidang {division_name}",
            service,
            weight=0.4,
        )
        yield division
        if index == 0:
            for section in SECTIONS:
                yield Plan(
                    f"Seksi {section}", "SEKSI", f"Kepala Seksi {section}", division,
                    staff_title="Pengadministrasi Perkantoran", staff_kind=PositionKind.EXECUTOR,
                    is_led_by_acting=(name, section) == (SERVICES[0], SECTIONS[-1]),
                )  # fmt: skip
        else:
            yield Plan(f"Tim Kerja {division_name}", "TIM KERJA", "Ketua Tim Kerja", division)


_MINIMUM_UNITS = 26


def _cast(password: str | None) -> dict[str, User]:
    # One hash for all: Argon2 is meant to be slow, and the demo's password is no secret.
    hashed = make_password(password)
    users = []
    for account in DEMO_ACCOUNTS:
        operator = account.nip == "operator"
        users.append(
            User(
                username=account.nip,
                nip=None if operator else account.nip,
                siasn_id=None if operator else f"CAST-{account.nip[-3:]}",
                name=account.name,
                employment_type=EmploymentType.OTHER if operator else EmploymentType.PNS,
                legal_status="" if operator else "Aktif",
                rank="" if operator else "III/d",
                email=f"{account.name.split()[0].lower()}@contoh.invalid",
                password=hashed,
                is_staff=operator,
                is_superuser=operator,
            )
        )
    User.objects.bulk_create(users)
    return {user.name.split()[0].lower(): user for user in users}


def _assign(random: Random, plans: list[Plan], cast: dict[str, User], people_count: int) -> None:
    """Decide who belongs where; the accounts are saved in one statement."""
    crowd = people(random, taken={account.nip for account in DEMO_ACCOUNTS})
    _place_cast(plans, cast)
    open_units = [plan for plan in plans if plan.fixed_staff is None]
    fixed = sum(plan.fixed_staff or 0 for plan in plans) + len(plans)
    share = max(people_count - fixed, len(open_units)) / sum(plan.weight for plan in open_units)
    new: list[tuple[Plan, User, bool]] = []
    for plan in plans:
        wanted = plan.fixed_staff
        if wanted is None:
            wanted = max(2, round(share * plan.weight * random.uniform(0.6, 1.4)))
        is_vacant = plan.parent is None or plan.is_led_by_acting
        is_vacant |= plan.kind == "SEKSI" and random.random() < VACANCY
        if plan.head is None and not is_vacant:
            new.append((plan, _account(next(crowd)), True))
        new += [(plan, _account(next(crowd)), False) for _ in range(wanted - len(plan.staff))]
    User.objects.bulk_create([user for _, user, _ in new], batch_size=5_000)
    for plan, user, leads in new:
        if leads:
            plan.head = user
        else:
            plan.staff.append(user)


def _account(person: Person) -> User:
    return User(
        username=person.nip,
        nip=person.nip,
        siasn_id=f"DEMO-{person.nip}",
        name=person.name,
        title_before=person.title_before,
        title_after=person.title_after,
        employment_type=person.employment_type,
        rank=person.rank,
        legal_status="Aktif" if person.employment_type == EmploymentType.PNS else "PPPK Aktif",
        password=make_password(None),
    )


def _place_cast(plans: list[Plan], cast: dict[str, User]) -> None:
    by_name = {plan.name: plan for plan in reversed(plans)}
    by_name["Dinas Sosial"].head = cast["gunawan"]
    by_name["Seksi Pengaduan"].head = cast["budi"]
    by_name["Seksi Pengaduan"].staff.append(cast["ani"])
    by_name["Seksi Standardisasi"].head = cast["citra"]
    by_name["Seksi Standardisasi"].staff.append(cast["fajar"])
    by_name["Biro Organisasi"].staff.append(cast["dewi"])
    by_name["Inspektorat"].staff.append(cast["eko"])
    by_name["Badan Kepegawaian Daerah"].staff.append(cast["hesti"])
    by_name["SMA Negeri 1 Contoh"].head = cast["ratna"]


def _save_units(plans: list[Plan]) -> None:
    """Parents come before their children in `plans`, so each row knows its parent's key."""
    for number, plan in enumerate(plans, start=1):
        plan.saved_unit = Unit.objects.create(
            code=f"DEMO-{number:05d}",
            name=plan.name,
            kind=plan.kind,
            parent=plan.parent.unit if plan.parent else None,
        )
    Position.objects.bulk_create(
        [
            Position(
                unit=plan.unit, title=plan.head_title, kind=PositionKind.STRUCTURAL, is_head=True
            )
            for plan in plans
        ]
        + [
            Position(unit=plan.unit, title=plan.staff_title, kind=plan.staff_kind)
            for plan in plans
            if plan.staff
        ]
    )


def _position(plan: Plan, *, head: bool) -> Position:
    return Position.objects.get(unit=plan.unit, is_head=head)


def _post_everybody(plans: list[Plan], since: datetime.date) -> None:
    positions = {
        (position.unit_id, position.is_head): position for position in Position.objects.all()
    }
    postings = []
    for plan in plans:
        holders = [(user, False) for user in plan.staff]
        holders += [(plan.head, True)] if plan.head else []
        postings += [
            Posting(
                user=user, position=positions[plan.unit.pk, leads], valid=DateRange(since, None)
            )
            for user, leads in holders
        ]
    Posting.objects.bulk_create(postings, batch_size=5_000)


def _governor(root: Plan, since: datetime.date) -> User:
    """A rater without NIP, who is no civil servant and fills in nothing."""
    governor = User.objects.create_user(
        username="gubernur", name="Gubernur Contoh", employment_type=EmploymentType.OTHER
    )
    Posting.objects.create(
        user=governor,
        position=_position(root, head=True),
        kind=PostingKind.ADDITIONAL,
        valid=DateRange(since, None),
    )
    return governor


def _give_duties(plans: list[Plan], cast: dict[str, User], since: datetime.date) -> None:
    for name, role in (("dewi", Role.CURATOR), ("eko", Role.AUDITOR)):
        RoleGrant.objects.create(
            user=cast[name], role=role, valid=DateRange(since, None), reason="SK Sekretaris Daerah"
        )
    HrMandate.objects.create(
        user=cast["hesti"], unit=plans[0].unit, valid=DateRange(since, None), reason="SK Kepala BKD"
    )


def _acting_and_transfers(
    random: Random, plans: list[Plan], cast: dict[str, User], today: datetime.date
) -> None:
    """Vacant posts get an acting head now and then; a few people moved within the open cycle."""
    heads = [plan.head for plan in plans if plan.head and plan.kind in {"SEKSI", "BIDANG"}]
    for plan in plans:
        is_vacant = plan.head is None and plan.parent is not None
        if plan.is_led_by_acting or (is_vacant and random.random() < 0.7):
            Posting.objects.create(
                user=random.choice(heads),
                position=_position(plan, head=True),
                kind=random.choice((PostingKind.PLT, PostingKind.PLH)),
                valid=DateRange(
                    today - datetime.timedelta(days=40), today + datetime.timedelta(days=50)
                ),
            )
    sections = [plan for plan in plans if plan.kind == "SEKSI" and plan.staff]
    movers = [(cast["fajar"], next(plan for plan in sections if plan.head == cast["budi"]))]
    for plan in random.sample(sections, min(6, len(sections))):
        ordinary = [user for user in plan.staff if user not in cast.values()]
        elsewhere = [other for other in sections if other is not plan]
        if ordinary and elsewhere:
            movers.append((random.choice(ordinary), random.choice(elsewhere)))
    moved_on = today - datetime.timedelta(days=5)
    for user, target in movers:
        posting = Posting.objects.get(user=user, kind=PostingKind.DEFINITIVE)
        posting.valid = DateRange(posting.valid.lower, moved_on)
        posting.save(update_fields=["valid"])
        Posting.objects.create(
            user=user, position=_position(target, head=False), valid=DateRange(moved_on, None)
        )
