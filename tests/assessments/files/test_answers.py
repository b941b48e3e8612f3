"""What a file of answers may look like, and every refusal by row and column."""

from decimal import Decimal

import pytest

from assessments.files import read_answers
from assessments.scoring import NOT_APPLICABLE
from exchange.files import FileRefused
from tests.assessments.schemes import make_item, make_pillar, make_scheme

SCHEME = make_scheme(
    make_pillar(
        "P",
        make_item("P-1"),
        make_item("P-2", not_applicable=True),
        make_item("P-3", values=["0", "0.5", "1"]),
    )
)
HEADING = "respondent,P-1,P-2,P-3\n"


def read(content, scheme=SCHEME):
    content = content.encode() if isinstance(content, str) else content
    return {row.respondent: row.answers for row in read_answers(content, scheme)}


def places_of(content):
    with pytest.raises(FileRefused) as caught:
        read(content)
    return [(fault.row, fault.column) for fault in caught.value.faults]


def message_of(content):
    with pytest.raises(FileRefused) as caught:
        read(content)
    return str(caught.value)


EXPECTED = {
    "a": {"P-1": Decimal(3), "P-2": NOT_APPLICABLE, "P-3": Decimal("0.5")},
    "b": {"P-2": Decimal(1)},
}


@pytest.mark.parametrize(
    "content",
    [
        HEADING + "a,3,NA,0.5\nb,,1,\n",
        HEADING + "a,3,NA,0.5\nb,,1,",
        "\ufeff" + HEADING + "a,3,NA,0.5\nb,,1,\n",
        (HEADING + "a,3,NA,0.5\nb,,1,\n").replace("\n", "\r\n"),
        (HEADING + "a,3,NA,0.5\nb,,1,\n").replace("\n", "\r"),
        (HEADING + "a,3,NA,0.5\nb,,1,\n").replace(",", ";"),
        '"respondent","P-1","P-2","P-3"\n"a","3","NA","0.5"\n"b","","1",""\n',
        HEADING + " a , 3 , NA,0.50\n\n,,,\n , \nb,,1.0, \n",
        "P-3,P-2,respondent,P-1\n0.5,NA,a,03\n,1,b,\n",
    ],
)
def test_the_spellings_of_one_file(content):
    if content.count(" , \n"):
        content = content.replace(" , \n", " , ,,\n")
    assert read(content) == EXPECTED


def test_rows_come_one_at_a_time_with_their_number():
    rows = read_answers((HEADING + "\na,1,,\nb,9,,\n").encode(), SCHEME)
    first = next(rows)
    assert (first.row, first.respondent, first.is_sound) == (3, "a", True)
    second = next(rows)
    assert (second.row, second.respondent, second.is_sound) == (4, "b", False)
    with pytest.raises(FileRefused):
        next(rows)


def test_an_indicator_without_a_column_is_missing_for_everybody():
    assert read("respondent,P-2\na,4\n") == {"a": {"P-2": Decimal(4)}}


def test_a_heading_alone_is_a_file_without_people():
    assert read(HEADING) == {}


def test_a_respondent_may_hold_a_comma_and_a_line_break():
    content = HEADING + '"Ani, S.Sos.",1,,\n"Budi\nSantosa",2,,\nc,9,,\n'
    assert places_of(content) == [(4, "P-1")]


@pytest.mark.parametrize(
    "cell",
    [
        *("0", "5", "-1", "3.5", "1e0", "+3", "NaN", "nan", "inf", "na", "N/A", "NULL", "x", "3 4"),
        *(
            "３",
            "٣",
            "3\u200b",
            "0x1",
            "1_0",
            ".5",
            "3.",
            "3.001",
            "3.000.000",
            "9" * 10_000,
            "9" * 25,
            "=1+1",
            '"3,0"',
        ),
    ],
)
def test_a_value_outside_the_scale_is_named_by_row_and_column(cell):
    assert places_of(f"{HEADING}a,1,,\nb,{cell},,\n") == [(3, "P-1")]


@pytest.mark.parametrize("cell", ["3.0", "3.00", "3.000", "3.0000", " 3.000 ", "03", '"3.000"'])
def test_a_level_as_statistics_programs_write_it(cell):
    assert read(f"{HEADING}a,{cell},,\n") == {"a": {"P-1": Decimal(3)}}


def test_what_may_be_a_thousand_is_refused_where_the_scale_has_both():
    item = make_item("P-1", values=["1", "2", "1000"])
    scheme = make_scheme(make_pillar("P", item))
    assert read("respondent,P-1\na,2.000\nb,1.0\nc,1000\n", scheme) == {
        "a": {"P-1": Decimal(2)},
        "b": {"P-1": Decimal(1)},
        "c": {"P-1": Decimal(1000)},
    }
    with pytest.raises(FileRefused) as caught:
        read("respondent,P-1\na,1.000\n", scheme)
    assert str(caught.value) == (
        "baris 2, kolom P-1: “1.000” dapat berarti ribuan atau pecahan, dan keduanya ada pada skala. "
        "Tulis tanpa titik, salah satu dari 1, 2, 1000."
    )


