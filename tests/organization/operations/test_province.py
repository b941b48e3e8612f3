"""The synthetic province of tests/data/roster, whole: clean twice, and faulty without a trace."""

import csv
import datetime
from pathlib import Path

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from accounts.models import User
from audit.models import Event
from exchange.files import FileRefused
from organization.enums import ACTING, PostingKind
from organization.files import read_acting, read_roster, read_units
from organization.models import Position, Posting, Unit
from organization.operations import Outcome, import_acting, import_roster, import_units
from organization.queries import supervisor_of

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2] / "data" / "roster"
TODAY = datetime.date(2026, 11, 24)


def load_units(folder=DATA):
    return import_units(file=read_units((folder / "units.csv").read_bytes()), by=None)


def load_roster(path=DATA / "roster.xlsx", on=TODAY):
    return import_roster(file=read_roster(path.read_bytes()), effective_date=on, by=None)


def load_acting(folder=DATA):
    return import_acting(file=read_acting((folder / "acting.csv").read_bytes()), by=None)


def everything():
    """Every row of the database, but for the audit."""
    tables = [
        table
        for table in connection.introspection.table_names()
        if table.startswith(("accounts_", "organization_"))
    ]
    with connection.cursor() as cursor:
        rows = {}
        for table in tables:
            cursor.execute(f"SELECT *, xmin FROM {table} ORDER BY 1")  # noqa: S608
            rows[table] = cursor.fetchall()
    return rows


def test_clean_province_imports_and_a_second_run_changes_nothing():
    assert load_units() == Outcome(created=70)
    assert load_roster() == Outcome(created=620)
    assert load_acting() == Outcome(created=4)
    before, events = everything(), Event.objects.count()
    assert load_units() == Outcome(unchanged=70)
    assert load_roster() == Outcome(unchanged=620)
    assert load_roster(on=TODAY + datetime.timedelta(days=30)) == Outcome(unchanged=620)
    assert load_acting() == Outcome(unchanged=4)
    assert everything() == before
    assert Event.objects.count() == events


def test_province_stands_as_its_files_say():
    load_units()
    load_roster()
    load_acting()
    assert Unit.objects.count() == Position.objects.filter(is_head=True).count() == 70
    assert User.objects.filter(is_active=False).count() == 5
    assert User.objects.filter(employment_type="PPPK").count() == 198
    assert Posting.objects.filter(kind=PostingKind.DEFINITIVE).count() == 615
    assert Posting.objects.filter(kind__in=ACTING).count() == 4
    structural = Posting.objects.leading().filter(kind=PostingKind.DEFINITIVE)
    assert structural.count() == 54 + 4
    team = Unit.objects.get(code="16F44881-8EB5")
    head = User.objects.get(nip="197107092013031001")
    assert team.positions.get(is_head=True).postings.get().user == head
    assert supervisor_of(user_id=head.pk, unit_id=team.pk, on=TODAY) == (
        Posting.objects.leading().get(position__unit=team.parent).user
    )
    secretary = Posting.objects.leading().get(position__unit__code="80A4DF5A-F38B")
    assert secretary.user.full_name == "Wulan Suryana"
    assert secretary.position.title == "Sekretaris Daerah"
    assert secretary.valid.lower == datetime.date(2021, 11, 1)
    assert (
        supervisor_of(user_id=secretary.user_id, unit_id=secretary.position.unit_id, on=TODAY)
        is None
    )


def test_accounts_of_a_roster_have_no_usable_password():
    load_units()
    load_roster()
    assert [user.has_usable_password() for user in User.objects.all()] == [False] * 620


def test_personal_columns_are_nowhere_in_the_database():
    load_units()
    load_roster()
    load_acting()
    sheet = CalamineWorkbook.from_path(DATA / "roster.xlsx").get_sheet_by_index(0).to_python()
    heading = next(row for row in sheet if "NIK" in row)
    columns = ("NIK", "NOMOR HP", "EMAIL", "ALAMAT", "NPWP NOMOR", "BPJS")
    places = [heading.index(column) for column in columns]
    values = {row[place] for row in sheet[sheet.index(heading) + 1 :] for place in places}
    with connection.cursor() as cursor:
        dump = ""
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')  # noqa: S608
            dump += cursor.fetchone()[0] or ""
    assert len(values) > 2000
    assert [value for value in values if str(value) in dump] == []
    assert "Islam" not in dump
    assert "Menikah" not in dump


def test_faulty_province_writes_nothing_and_names_every_planted_fault():
    load_units(DATA / "faulty")
    before, events = everything(), Event.objects.count()
    with pytest.raises(FileRefused) as refusal:
        load_roster(DATA / "faulty" / "roster_faulty.xlsx")
    assert everything() == before
    assert Event.objects.count() == events
    named = {(fault.row, fault.column) for fault in refusal.value.faults}
    planted = csv.DictReader((DATA / "faulty" / "faults.csv").read_text().splitlines())
    assert named == {(int(one["sheet_row"]), one["column"]) for one in planted} | {(89, "NIP BARU")}
    assert all(fault.reason for fault in refusal.value.faults)


def test_acting_heads_of_unknown_people_are_refused():
    load_units()
    with pytest.raises(FileRefused) as refusal:
        load_acting()
    assert [(fault.row, fault.column) for fault in refusal.value.faults] == [
        (row, "NIP") for row in (2, 3, 4, 5)
    ]
    assert str(refusal.value.faults[0]) == (
        "baris 2, kolom NIP: Tidak ada pegawai dengan NIP ini. Periksa angkanya, atau impor orangnya dahulu."
    )
