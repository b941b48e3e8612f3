"""The list, reading a version, files in and out, the next version."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.enums import Role
from accounts.models import RoleGrant
from pillars.files import read_instrument, write_toml, write_xlsx
from pillars.models import Instrument, Upload
from pillars.operations import load_instrument, read_upload, retire
from pillars.queries import document_of
from tests.factories import LONG_AGO, make_user

LIST_QUERIES = 5


@pytest.fixture(autouse=True)
def signed_in(client, dewi):
    client.force_login(dewi)


def send(client, content, name="instrumen.toml", **fields):
    return client.post("/instrumen/unggah/", {"file": SimpleUploadedFile(name, content), **fields})


def result(client, response):
    """The page that says what came of the file, once a worker has read it."""
    read_upload(int(response["Location"].rstrip("/").rpartition("/")[2]))
    return client.get(response["Location"]).content.decode()


def test_an_empty_list_says_what_to_do(client):
    response = client.get("/instrumen/")
    assert "Belum ada instrumen" in response.content.decode()


@pytest.mark.parametrize("versions", [1, 3])
def test_the_list_takes_as_many_queries_for_three_versions_as_for_one(
    client, skm, django_assert_num_queries, versions
):
    for number in range(versions):
        load_instrument(document=replace(skm, version=f"v{number}"), by=None, publish=True)
    client.get("/instrumen/")
    with django_assert_num_queries(LIST_QUERIES):
        response = client.get("/instrumen/")
    assert response.content.decode().count('<tr role="row">') == versions + 1


def test_the_list_shows_codes_with_their_versions_newest_first(client, published, draft, skm):
    load_instrument(document=skm, by=None)
    entries = client.get("/instrumen/").context["instruments"]
    assert [(entry.code, [each.version for each in entry.versions]) for entry in entries] == [
        ("PRIMA", ["2027.1", "2026.1"]),
        ("SKM", ["2017"]),
    ]
    newest = entries[0].versions[0]
    assert (newest.pillar_count, newest.indicator_count) == (5, 30)


def test_a_version_is_read_with_everything_it_says(client, published, prima):
    page = client.get(f"/instrumen/{published.pk}/").content.decode()
    for pillar in prima.pillars:
        assert pillar.name in page
        for indicator in pillar.indicators:
            assert indicator.statement in page
            assert all(level in page for level in indicator.levels)
    assert published.content_hash in page
    assert published.structure_hash in page
    assert "A (Rujukan): mulai 87,5" in page
    assert "oleh Dewi Anggraini" in page


def test_acts_offered_depend_on_the_state(client, published, draft, dewi):
    def links(instrument):
        page = client.get(f"/instrumen/{instrument.pk}/").content.decode()
        acts = ("ubah/", "terbitkan/", "hentikan/", "versi-baru/")
        return [act for act in acts if f'href="/instrumen/{instrument.pk}/{act}"' in page]

    assert links(draft) == ["ubah/", "terbitkan/", "versi-baru/"]
    assert links(published) == ["hentikan/", "versi-baru/"]
    page = client.get(f"/instrumen/{published.pk}/").content.decode()
    assert f'href="/periode/buka/?instrument={published.pk}"' in page
    retire(instrument=published, by=dewi)
    assert links(published) == ["versi-baru/"]


@pytest.mark.parametrize("kind", ["toml", "xlsx"])
def test_what_is_downloaded_loads_again(client, published, prima, kind):
    response = client.get(f"/instrumen/{published.pk}/unduh/{kind}/")
    assert response["Content-Disposition"] == f'attachment; filename="prima-2026.1.{kind}"'
    assert read_instrument(response.content) == prima


def test_no_other_kind_is_downloaded(client, published):
    assert client.get(f"/instrumen/{published.pk}/unduh/csv/").status_code == 404


@pytest.mark.parametrize(
    ("write", "name"),
    [(lambda skm: write_toml(skm).encode(), "skm.toml"), (write_xlsx, "skm.xlsx")],
    ids=["toml", "xlsx"],
)
def test_a_file_becomes_a_draft(client, skm, dewi, write, name):
    page = result(client, send(client, write(skm), name=name))
    instrument = Instrument.objects.get()
    assert f'href="/instrumen/{instrument.pk}/"' in page
    assert (instrument.is_draft, instrument.created_by) == (True, dewi)
    assert document_of(instrument) == skm


def test_a_file_waits_unopened_and_is_gone_once_it_was_read(client, skm):
    response = send(client, write_toml(skm).encode())
    upload = Upload.objects.get()
    assert response["Location"] == f"/instrumen/unggah/{upload.pk}/"
    waiting = client.get(response["Location"]).content.decode()
    assert "menunggu diperiksa" in waiting
    assert f'href="/instrumen/unggah/{upload.pk}/">Muat ulang' in waiting
    assert not Instrument.objects.exists()
    assert read_upload(upload.pk)
    upload.refresh_from_db()
    assert (bytes(upload.content), upload.instrument) == (b"", Instrument.objects.get())


def test_every_fault_of_a_file_is_listed_with_its_place(client, skm):
    content = write_toml(skm).replace("weight = 1\n", "weight = -1\n", 2)
    page = result(client, send(client, content.replace('title = "', 'judul = "').encode()))
    assert [place for place, _reason in Upload.objects.get().faults] == [
        "instrument.title",
        "instrument.judul",
        "pillars[0].weight",
        "pillars[0].indicators[0].weight",
    ]
    assert "pillars[0].indicators[0].weight" in page
    assert "<title>Kesalahan:" in page
    assert not Instrument.objects.exists()


@pytest.mark.parametrize("content", [b"bukan toml", b"PK\x03\x04bukan xlsx", b"\xff\xfe"])
def test_a_file_that_is_not_what_it_says(client, content):
    page = result(client, send(client, content))
    assert ("Tidak ada yang disimpan" in page, len(Upload.objects.get().faults)) == (True, 1)
    assert not Instrument.objects.exists()


def test_no_file_and_an_empty_file(client):
    assert "Pilih berkasnya dahulu." in client.post("/instrumen/unggah/").content.decode()
    empty = send(client, b"")
    assert empty.status_code == 422
    assert "Berkas ini kosong (0 bita). Pilih berkas lain." in empty.content.decode()
    assert not Upload.objects.exists()


def test_a_file_for_a_version_that_is_taken(client, draft, prima):
    other = write_toml(replace(prima, version="2027.1", title="Judul lain")).encode()
    page = result(client, send(client, other))
    assert "Rancangan PRIMA versi 2027.1 sudah ada." in page
    result(client, send(client, other, replace="on"))
    assert document_of(draft).title == "Judul lain"
    content = write_toml(replace(prima, title="Lain")).encode()
    assert "sudah terbit dengan isi lain" in result(client, send(client, content, replace="on"))


def test_what_came_of_a_file_is_told_to_whoever_sent_it_alone(client, skm, dewi):
    response = send(client, write_toml(skm).encode())
    other = make_user("Doni", serial=77)
    RoleGrant.objects.create(user=other, role=Role.CURATOR, valid=DateRange(LONG_AGO, None))
    client.force_login(other)
    assert client.get(response["Location"]).status_code == 404


def test_the_next_version_starts_as_a_copy(client, published, prima):
    response = client.post(f"/instrumen/{published.pk}/versi-baru/", {"version": "2027.1"})
    draft = Instrument.objects.get(version="2027.1")
    assert response["Location"] == f"/instrumen/{draft.pk}/ubah/"
    assert document_of(draft) == replace(prima, version="2027.1")


@pytest.mark.parametrize(
    ("version", "message"),
    [("2026.1", "sudah ada"), ("2027 baru", "tidak dapat dipakai"), ("", "tidak boleh kosong")],
)
def test_a_number_that_cannot_be_used(client, published, version, message):
    response = client.post(f"/instrumen/{published.pk}/versi-baru/", {"version": version})
    assert response.status_code == 422
    assert message in response.content.decode()
    assert Instrument.objects.count() == 1
