from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.files import FileRefused
from pillars.files import (
    BandDocument,
    IndicatorDocument,
    InstrumentDocument,
    PillarDocument,
    ScalePoint,
    Why,
    content_hash,
    read_instrument,
    read_instrument_apart,
    read_toml,
    read_xlsx,
    write_toml,
    write_xlsx,
)
from pillars.files.tables import RESERVED_CODES, RESERVED_IN_ADDRESSES

HEAD = b"""
[instrument]
code = "UJI"
version = "1"
title = "Uji"
conversion = "min-max"
minimum_coverage = 0.30
decimals = 1
"""
BODY = b"""
[[scale]]
value = 1
label = "Rendah"

[[scale]]
value = 2.50
label = "Tinggi"

[[pillars]]
code = "P"
name = "Pilar"
weight = 0.1

[[pillars.indicators]]
code = "P-1"
statement = "Pernyataan"
weight = 1e-1
"""


def fault_of(content, read=read_toml):
    with pytest.raises(FileRefused) as caught:
        read(content)
    (fault,) = caught.value.faults
    return fault


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_numbers_are_decimals_and_never_binary_floats(start, line_end):
    document = read_toml(start + (HEAD + BODY).replace(b"\n", line_end))
    assert document.minimum_coverage == Decimal("0.3")
    assert document.pillars[0].weight == Decimal("0.1")
    assert document.pillars[0].indicators[0].weight == Decimal("0.1")
    assert [str(point.value) for point in document.scale] == ["1", "2.5"]
    assert document.language == "id"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'[instrument]\ncode = "\xff"', "baris 2, kolom 9"),
        ("[instrument]\ntitle = 'é".encode() + b"\xe9'", "baris 2, kolom 11"),
        (b"[instrument]\ncode = \n", "baris 2, kolom 8"),
        (b"[instrument]\n[instrument]\n", "baris 2, kolom 12"),
        (b'[instrument]\ncode = """', "baris 2"),
        (b"respondent,P-1\n1,2\n", "baris 1, kolom 11"),
        (b"%PDF-1.7", "baris 1, kolom 1"),
        (b"n = " + b"9" * 5000, "berkas"),
        (b"n = " + b"[" * 100_000, "berkas"),
        (b"#" * 5_000_001, "berkas"),
    ],
)
def test_what_is_not_toml_is_refused_by_line_and_column(content, place):
    assert fault_of(content).place == place


@pytest.mark.parametrize(
    "number",
    [b"nan", b"inf", b"1e99999999999999999999", b"1e999999999", b"9" * 100, b'"0.1\xc2\xb2"'],
)
def test_what_is_no_weight_is_refused(number):
    body = BODY.replace(b"weight = 0.1", b"weight = " + number)
    assert fault_of(HEAD + body).place == "pillars[0].weight"


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04 bukan buku kerja"])
def test_the_kind_of_file_is_told_by_its_content(content):
    assert read_instrument(HEAD + BODY, name="uji.toml") == read_toml(HEAD + BODY)
    assert read_instrument(write_xlsx(read_toml(HEAD + BODY))) == read_toml(HEAD + BODY)
    assert fault_of(content, read_instrument).reason.endswith("Simpan ulang sebagai .xlsx.")


def test_a_file_that_is_not_what_its_name_says_is_refused():
    for content, name in (
        (HEAD + BODY, "uji.xlsx"),
        (write_xlsx(read_toml(HEAD + BODY)), "UJI.TOML"),
    ):
        with pytest.raises(FileRefused, match="tidak sesuai dengan namanya"):
            read_instrument(content, name=name)


def test_a_workbook_with_a_password_says_so():
    with pytest.raises(FileRefused, match="terkunci kata sandi"):
        read_instrument(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", name="uji.xlsx")


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"),
    min_size=1,
    max_size=30,
).filter(str.strip)
codes = st.from_regex(r"[A-Za-z0-9._-]{1,12}", fullmatch=True).filter(
    lambda code: code.casefold() not in {*RESERVED_CODES, *RESERVED_IN_ADDRESSES}
)
numbers = st.decimals(0, 999_999, places=12).map(lambda number: number or Decimal(1))
days = st.dates(date(2000, 1, 1), date(2099, 1, 1))


