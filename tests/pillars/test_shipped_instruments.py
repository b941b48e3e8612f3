"""The shipped instruments keep the rules of docs/instrument-prima.md, whoever edits them next."""

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from assessments.scoring import (
    NOT_APPLICABLE,
    Answer,
    BandScheme,
    Conversion,
    ItemScheme,
    PillarScheme,
    Scheme,
    Scorecard,
    aggregate,
    score,
)
from pillars.files import IndicatorDocument, InstrumentDocument, read_toml, write_toml

SHIPPED = Path(__file__).parents[2] / "pillars" / "instruments"
PRIMA = read_toml((SHIPPED / "prima-2026.1.toml").read_bytes())
SKM = read_toml((SHIPPED / "skm-2017.toml").read_bytes())

BERAKHLAK = {
    "Berorientasi Pelayanan",
    "Akuntabel",
    "Kompeten",
    "Harmonis",
    "Loyal",
    "Adaptif",
    "Kolaboratif",
}
# How often and how much mean something else to each reader, and nobody can verify them.
FREQUENCY_OR_DEGREE = re.compile(
    r"\b(jarang|kadang|terkadang|sering|kerap|selalu|senantiasa|biasanya|umumnya|pernah|hampir"
    r"|kurang|cukup|sangat|amat|baik|optimal|maksimal)\b",
    re.IGNORECASE,
)
# What a level 4 can leave behind, so that evidence of it can exist.
TRACE = re.compile(
    r"\b(tertulis|panduan|ringkasan|catatan|daftar|rubrik|papan|laporan|jadwal|rencana|dokumen"
    r"|templat|formulir|lembar|arsip|laman|standar|bahan)\b",
    re.IGNORECASE,
)
TWO_BEHAVIOURS = re.compile(r"\b(dan|serta) (me|mem|men|meng|ber)[a-z]+", re.IGNORECASE)
JOINED = re.compile(r"\b(dan|serta)\b", re.IGNORECASE)


def indicators(document: InstrumentDocument) -> Iterator[IndicatorDocument]:
    for pillar in document.pillars:
        yield from pillar.indicators


def reason(indicator: IndicatorDocument) -> str:
    assert indicator.why is not None, indicator.code
    return indicator.why.reason


def scheme_of(document: InstrumentDocument) -> Scheme:
    return Scheme(
        code=document.code,
        version=document.version,
        conversion=Conversion(document.conversion),
        minimum_coverage=document.minimum_coverage,
        decimals=document.decimals,
        bands=tuple(BandScheme(band.code, band.lower) for band in document.bands),
        pillars=tuple(
            PillarScheme(
                pillar.code,
                pillar.weight,
                tuple(
                    ItemScheme(
                        indicator.code,
                        indicator.weight,
                        tuple(point.value for point in document.scale_of(indicator)),
                        indicator.reversed,
                        indicator.not_applicable,
                        indicator.evidence_from,
                    )
                    for indicator in pillar.indicators
                ),
            )
            for pillar in document.pillars
        ),
    )


def card(document: InstrumentDocument, value: int, **others: Answer | None) -> Scorecard:
    """Score one person who chose one value throughout, except for `others`: by code, _ for -."""
    answers: Mapping[str, Answer | None] = {
        indicator.code: Decimal(value) for indicator in indicators(document)
    } | {code.replace("_", "-"): answer for code, answer in others.items()}
    return score(scheme_of(document), answers)


def total(scorecard: Scorecard) -> tuple[str | None, str | None]:
    rounded = scorecard.total.rounded
    return (None if rounded is None else str(rounded)), scorecard.total.band


each_prima = pytest.mark.parametrize(
    "indicator", list(indicators(PRIMA)), ids=lambda each: each.code
)
each_shipped = pytest.mark.parametrize(
    "indicator", [*indicators(PRIMA), *indicators(SKM)], ids=lambda each: each.code
)


