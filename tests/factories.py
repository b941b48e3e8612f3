"""Small real worlds for tests: a ministry of three units, an instrument of two pillars."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.models import User
from organization.enums import PositionKind, PostingKind
from organization.models import Position, Posting, Unit
from pillars.enums import InstrumentStatus
from pillars.models import Band, Indicator, Instrument, Level, Pillar, ScalePoint

LONG_AGO = datetime.date(2020, 1, 1)
PASSWORD = "kunci-yang-panjang-1"
LEVEL_LABELS = ("Perlu dibimbing", "Sesuai tata kerja", "Mandiri", "Menjadi rujukan")


def make_user(name: str, *, serial: int, **fields: object) -> User:
    """An account with a valid NIP that ends in `serial`."""
    nip = f"19860926201505{1}{serial:03d}"
    return User.objects.create_user(
        **{"nip": nip, "name": name, "siasn_id": f"PNS-{serial}", "legal_status": "Aktif"} | fields
    )


def make_unit(name: str, *, parent: Unit | None = None, kind: str = "BIDANG") -> Unit:
    """A unit with the vacant post of its head."""
    unit = Unit.objects.create(code=f"U-{name}", name=name, parent=parent, kind=kind)
    Position.objects.create(
        unit=unit, title=f"Kepala {name}", kind=PositionKind.STRUCTURAL, is_head=True
    )
    return unit


def post(
    user: User,
    unit: Unit,
    *,
    head: bool = False,
    kind: str = PostingKind.DEFINITIVE,
    since: datetime.date = LONG_AGO,
    until: datetime.date | None = None,
    title: str = "Analis Kebijakan",
) -> Posting:
    """Post a person; `until` is the first day after."""
    if head:
        position = unit.positions.get(is_head=True)
    else:
        position, _ = Position.objects.get_or_create(
            unit=unit, title=title, kind=PositionKind.FUNCTIONAL, is_head=False
        )
    return Posting.objects.create(
        user=user, position=position, kind=kind, valid=DateRange(since, until)
    )


def make_instrument(
    *,
    code: str = "TOY",
    version: str = "1",
    pillars: Iterable[str] = ("ALFA", "BETA"),
    items: int = 2,
    publish: bool = True,
) -> Instrument:
    """An instrument with a 1..4 scale; the last item of each pillar may be not applicable."""
    instrument = Instrument.objects.create(code=code, version=version, title=f"Instrumen {code}")
    ScalePoint.objects.bulk_create(
        ScalePoint(instrument=instrument, value=Decimal(value), label=label)
        for value, label in enumerate(LEVEL_LABELS, start=1)
    )
    for band, lower in (("A", "88.31"), ("B", "76.61"), ("C", "65.00"), ("D", "25.00")):
        Band.objects.create(instrument=instrument, code=band, label=band, lower=Decimal(lower))
    for order, pillar_code in enumerate(pillars):
        pillar = Pillar.objects.create(
            instrument=instrument, code=pillar_code, name=pillar_code.title(), order=order
        )
        for item in range(items):
            indicator = Indicator.objects.create(
                instrument=instrument,
                pillar=pillar,
                code=f"{pillar_code[:3]}-{item + 1:02d}",
                statement=f"Pernyataan {item + 1} tentang {pillar_code.lower()}.",
                evidence_from=Decimal(4) if item == 0 else Decimal(0),
                not_applicable=item == items - 1,
                order=item,
            )
            Level.objects.bulk_create(
                Level(
                    indicator=indicator,
                    value=Decimal(value),
                    label=label,
                    descriptor=f"Perilaku tingkat {value}.",
                )
                for value, label in enumerate(LEVEL_LABELS, start=1)
            )
    if publish:
        instrument.status = InstrumentStatus.PUBLISHED
        instrument.content_hash = instrument.structure_hash = "0" * 64
        instrument.published_at = timezone.now()
        instrument.save()
    return instrument
