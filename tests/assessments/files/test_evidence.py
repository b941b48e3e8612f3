"""What an uploaded file is told by its bytes alone."""

import io
import time
import tracemalloc
import zlib

import pytest
from PIL import Image

from assessments.enums import MediaType
from assessments.files.evidence import (
    MAXIMUM_BYTES,
    MAXIMUM_SCANS,
    MAXIMUM_SIDE,
    EvidenceRefused,
    Problem,
    check_evidence,
    clean_name,
)
from tests.assessments import papers


def refusal_of(content: bytes, name: str = "surat.pdf") -> Problem:
    with pytest.raises(EvidenceRefused) as refused:
        check_evidence(content, name=name)
    return refused.value.problem


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (papers.pdf(), MediaType.PDF),
        (papers.picture("JPEG"), MediaType.JPEG),
        (papers.picture("PNG"), MediaType.PNG),
    ],
)
def test_the_three_kinds_are_taken_whatever_they_are_called(content, media_type):
    file = check_evidence(content, name="apa saja.exe")
    assert file.media_type == media_type
    assert file.name.startswith("apa saja.exe.")


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"MZ\x90\x00" + b"\0" * 500,
        b"alert(1)",
        b"PK\x03\x04" + b"\0" * 100,
        b"GIF89a" + b"\0" * 100,
        b"<html>%PDF-1.4 %%EOF startxref",
        papers.picture("GIF"),
        papers.picture("TIFF"),
        papers.EICAR,
    ],
)
def test_anything_else_is_refused_by_its_content(content):
    assert refusal_of(content) == Problem.TYPE


def test_a_pdf_is_kept_byte_for_byte():
    assert check_evidence(papers.pdf(), name="a.pdf").content == papers.pdf()


def test_a_picture_is_drawn_anew_without_place_camera_or_comment_and_upright():
    file = check_evidence(papers.located_picture(), name="foto.jpg")
    with Image.open(io.BytesIO(file.content)) as image:
        assert dict(image.getexif()) == {}
        assert image.size == (20, 40)
        assert "comment" not in image.info
    assert b"Rahasia" not in file.content


def test_a_coarse_photograph_does_not_grow():
    noise = io.BytesIO()
    Image.effect_noise((600, 400), 60).convert("RGB").save(noise, "JPEG", quality=30)
    file = check_evidence(noise.getvalue(), name="foto.jpg")
    assert len(file.content) <= len(noise.getvalue()) * 1.01
    with Image.open(io.BytesIO(file.content)) as image:
        assert image.size == (600, 400)


def test_what_is_hidden_behind_a_picture_is_left_behind():
    file = check_evidence(papers.picture("PNG") + b"<script>alert(1)</script>", name="a.png")
    assert b"script" not in file.content


def test_a_transparent_picture_stays_transparent():
    content = io.BytesIO()
    Image.new("RGBA", (2, 2), (1, 2, 3, 0)).save(content, "PNG")
    file = check_evidence(content.getvalue(), name="a.png")
    with Image.open(io.BytesIO(file.content)) as image:
        assert image.getpixel((0, 0)) == (1, 2, 3, 0)


def test_sixteen_bits_of_grey_stay_as_dark_as_they_were():
    grey, content = Image.new("I;16", (256, 1)), io.BytesIO()
    grey.putdata([shade * 257 for shade in range(256)])
    grey.save(content, "PNG")
    file = check_evidence(content.getvalue(), name="pindaian.png")
    with Image.open(io.BytesIO(file.content)) as image:
        assert (image.mode, image.tobytes()) == ("L", bytes(range(256)))


def test_a_photograph_that_is_painted_over_without_end_is_refused_before_it_is_drawn():
    content = io.BytesIO()
    Image.new("RGB", (400, 400)).save(content, "JPEG", progressive=True)
    whole = content.getvalue()
    last = whole[whole.rindex(b"\xff\xda") : -2]
    assert check_evidence(whole, name="a.jpg").media_type == MediaType.JPEG
    assert refusal_of(whole[:-2] + last * MAXIMUM_SCANS + whole[-2:], "a.jpg") == Problem.DAMAGED


def test_a_picture_of_one_column_is_refused_by_its_side():
    content = io.BytesIO()
    Image.new("L", (1, MAXIMUM_SIDE + 1)).save(content, "PNG")
    assert refusal_of(content.getvalue(), "a.png") == Problem.PIXELS


@pytest.mark.parametrize("side", [5_001, 11_000, 30_000])
def test_a_picture_of_too_many_pixels_is_refused_without_drawing_it(side):
    content = papers.huge_picture(side)
    tracemalloc.start()
    assert refusal_of(content, "a.png") == Problem.PIXELS
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(content) < 1_000
    assert peak < 4_000_000


@pytest.mark.parametrize(
    "content",
    [
        papers.picture("PNG")[:60],
        papers.picture("JPEG", (400, 400))[:-200],
        b"%PDF-1.4\nbuang",
        papers.pdf()[:-20],
    ],
)
def test_a_damaged_file_is_refused(content):
    assert refusal_of(content) == Problem.DAMAGED


def test_an_empty_and_a_large_file_are_refused_before_looking_inside():
    assert refusal_of(b"") == Problem.EMPTY
    assert refusal_of(papers.pdf(b"%" * MAXIMUM_BYTES)) == Problem.SIZE


