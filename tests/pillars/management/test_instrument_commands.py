"""`load_instrument` and `export_instrument`: identity, refusals on stderr with places, dry runs."""

import errno
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pillars.enums import InstrumentStatus
from pillars.files import read_instrument, structure_hash
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


def test_a_file_that_cannot_be_read_is_named_with_what_to_do(db, tmp_path):
    missing = tmp_path / "tidak-ada.toml"
    for path, reason in (
        (missing, "tidak ada di sana. Periksa nama dan foldernya."),
        (tmp_path, "adalah folder, bukan berkas. Sebutkan nama berkasnya."),
        (tmp_path / ("x" * 300), "bernama terlalu panjang. Pakai nama yang lebih pendek."),
    ):
        with pytest.raises(CommandError) as refusal:
            run("load_instrument", path)
        assert str(refusal.value) == f"{path} {reason}"


def test_figures_of_a_load_for_machines(db, tmp_path, prima):
    said = {
        "instrument": {
            "code": "PRIMA",
            "version": "2026.1",
            "structure_hash": structure_hash(prima),
        },
        "status": "DRAFT",
        "pillars": len(prima.pillars),
        "indicators": sum(len(pillar.indicators) for pillar in prima.pillars),
    }
    source = SHIPPED / "prima-2026.1.toml"
    for tried in (True, False):
        printed = run("load_instrument", source, format="json", dry_run=tried)
        assert json.loads(printed) == said | {"dry_run": tried}
        assert len(status()) == (0 if tried else 1)
    exported = tmp_path / "keluar.toml"
    printed = run("export_instrument", "PRIMA", "2026.1", to=exported, format="json")
    size = len(source.read_bytes())
    assert json.loads(printed) == {"path": str(exported), "bytes": size, "dry_run": False}


def test_faults_for_machines(db, tmp_path, capsys):
    path = tmp_path / "rusak.toml"
    path.write_text('[instrument]\ncode = "X"\n')
    with pytest.raises(CommandError):
        call_command("load_instrument", path, format="json")
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert [fault["place"] for fault in faults] == [
        "instrument.version",
        "instrument.title",
        "instrument.conversion",
        "instrument.minimum_coverage",
        "instrument.decimals",
        "pillars",
    ]


def test_an_export_that_fails_leaves_what_stood_there(published, tmp_path, monkeypatch):
    path = tmp_path / "keluar.toml"
    path.write_text("lama")

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("exchange.files.places.os.fsync", full)
    with pytest.raises(CommandError) as refusal:
        run("export_instrument", "PRIMA", "2026.1", to=path)
    assert str(refusal.value) == (f"{path} tidak muat: tempat penyimpanan penuh. Kosongkan dahulu.")
    assert [each.name for each in tmp_path.iterdir()] == ["keluar.toml"]
    assert path.read_text() == "lama"


def test_an_export_keeps_a_link_and_the_rights_of_its_file(published, tmp_path):
    target, link = tmp_path / "asli.toml", tmp_path / "tautan.toml"
    target.write_text("lama")
    target.chmod(0o640)
    link.symlink_to(target)
    run("export_instrument", "PRIMA", "2026.1", to=link)
    assert link.is_symlink()
    assert target.read_text().startswith("[instrument]")
    assert target.stat().st_mode & 0o777 == 0o640


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
    with pytest.raises(CommandError, match="tidak ada di sana"):
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
