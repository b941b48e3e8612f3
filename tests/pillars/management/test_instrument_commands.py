"""`load_instrument` and `export_instrument`: identity, refusals on stderr with places, dry runs."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pillars.enums import InstrumentStatus
from pillars.files import read_instrument
from pillars.models import Instrument, Pillar
from pillars.operations import add_pillar
from pillars.queries import document_of
from tests.pillars.conftest import SHIPPED


def run(command, *args, **options):
    output = StringIO()
    call_command(command, *args, stdout=output, **options)
    return output.getvalue()


def status(**lookup):
    return list(Instrument.objects.filter(**lookup).values_list("status", flat=True))


@pytest.mark.parametrize("name", ["prima-2026.1", "skm-2017"])
@pytest.mark.parametrize("kind", ["toml", "xlsx"])
def test_load_export_load_is_the_identity(db, tmp_path, name, kind):
    source, exported = SHIPPED / f"{name}.toml", tmp_path / f"keluar.{kind}"
    code, version = name.upper().split("-")
    run("load_instrument", source)
    run("export_instrument", code, version, to=exported)
    assert read_instrument(exported.read_bytes()) == read_instrument(source.read_bytes())
    first = exported.read_bytes()
    run("load_instrument", exported, publish=True)
    run("export_instrument", code, version, to=exported)
    assert exported.read_bytes() == first
    assert status() == [InstrumentStatus.PUBLISHED]


def test_a_shipped_file_is_in_the_form_of_an_export(db, tmp_path):
    source, exported = SHIPPED / "prima-2026.1.toml", tmp_path / "keluar.toml"
    run("load_instrument", source)
    run("export_instrument", "PRIMA", "2026.1", to=exported)
    assert exported.read_bytes() == source.read_bytes()


def test_publishing_on_the_way(db):
    assert run("load_instrument", SHIPPED / "skm-2017.toml", publish=True) == (
        "SKM 2017 tersimpan (Terbit).\n"
    )


def test_a_dry_run_writes_nothing(db):
    output = run("load_instrument", SHIPPED / "skm-2017.toml", publish=True, dry_run=True)
    assert output == "SKM 2017 dapat dimuat (Terbit). Tidak ada yang disimpan.\n"
    assert status() == []


def test_every_fault_is_named_and_nothing_written(db, tmp_path):
    path = tmp_path / "rusak.toml"
    text = (SHIPPED / "skm-2017.toml").read_text(encoding="utf-8")
    path.write_text(
        text.replace('lower = "76.61"', 'lower = "99"').replace("decimals = 2", "desimal = 2"),
        encoding="utf-8",
    )
    with pytest.raises(CommandError) as refusal:
        run("load_instrument", path)
    assert refusal.value.returncode == 1
    lines = str(refusal.value).splitlines()
    assert lines[0] == f"{path} ditolak; tidak ada yang disimpan."
    assert [line.split(":")[0] for line in lines[1:]] == [
        "instrument.decimals",
        "instrument.desimal",
        "bands[1].lower",
    ]
    assert status() == []


def test_a_missing_file(db, tmp_path):
    with pytest.raises(CommandError, match="tidak dapat dibaca"):
        run("load_instrument", tmp_path / "tidak-ada.toml")


def test_other_content_under_a_published_version(db, tmp_path):
    source, path = SHIPPED / "skm-2017.toml", tmp_path / "lain.toml"
    run("load_instrument", source, publish=True)
    path.write_text(
        source.read_text(encoding="utf-8").replace("Survei", "Survey"), encoding="utf-8"
    )
    with pytest.raises(CommandError, match="SKM versi 2017 sudah terbit dengan isi lain"):
        run("load_instrument", path, replace=True)


def test_exporting_what_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="SKM versi 2017 tidak ada"):
        run("export_instrument", "SKM", "2017", to=tmp_path / "keluar.toml")
    with pytest.raises(CommandError, match=r"\.toml atau \.xlsx"):
        run("export_instrument", "SKM", "2017", to=tmp_path / "keluar.csv")


def test_exporting_into_a_folder_that_is_not_there(published, tmp_path):
    with pytest.raises(CommandError, match="tidak dapat ditulis"):
        run("export_instrument", "PRIMA", "2026.1", to=tmp_path / "lain" / "keluar.toml")
    path = tmp_path / "keluar.toml"
    run("export_instrument", "PRIMA", "2026.1", to=path, dry_run=True)
    assert not path.exists()


def test_an_unfinished_draft_is_no_file(draft, dewi, prima, tmp_path):
    empty = prima.pillars[0].__class__(code="BARU", name="Baru", weight=1, indicators=())
    add_pillar(instrument=draft, pillar=empty, revision=draft.revision, by=dewi)
    with pytest.raises(CommandError, match=r"pillars\[5\]\.indicators"):
        run("export_instrument", "PRIMA", "2027.1", to=tmp_path / "keluar.toml")
    assert Pillar.objects.filter(code="BARU").exists()
    assert document_of(draft).pillars[5].name == "Baru"