@pytest.mark.parametrize(
    "body",
    [
        b"5 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj",
        b"5 0 obj<</S/Java#53cript>>endobj",
        b"5 0 obj<</S/Launch/F(cmd.exe)>>endobj",
        b"5 0 obj<</Names<</EmbeddedFiles 6 0 R>>>>endobj",
        b"5 0 obj<</Subtype/RichMedia>>endobj",
        b"5 0 obj<</AcroForm<</XFA 6 0 R>>>>endobj",
        papers.packed(b"5 0 <</S/JavaScript/JS(app.alert(1))>>"),
    ],
)
def test_a_pdf_that_could_do_something_is_refused(body):
    assert refusal_of(papers.pdf(body)) == Problem.ACTIVE


def test_a_locked_pdf_is_refused_with_its_own_word():
    assert refusal_of(papers.pdf(b"trailer<</Encrypt 9 0 R>>")) == Problem.ENCRYPTED


def test_letters_inside_a_compressed_stream_are_no_program():
    body = b"5 0 obj<</Length 4>>stream\n/JS (x\nendstream endobj"
    assert check_evidence(papers.pdf(body), name="a.pdf").media_type == MediaType.PDF


def test_objects_that_unpack_without_end_are_refused_in_bounded_memory():
    content = papers.pdf(papers.packed(b"\0" * 50_000_000))
    assert len(content) < 1_000_000
    tracemalloc.start()
    assert refusal_of(content) == Problem.DAMAGED
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


SCRIPT = b"5 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\n"
OBJECTS = b"5 0 <</S/JavaScript/JS(app.alert(1))>>"
PACKED = zlib.compress(OBJECTS)


def _objects(packed: bytes, head: bytes = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode") -> bytes:
    return b"4 0 obj<<%b>>stream\n%b\nendstream endobj\n" % (head, packed)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"% stream\n" + SCRIPT + b"% endstream\n", Problem.DAMAGED),
        (b"%>>\nstream\n" + SCRIPT + b"endstream\n", Problem.ACTIVE),
        (b"%>>\nstream\n" + _objects(PACKED), Problem.ACTIVE),
        (b"%>>\nstream\n9 0 obj<</XFA [1 0 R]>>endobj\nendstream\n", Problem.ACTIVE),
        (_objects(PACKED, b"/Type/Obj#53tm/Filter/FlateDecode"), Problem.ACTIVE),
        (_objects(PACKED, b"/Type/ObjStm" + b" " * 2_000), Problem.ACTIVE),
        (b"4 0 obj<</Type/ObjStm>>%%\nstream\n%b\nendstream\n" % PACKED, Problem.DAMAGED),
        (_objects(zlib.compress(b"4 0 <<>>") + b"\n" + SCRIPT), Problem.ACTIVE),
        (_objects(OBJECTS.hex().encode(), b"/Type/ObjStm/Filter/ASCIIHexDecode"), Problem.DAMAGED),
        (_objects(zlib.compress(PACKED)), Problem.DAMAGED),
        (_objects(zlib.compress(b"\2" + OBJECTS)), Problem.DAMAGED),
        (_objects(PACKED[:-12] + b"\0" * 12), Problem.DAMAGED),
    ],
    ids=[
        *("comments", "comment-as-dictionary", "objects-in-it", "forms-in-it", "escaped-name"),
        *("long-dictionary", "unknown-opening", "behind-the-packed", "hexadecimal", "packed-twice"),
        *("predicted", "broken-end"),
    ],
)
def test_a_program_is_not_hidden_by_how_streams_are_written(body, problem):
    assert refusal_of(papers.pdf(body)) == problem


@pytest.mark.parametrize(
    "body",
    [
        b"5 0 obj<</Title(Laporan downstream, endobj)>>endobj",
        b"5 0 obj<</Length 9>>\r\nstream \r\n/JS /XFA x\nendstream endobj",
        _objects(zlib.compress(b" 5 0 6 9 <</Title(a)>><<>>")),
    ],
)
def test_a_plain_pdf_is_taken(body):
    assert check_evidence(papers.pdf(body), name="a.pdf").media_type == MediaType.PDF


@pytest.mark.parametrize("opening", [b"/ObjStm stream\n", b"<</Type/ObjStm>>\nstream\n"])
def test_a_pdf_full_of_openings_takes_no_longer_than_its_length(opening):
    content = papers.pdf(opening * 200_000)
    began = time.process_time()
    assert refusal_of(content) == Problem.DAMAGED
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("surat.pdf", "surat.pdf"),
        ("SURAT.PDF", "SURAT.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\ani\\SK 800.pdf", "SK 800.pdf"),
        ("surat\r\nSet-Cookie: a=b.pdf", "surat Set-Cookie: a=b.pdf"),
        ("gpj.\u202efdp.exe", "gpj. fdp.exe.pdf"),
        ('"><script>.pdf', '"><script>.pdf'),
        ("", "bukti.pdf"),
        (".pdf", "pdf.pdf"),
        ("..", "bukti.pdf"),
        ("\0", "bukti.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name, shown):
    assert clean_name(name, MediaType.PDF) == shown
