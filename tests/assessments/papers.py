"""Small files as people send them, honest and hostile, made on the spot."""

import io
import struct
import zlib

from PIL import Image

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf(body: bytes = b"") -> bytes:
    """A PDF of one empty page; `body` stands among its objects."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        + body
        + b"\ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n9\n%%EOF\n"
    )


def packed(objects: bytes) -> bytes:
    """Objects inside a compressed object stream."""
    return b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\n%b\nendstream endobj" % (
        zlib.compress(objects)
    )


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    """A picture; options are Pillow's."""
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, form, **options)
    return content.getvalue()


def located_picture() -> bytes:
    """A photograph lying on its side, which names a place, a camera and a comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Kamera Rahasia"
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 10.0, 30.0)})
    return picture(exif=exif, comment=b"Jalan Rahasia 7")


def huge_picture(side: int = 30_000) -> bytes:
    """A PNG that says it is `side` pixels square, and holds a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
        )

    head = struct.pack("!IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 50_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