class TestPrima:
    def test_has_five_pillars_of_six_indicators_of_equal_weight(self):
        assert [(each.code, len(each.indicators), each.weight) for each in PRIMA.pillars] == [
            ("PROFESIONAL", 6, 20),
            ("RESPONSIF", 6, 20),
            ("INOVATIF", 6, 20),
            ("MELAYANI", 6, 20),
            ("AKUNTABEL", 6, 20),
        ]
        assert {each.weight for each in indicators(PRIMA)} == {1}

    def test_codes_name_the_pillar_and_count_from_one(self):
        for pillar in PRIMA.pillars:
            assert [each.code for each in pillar.indicators] == [
                f"{pillar.code[:3]}-{number:02}" for number in range(1, 7)
            ]

    def test_scale_and_rules(self):
        assert [point.value for point in PRIMA.scale] == [1, 2, 3, 4]
        assert PRIMA.minimum_coverage == Decimal("0.8")
        assert (PRIMA.conversion, PRIMA.decimals) == ("share-of-maximum", 2)

    @each_prima
    def test_statement_is_one_behaviour_in_the_first_person(self, indicator):
        assert indicator.statement.startswith("Saya ")
        assert 40 <= len(indicator.statement) <= 110
        assert JOINED.findall(indicator.statement) == []
        assert FREQUENCY_OR_DEGREE.findall(indicator.statement) == []

    @each_prima
    def test_descriptors_are_four_pictures_without_frequency_or_degree(self, indicator):
        assert len(indicator.levels) == 4
        for level in indicator.levels:
            assert 60 <= len(level) <= 160, level
            assert FREQUENCY_OR_DEGREE.findall(level) == [], level
            assert TWO_BEHAVIOURS.findall(level) == [], level

    @each_prima
    def test_descriptors_fit_the_civil_servant_and_the_supervisor(self, indicator):
        for level in indicator.levels:
            assert re.match(r"(Me|Ber)\w+ ", level), level
            assert re.findall(r"\b(saya|anda|kami|kita)\b", level, re.IGNORECASE) == [], level

    @each_prima
    def test_evidence_is_asked_at_the_top_where_a_trace_can_exist(self, indicator):
        assert indicator.evidence_from == 4
        assert TRACE.search(indicator.levels[-1]), indicator.levels[-1]

    @each_prima
    def test_is_not_reversed(self, indicator):
        assert indicator.reversed is False

    @each_prima
    def test_why_names_the_reason_a_berakhlak_value_and_a_source(self, indicator):
        match = re.match(
            r"Alasan: .+\. Nilai BerAKHLAK: ([^.]+)\..* Sumber: .+\.", reason(indicator)
        )
        assert match is not None
        assert match[1] in BERAKHLAK

    @each_prima
    def test_why_says_when_it_may_be_not_applicable(self, indicator):
        assert ("Boleh tidak relevan bila" in reason(indicator)) is indicator.not_applicable

    def test_every_berakhlak_value_is_touched(self):
        touched = {
            value
            for value in BERAKHLAK
            for each in indicators(PRIMA)
            if f": {value}." in reason(each)
        }
        assert touched == BERAKHLAK

    def test_not_applicable_is_rare(self):
        allowed = [
            sum(each.not_applicable for each in pillar.indicators) for pillar in PRIMA.pillars
        ]
        assert max(allowed) <= 2
        assert sum(allowed) <= 8

    @pytest.mark.parametrize(
        ("value", "expected"),
        [(1, ("25.00", "D")), (2, ("50.00", "C")), (3, ("75.00", "B")), (4, ("100.00", "A"))],
    )
    def test_each_step_of_the_staircase_has_its_own_band(self, value, expected):
        assert total(card(PRIMA, value)) == expected

    def test_a_pillar_of_half_threes_and_half_fours_is_in_the_top_band(self):
        fours = {f"PRO_{number:02}": Decimal(4) for number in (1, 2, 3)}
        pillar = card(PRIMA, 3, **fours).pillars[0]
        assert (str(pillar.rounded), pillar.band) == ("87.50", "A")

    def test_two_not_applicable_leave_a_pillar_its_score(self):
        scorecard = card(PRIMA, 3, MEL_01=NOT_APPLICABLE, MEL_04=NOT_APPLICABLE)
        assert total(scorecard) == ("75.00", "B")

    def test_two_missing_of_six_are_below_the_coverage(self):
        scorecard = card(PRIMA, 3, INO_01=None, INO_02=None)
        assert total(scorecard) == (None, None)
        assert str(scorecard.total.reason) == "coverage"

    def test_bands_do_not_use_the_words_of_skp_or_skm(self):
        words = {"istimewa", "sangat baik", "baik", "cukup", "kurang baik", "kurang", "tidak baik"}
        assert words & {band.label.lower() for band in PRIMA.bands} == set()


