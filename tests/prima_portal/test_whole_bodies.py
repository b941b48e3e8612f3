"""A line that dies in the middle of what is sent: nothing of it is taken for the whole."""

import io

import pytest
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.test import RequestFactory

from prima_portal.middleware import WholeBodies, WholeBody

FORM = b"indicator=ALF-01&ALF-01=2&ALF-01:note=Contoh+yang+panjang"


def received(body: bytes, announced: int, content_type: str) -> WSGIRequest:
    """The request that the portal reads."""
    found = []
    environ = RequestFactory().post("/").environ | {
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(announced),
        "wsgi.input": io.BytesIO(body),
    }
    WholeBodies(lambda environ, _start: found.append(WSGIRequest(environ)) or [])(environ, None)
    return found[0]


def test_a_form_that_came_whole_is_read():
    form = received(FORM, len(FORM), "application/x-www-form-urlencoded").POST
    assert form == QueryDict(FORM.decode())


@pytest.mark.parametrize("sent", [0, 20, 25, len(FORM) - 1])
def test_a_form_that_was_cut_off_is_none(sent):
    request = received(FORM[:sent], len(FORM), "application/x-www-form-urlencoded")
    with pytest.raises(BadRequest):
        _ = request.POST


def test_neither_is_a_file_that_was_cut_off():
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="sk.pdf"\r\n\r\n'
        + b"%PDF-1.7 " * 10_000
        + b"\r\n--x--\r\n"
    )
    kind = "multipart/form-data; boundary=x"
    assert received(body, len(body), kind).FILES["file"].size == 90_000
    cut = received(body[:50_000], len(body), kind)
    with pytest.raises(BadRequest):
        _ = cut.FILES


def test_lines_are_counted_too():
    body = WholeBody(io.BytesIO(b"one\ntwo\n"), 8)
    read = [body.readline(65536), body.read(2), body.readline(65536), body.read(9)]
    assert read == [b"one\n", b"tw", b"o\n", b""]
