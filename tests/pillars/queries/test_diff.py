"""Two versions compared: structure first, then words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pillars.files import IndicatorDocument, PillarDocument, ScalePoint, Why
from pillars.queries import advice_on, diff
from pillars.queries.diff import Piece, words


def with_indicator(document, **changes):
    pillar = document.pillars[0]
    indicator = replace(pillar.indicators[0], **changes)
    pillar = replace(pillar, indicators=(indicator, *pillar.indicators[1:]))
    return replace(document, pillars=(pillar, *document.pillars[1:]))


def changes(before, after):
    return [(change.place, change.message) for change in diff(before, after).structural]


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("Sama persis.", "Sama persis.", (Piece("same", "Sama persis."),)),
        ("", "Baru.", (Piece("added", "Baru."),)),
        ("Lama.", "", (Piece("removed", "Lama."),)),
        (
            "Saya mencatat keluhan warga.",
            "Saya segera mencatat aduan warga.",
            (
                Piece("same", "Saya "),
                Piece("added", "segera"),
                Piece("same", " "),
                Piece("same", "mencatat "),
                Piece("removed", "keluhan"),
                Piece("same", " "),
                Piece("added", "aduan"),
                Piece("same", " "),
                Piece("same", "warga."),
            ),
        ),
    ],
)
def test_words(before, after, pieces):
    assert words(before, after) == pieces


def test_the_same_document_has_no_difference(prima):
    found = diff(prima, replace(prima, version="2027.1"))
    assert (found.structural, found.wording, found.comparable) == ((), (), True)


def test_wording_alone_keeps_scores_comparable(prima):
    old = prima.pillars[0].indicators[0]
    found = diff(
        prima,
        replace(
            with_indicator(
                prima,
                statement=f"{old.statement} Selalu.",
                levels=(*old.levels[:3], "Lain."),
                why=Why("Alasan baru."),
            ),
            title="Judul baru",
            scale=(ScalePoint(Decimal(1), "Label baru"), *prima.scale[1:]),
            bands=(replace(prima.bands[0], label="Label baru"), *prima.bands[1:]),
        ),
    )
    assert found.structural == ()
    assert found.comparable
    assert [change.place for change in found.wording] == [
        "Judul instrumen",
        "Label skala 1",
        "Label predikat A",
        "Indikator PRO-01: pernyataan",
        "Indikator PRO-01: deskriptor tingkat 4",
        "Indikator PRO-01: alasan",
    ]
    assert found.wording[3].pieces == (
        Piece("same", old.statement + " "),
        Piece("added", "Selalu."),
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"weight": Decimal("1.5")}, ("Indikator PRO-01", "bobot: 1 menjadi 1,5")),
        ({"reversed": True}, ("Indikator PRO-01", "dibalik: tidak menjadi ya")),
        (
            {"not_applicable": False},
            ("Indikator PRO-01", "boleh “tidak relevan”: ya menjadi tidak"),
        ),
        (
            {"evidence_from": Decimal(3)},
            ("Indikator PRO-01", "bukti diminta mulai nilai: 4 menjadi 3"),
        ),
        (
            {"scale": (ScalePoint(Decimal(0), "Tidak"), ScalePoint(Decimal(1), "Ya"))},
            ("Indikator PRO-01", "skala sendiri: kosong menjadi 0; 1"),
        ),
    ],
)
def test_structure_of_an_indicator(prima, change, expected):
    after = with_indicator(prima, **change)
    assert changes(prima, after) == [expected]
    assert not diff(prima, after).comparable


def test_structure_of_the_whole(prima):
    after = replace(
        prima,
        conversion="min-max",
        minimum_coverage=Decimal("0.5"),
        decimals=1,
        scale=prima.scale[:3],
        bands=(replace(prima.bands[0], lower=Decimal("88.31")), *prima.bands[1:3]),
    )
    assert changes(prima, after) == [
        ("Instrumen", "konversi: Bagian dari nilai tertinggi menjadi Rentang terendah-tertinggi"),
        ("Instrumen", "cakupan minimum: 0,8 menjadi 0,5"),
        ("Instrumen", "angka desimal: 2 menjadi 1"),
        ("Instrumen", "skala: 1; 2; 3; 4 menjadi 1; 2; 3"),
        ("Predikat D", "dihapus"),
        ("Predikat A", "batas bawah: 87,5 menjadi 88,31"),
    ]


def test_a_band_is_added(prima):
    fewer = replace(prima, bands=prima.bands[1:])
    assert changes(fewer, prima) == [("Predikat A", "ditambahkan")]
    assert diff(fewer, prima).wording == ()


def test_added_removed_moved_and_reordered(prima):
    first, second, *rest = prima.pillars
    new = PillarDocument("BARU", "Baru", Decimal(1), (IndicatorDocument("BAR-01", "Baru."),))
    first = replace(
        first,
        weight=Decimal(25),
        indicators=(first.indicators[1], first.indicators[0], *first.indicators[3:]),
    )
    second = replace(second, name="Tanggap", indicators=(*second.indicators[1:],))
    third = replace(rest[0], indicators=(*rest[0].indicators, prima.pillars[0].indicators[2]))
    after = replace(prima, pillars=(second, first, third, rest[1], new))
    found = diff(prima, after)
    assert changes(prima, after) == [
        ("Pilar AKUNTABEL", "dihapus"),
        ("Pilar BARU", "ditambahkan"),
        (
            "Urutan pilar",
            "PROFESIONAL, RESPONSIF, INOVATIF, MELAYANI menjadi "
            "RESPONSIF, PROFESIONAL, INOVATIF, MELAYANI",
        ),
        ("Pilar Profesional", "bobot: 20 menjadi 25"),
        (
            "Urutan indikator pilar Profesional",
            "PRO-01, PRO-02, PRO-04, PRO-05, PRO-06 menjadi PRO-02, PRO-01, PRO-04, PRO-05, PRO-06",
        ),
        ("Indikator RES-01", "dihapus"),
        *((f"Indikator AKU-0{number}", "dihapus") for number in range(1, 7)),
        ("Indikator BAR-01", "ditambahkan"),
        ("Indikator PRO-03", "pilar: PROFESIONAL menjadi INOVATIF"),
    ]
    assert [change.place for change in found.wording] == ["Pilar Tanggap: nama"]


def test_advice(prima):
    assert advice_on(prima) == []
    after = with_indicator(
        prima,
        evidence_from=Decimal(0),
        why=None,
        levels=(),
        weight=Decimal(0),
        statement="kata " * 50,
    )
    found = advice_on(replace(after, pillars=(replace(after.pillars[0], weight=Decimal(0)),)))
    assert [(advice.part, advice.code, advice.message[:24]) for advice in found] == [
        ("pillar", "PROFESIONAL", "Bobotnya 0: ditanyakan, "),
        ("indicator", "PRO-01", "Bukti dukung tidak perna"),
        ("indicator", "PRO-01", "Belum ada alasan. Tulis "),
        ("indicator", "PRO-01", "Belum ada deskriptor per"),
        ("indicator", "PRO-01", "Bobotnya 0: ditanyakan, "),
        ("indicator", "PRO-01", "Pernyataannya panjang; p"),
    ]
    pillar = prima.pillars[0]
    same = replace(pillar.indicators[0], levels=("Sama.", "Sama.", "Lain.", "Beda."))
    few = advice_on(replace(prima, pillars=(replace(pillar, indicators=(same,)),)))
    assert [(advice.code, advice.message[:24]) for advice in few] == [
        ("PROFESIONAL", "Kurang dari tiga indikat"),
        ("PRO-01", "Dua level memiliki deskr"),
    ]
