"""Every page of curating: Dewi reads it, everybody else is told that there is no such page."""

import pytest

READING = (
    "/instrumen/",
    "/instrumen/unggah/",
    *(
        f"/instrumen/{{{kind}}}/{page}"
        for kind in ("published", "draft")
        for page in (
            "",
            "unduh/toml/",
            "unduh/xlsx/",
            "versi-baru/",
            "pemeriksaan/",
            "perbedaan/",
            "pratinjau/",
        )
    ),
    "/instrumen/{published}/hentikan/",
)
EDITING = tuple(
    f"/instrumen/{{draft}}/{page}"
    for page in (
        "ubah/",
        "skala/",
        "predikat/",
        "pilar-baru/",
        "pilar/INOVATIF/",
        "pilar/INOVATIF/hapus/",
        "pilar/INOVATIF/indikator-baru/",
        "indikator/INO-02/",
        "indikator/INO-02/hapus/",
        "terbitkan/",
    )
)
POSTED = tuple(
    f"/instrumen/{{draft}}/{page}/pindah/" for page in ("pilar/INOVATIF", "indikator/INO-02")
)


@pytest.fixture
def address(published, draft):
    return lambda template: template.format(published=published.pk, draft=draft.pk)


@pytest.mark.parametrize("template", READING + EDITING)
def test_dewi_reads_every_page(client, dewi, address, template):
    client.force_login(dewi)
    assert client.get(address(template)).status_code == 200


@pytest.mark.parametrize("person", ["ani", "budi", "citra", "eko", "fajar"])
def test_nobody_else_finds_any(client, request, address, person):
    client.force_login(request.getfixturevalue(person))
    found = {
        template: client.get(address(template)).status_code for template in READING + EDITING
    } | {template: client.post(address(template)).status_code for template in EDITING + POSTED}
    assert set(found.values()) == {404}


def test_strangers_are_sent_to_sign_in(client, address):
    response = client.get(address("/instrumen/{draft}/ubah/"))
    assert response.status_code == 302
    assert response["Location"].startswith("/akun/masuk/")


@pytest.mark.parametrize("template", EDITING)
def test_an_address_of_nothing(client, dewi, draft, template):
    client.force_login(dewi)
    assert client.get(template.format(draft=draft.pk + 1)).status_code == 404


@pytest.mark.parametrize(
    "page", ["ubah/", "skala/", "predikat/", "terbitkan/", "indikator/INO-02/"]
)
def test_a_published_version_is_not_opened_for_editing(client, dewi, published, page):
    client.force_login(dewi)
    response = client.get(f"/instrumen/{published.pk}/{page}", follow=True)
    assert response.redirect_chain == [(f"/instrumen/{published.pk}/", 302)]
    assert "Buat versi baru, lalu ubah di sana." in response.content.decode()


@pytest.mark.parametrize("page", ["pilar/TIDAK-ADA/", "indikator/TIDAK-ADA/", "pilar/X/hapus/"])
def test_a_part_that_is_not_there(client, dewi, draft, page):
    client.force_login(dewi)
    assert client.get(f"/instrumen/{draft.pk}/{page}").status_code == 404
