"""Invented Indonesian names and identity numbers."""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from accounts.enums import EmploymentType

FEMALE = (
    "Ayu", "Bunga", "Cahya", "Dian", "Endah", "Fitri", "Galuh", "Indah", "Juwita", "Kartika",
    "Laras", "Maya", "Nadia", "Nurul", "Putri", "Rahma", "Ratih", "Rini", "Sari", "Sekar", "Siti",
    "Tiara", "Utami", "Wulan", "Yanti", "Yulia", "Zahra",
)  # fmt: skip
MALE = (
    "Adi", "Agus", "Bagas", "Bayu", "Cecep", "Danu", "Dedi", "Edi", "Gilang", "Hendra", "Iwan",
    "Joko", "Krisna", "Lukman", "Made", "Nanang", "Oki", "Pandu", "Rahmat", "Rizki", "Slamet",
    "Teguh", "Ujang", "Wahyu", "Yoga", "Zaenal",
)  # fmt: skip
FAMILY = (
    "Aditama", "Basuki", "Darmawan", "Effendi", "Firmansyah", "Gunadi", "Hakim", "Hidayat",
    "Iskandar", "Kurniawan", "Kusuma", "Lesmana", "Mahendra", "Maulana", "Nasution", "Nugroho",
    "Permana", "Pratama", "Purnomo", "Rahardjo", "Saputra", "Setiawan", "Siregar", "Sudrajat",
    "Suharto", "Sulaeman", "Suryana", "Sutisna", "Tanjung", "Wardana", "Wibowo", "Wijaya",
)  # fmt: skip
DEGREES = (
    "",
    "",
    "",
    "A.Md.",
    "S.E.",
    "S.H.",
    "S.I.P.",
    "S.Kom.",
    "S.Pd.",
    "S.Sos.",
    "S.T.",
    "M.A.P.",
)
PPPK_SHARE = 0.36


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up civil servant."""

    nip: str
    name: str
    title_before: str
    title_after: str
    employment_type: EmploymentType
    rank: str


def people(random: Random, *, taken: set[str]) -> Iterator[Person]:
    """Endless different people; none has a NIP of `taken`."""
    for serial in itertools.count(1):
        pppk = random.random() < PPPK_SHARE
        born = datetime.date(1968, 1, 1) + datetime.timedelta(days=random.randrange(365 * 33))
        female = random.random() < 0.5
        hired = random.randint(max(born.year + 22, 2021 if pppk else 1990), 2025)
        month = f"2{random.randint(1, 3)}" if pppk else f"{random.randint(1, 12):02d}"
        nip = f"{born:%Y%m%d}{hired}{month}{2 if female else 1}{serial % 999 + 1:03d}"
        if nip in taken:
            continue
        taken.add(nip)
        given = random.choice(FEMALE if female else MALE)
        yield Person(
            nip=nip,
            name=f"{given} {random.choice(FAMILY)}",
            title_before="",
            title_after=random.choice(DEGREES),
            employment_type=EmploymentType.PPPK if pppk else EmploymentType.PNS,
            rank=random.choice(
                ("V", "VII", "IX", "X") if pppk else ("II/d", "III/a", "III/b", "III/d")
            ),
        )