@st.composite
def scales(draw):
    values = draw(
        st.lists(st.decimals(-99_999, 99_999, places=12), min_size=2, max_size=5, unique=True)
    )
    return tuple(ScalePoint(value, draw(texts)) for value in sorted(values))


@st.composite
def documents(draw):
    """Documents as the reader makes them, with texts and numbers that a writer may stumble over."""
    default = draw(scales())
    taken = iter(draw(st.lists(codes, min_size=9, max_size=9, unique=True)))

    def indicator():
        own = draw(st.just(()) | scales())
        scale = own or default
        levels = draw(st.booleans())
        return IndicatorDocument(
            code=next(taken),
            statement=draw(texts),
            weight=draw(numbers),
            levels=tuple(draw(texts) for _ in scale) if levels else (),
            reversed=draw(st.booleans()),
            not_applicable=draw(st.booleans()),
            evidence_from=draw(st.sampled_from([Decimal(0), *(point.value for point in scale)])),
            why=draw(
                st.none()
                | st.builds(Why, texts)
                | st.builds(Why, texts, texts, texts, days, st.none())
                | st.builds(Why, texts, next_review=days)
            ),
            scale=own,
        )

    pillars = tuple(
        PillarDocument(
            code=next(taken),
            name=draw(texts),
            weight=draw(numbers),
            indicators=tuple(indicator() for _ in range(draw(st.integers(1, 2)))),
            description=draw(st.just("") | texts),
        )
        for _ in range(draw(st.integers(1, 2)))
    )
    lowers = draw(st.lists(st.decimals("0.01", 100, places=6), max_size=3, unique=True))
    bands = [BandDocument(f"B{n}", draw(texts), low) for n, low in enumerate(sorted(lowers)[::-1])]
    return InstrumentDocument(
        code=next(taken),
        version="1",
        title=draw(texts),
        conversion="min-max",
        minimum_coverage=draw(st.decimals(0, 1, places=12)),
        decimals=draw(st.integers(0, 6)),
        scale=default,
        pillars=pillars,
        bands=(*bands, BandDocument("B9", "Terendah", Decimal(0))) if draw(st.booleans()) else (),
        language=draw(st.sampled_from(["id", "en"])),
    )


@given(documents())
def test_toml_reads_back_equal(document):
    written = write_toml(document)
    again = read_toml(written.encode())
    assert again == document
    assert write_toml(again) == written
    assert content_hash(again) == content_hash(document)


@given(documents())
def test_xlsx_reads_back_equal(document):
    written = write_xlsx(document)
    assert read_xlsx(written) == document
    assert write_xlsx(document) == written


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("a = 1\na = 2\n", "baris 2, kolom 6", "kunci ini sudah diberi nilai sebelumnya"),
        ("[a]\n[a]\n", "baris 2, kolom 3", "tabel ini sudah ditulis sebelumnya"),
        ("[a\n", "baris 1, kolom 3", "kurung siku tabel belum ditutup"),
        ("a = [1\n", "baris 1", "daftar belum ditutup dengan kurung siku"),
        ('a = "x\n', "baris 1, kolom 7", "tanda kutip yang belum ditutup"),
        ("a\n", "baris 1, kolom 2", "sesudah kunci harus ada tanda sama dengan"),
        ("a = 3,5\n", "baris 1, kolom 6", "sesudah nilai harus pindah baris"),
        ("a = ya\n", "baris 1, kolom 5", "nilainya tidak dikenal"),
        ('a = "\\q"\n', "baris 1, kolom 8", "tulis garis miring terbalik"),
        ("a = " + "9" * 5_000, "berkas", "angka ini terlalu panjang"),
        ("= 1\n", "baris 1, kolom 1", "baris ini tidak diawali kunci"),
    ],
)
def test_what_is_no_toml_is_told_in_words(text, place, reason):
    with pytest.raises(FileRefused) as refusal:
        read_toml(text.encode())
    (fault,) = refusal.value.faults
    assert (fault.place, reason in fault.reason) == (place, True), fault
    assert fault.reason.endswith("Perbaiki penulisannya.")


@pytest.mark.slow
def test_a_key_of_a_million_parts_is_given_up(monkeypatch):
    monkeypatch.setattr("pillars.files.READER_CPU_SECONDS", 1)
    with pytest.raises(FileRefused, match="terlalu banyak memori atau waktu"):
        read_instrument_apart(b"a" + b".a" * 1_000_000 + b" = 1\n")