class TestSkm:
    def test_has_the_nine_elements_by_name_each_with_the_same_weight(self):
        assert [each.name for each in SKM.pillars] == [
            "Persyaratan",
            "Sistem, mekanisme, dan prosedur",
            "Waktu penyelesaian",
            "Biaya/tarif",
            "Produk spesifikasi jenis pelayanan",
            "Kompetensi pelaksana",
            "Perilaku pelaksana",
            "Penanganan pengaduan, saran dan masukan",
            "Sarana dan prasarana",
        ]
        assert {each.weight for each in SKM.pillars} == {1}
        assert [len(each.indicators) for each in SKM.pillars] == [1] * 9

    def test_bands_are_those_of_the_regulation(self):
        assert [(band.code, str(band.lower), band.label) for band in SKM.bands] == [
            ("A", "88.31", "Sangat baik"),
            ("B", "76.61", "Baik"),
            ("C", "65", "Kurang baik"),
            ("D", "25", "Tidak baik"),
        ]

    def test_asks_for_no_evidence(self):
        assert {each.evidence_from for each in indicators(SKM)} == {0}

    @pytest.mark.parametrize(
        ("value", "expected"),
        [(1, ("25.00", "D")), (2, ("50.00", "D")), (3, ("75.00", "C")), (4, ("100.00", "A"))],
    )
    def test_the_same_answer_everywhere(self, value, expected):
        assert total(card(SKM, value)) == expected

    def test_weighs_each_element_exactly_one_ninth(self):
        # 25 · (8·3 + 4)/9 = 77.777…; 0.11 for 1/9 would give 77.00, and 0.111 would give 77.70.
        assert total(card(SKM, 3, SKM_WAKTU=Decimal(4))) == ("77.78", "B")

    @pytest.mark.parametrize(
        ("fours", "threes", "expected"),
        [(13, 16, ("86.21", "B")), (28, 1, ("99.14", "A")), (29, 0, ("100.00", "A"))],
    )
    def test_an_element_has_a_figure_of_its_own(self, fours, threes, expected):
        answers = [4] * fours + [3] * threes
        people = [card(SKM, 3, SKM_PERILAKU=Decimal(value)) for value in answers]
        elements = {each.code: each for each in aggregate(scheme_of(SKM), people).pillars}
        element = elements["PERILAKU"]
        assert (str(element.rounded), element.band, element.scored) == (*expected, 29)

    def test_a_service_may_drop_an_element_and_the_rest_weigh_one_eighth(self):
        assert total(card(SKM, 3, SKM_BIAYA=NOT_APPLICABLE, SKM_WAKTU=Decimal(4))) == ("78.13", "B")

    def test_a_skipped_element_leaves_no_index(self):
        assert total(card(SKM, 3, SKM_WAKTU=None)) == (None, None)


@each_shipped
def test_next_review_is_a_year_after_the_last(indicator):
    match = re.search(r"Ditinjau: (\S+)\. Tinjauan berikutnya: (\S+)\.$", reason(indicator))
    assert match is not None
    reviewed_on, next_review = (datetime.date.fromisoformat(text) for text in match.groups())
    assert next_review == reviewed_on.replace(year=reviewed_on.year + 1)


@pytest.mark.parametrize("document", [PRIMA, SKM], ids=lambda each: each.code)
def test_no_text_is_repeated(document):
    texts = Counter(
        text for each in indicators(document) for text in (each.statement, *each.levels)
    )
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("document", [PRIMA, SKM], ids=lambda each: each.code)
def test_texts_end_as_sentences_and_hold_no_stray_space(document):
    for each in indicators(document):
        for text in (each.statement, *each.levels, reason(each)):
            assert re.search(r"[.?]$", text), text
            assert text == " ".join(text.split()), text


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda each: each.stem)
def test_file_is_as_an_export_would_write_it(path):
    # So that comparing an export with the shipped file shows nothing but real changes.
    assert write_toml(read_toml(path.read_bytes())) == path.read_text(encoding="utf-8")