def test_a_long_cell_is_not_repeated():
    assert len(message_of(f"{HEADING}a,{'x' * 10_000},,\n")) < 200


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "a,NA,,",
            "baris 2, kolom P-1: Indikator ini tidak boleh dijawab NA. "
            "Isi salah satu dari 1, 2, 3, 4, atau kosongkan.",
        ),
        (
            "a,5,,",
            "baris 2, kolom P-1: “5” di luar skala. Isi salah satu dari 1, 2, 3, 4; "
            "kosong bila tidak dijawab.",
        ),
        (
            "a,,n/a,",
            "baris 2, kolom P-2: “n/a” di luar skala. Isi salah satu dari 1, 2, 3, 4, atau NA; "
            "kosong bila tidak dijawab.",
        ),
        (
            'a,,,"0,5"',
            "baris 2, kolom P-3: “0,5” memakai koma. Tulis dengan titik desimal, "
            "salah satu dari 0, 0.5, 1.",
        ),
        (",1,,", "baris 2, kolom respondent: Responden kosong. Isi pengenal orangnya."),
        ("a,1", "baris 2: Ada 2 sel, sedangkan judulnya 4 kolom. Samakan."),
        ("a,1,1,1,", "baris 2: Ada 5 sel, sedangkan judulnya 4 kolom. Samakan."),
        (
            "a,,,\na,,,",
            "baris 3, kolom respondent: “a” sudah ada di baris 2. Satu orang hanya satu baris.",
        ),
        (
            f"{'a' * 101},,,",
            "baris 2, kolom respondent: Lebih dari 100 karakter. Periksa isi sel ini.",
        ),
        ('"a,1,,', "baris 2: Tanda kutip tidak berpasangan, atau isi sel terlalu panjang."),
        ('a,"1"1,,', "baris 2: Tanda kutip tidak berpasangan, atau isi sel terlalu panjang."),
        (
            f"a,{'1' * 200_000},,",
            "baris 2: Tanda kutip tidak berpasangan, atau isi sel terlalu panjang.",
        ),
        ("a,1,,\nb,1\0,,", "baris 3: Ada karakter NUL. Simpan ulang sebagai CSV UTF-8."),
    ],
)
def test_a_refusal_says_where_and_what_to_do(line, message):
    assert message_of(f"{HEADING}{line}\n") == message


@pytest.mark.parametrize(
    ("heading", "places"),
    [
        ("respondent,P-1,X", [(1, "X")]),
        ("respondent,p-1", [(1, "p-1")]),
        ("respondent,P-1,P-1", [(1, "P-1")]),
        ("respondent,P-1,respondent", [(1, "respondent")]),
        ("respondent,P-1,", [(1, "C")]),
        ("respondent,,", [(1, "B"), (1, "C")]),
        ("nip,P-1", [(1, "nip"), (1, "respondent")]),
        ("Respondent,P-1", [(1, "Respondent"), (1, "respondent")]),
        ("respondent\tP-1", [(1, "respondent\tP-1"), (1, "respondent")]),
        ('"respondent,P-1', [(1, "")]),
        ("respondent," + "x" * 200_000, [(1, "")]),
    ],
)
def test_a_fault_of_the_heading(heading, places):
    assert places_of(f"{heading}\n") == places


def test_a_column_far_right_is_named_as_a_spreadsheet_names_it():
    assert places_of(f"respondent{',' * 27}P-1\n")[-1] == (1, "AA")


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\n\nrespondent,P-1\n"])
def test_an_empty_file_is_refused(content):
    assert places_of(content)[-1] in {(0, ""), (1, "respondent")}


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (HEADING.encode() + b"a,1,,\n\xe9,1,,\n", 3),
        (HEADING.encode("utf-16"), 1),
        (b"PK\x03\x04\x14\x00\x06", 0),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0),
    ],
)
def test_what_is_not_utf8_text_is_refused_by_row(content, row):
    assert places_of(content) == [(row, "")]


def test_every_fault_is_named_at_once():
    content = "respondent,P-1,X,P-2\na,5,1,NA\na,1,1,x\n,NA,1,\n" + "b,1\n" + "c,4,,4\n"
    assert places_of(content) == [
        (1, "X"),
        (2, "P-1"),
        (3, "respondent"),
        (3, "P-2"),
        (4, "respondent"),
        (4, "P-1"),
        (5, ""),
    ]


def test_faults_without_end_are_cut_off():
    content = HEADING + "".join(f"{number},9,9,9\n" for number in range(1_000))
    places = places_of(content)
    assert len(places) == 1_001
    assert (places[-2], places[-1]) == ((335, "P-1"), (0, ""))
