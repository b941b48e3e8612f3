"""What an uploaded file really is: bytes to a checked, cleaned file, or the reason why not."""

import hashlib
import io
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from accounts.errors import Refused
from assessments.enums import MediaType

if TYPE_CHECKING:
    from PIL import Image

MIB: Final = 1024 * 1024
MAXIMUM_BYTES: Final = 5 * MIB
MAXIMUM_PIXELS: Final = 25_000_000
"""A phone's photograph has about twelve million; each costs four bytes while it is drawn anew."""
MAXIMUM_SIDE: Final = 65_535
"""Pixels; what JPEG can say. A picture of one column costs more for its rows than for its pixels."""
MAXIMUM_SCANS: Final = 64
"""Passes of a progressive JPEG: programs write about ten, and each goes over the whole picture again."""
MAXIMUM_NAME: Final = 120
SUFFIXES: Final = {
    MediaType.PDF: (".pdf",),
    MediaType.JPEG: (".jpg", ".jpeg"),
    MediaType.PNG: (".png",),
}
_SCAN: Final = b"\xff\xda"
_FORMATS: Final = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG"}
_HEAD, _TAIL = 2_048, 2_048
_PACKS: Final = re.compile(rb"/ObjStm\b")
_OPENS: Final = re.compile(rb">>[\s\0]*stream[ \t]*[\r\n]")
_PAIRS: Final = re.compile(rb"[\s\0]*[0-9]+[\s\0]+[0-9]+")
"""What an object stream unpacks to begins with: numbers and places. Nothing else does that was packed twice."""
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|ImportData|SubmitForm)\b"
)
_ACTIVE_ANYWHERE: Final = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|ImportData|SubmitForm|ObjStm)\b"
    rb"|/XFA[\s\0]*[\[0-9]"
)
"""Long enough never to stand in packed bytes by chance; where only a comment opens a stream, readers see objects."""
_ENCRYPTED: Final = re.compile(rb"/Encrypt\b")
_UNPACKED: Final = 4 * MIB


class Problem(StrEnum):
    """Why a file is not taken."""

    NONE = "none"
    EMPTY = "empty"
    TYPE = "type"
    SIZE = "size"
    PIXELS = "pixels"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    TOO_MANY = "too-many"
    QUOTA = "quota"
    FAILED = "failed"
    INFECTED = "infected"


class EvidenceRefused(Refused):
    """The file is not kept; `problem` says which rule, the text what to do. Answers are not touched."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(_words(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept. `content` of a picture is drawn anew, so that it holds nothing else."""

    name: str
    media_type: MediaType
    content: bytes

    @property
    def sha256(self) -> str:
        """Digest of what is kept, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def check_evidence(content: bytes, *, name: str) -> CheckedFile:
    """Look at the bytes, never at the name or the browser's word. Raises EvidenceRefused."""
    if not content:
        raise EvidenceRefused(Problem.EMPTY)
    if len(content) > MAXIMUM_BYTES:
        raise EvidenceRefused(Problem.SIZE)
    media_type = _media_type(content)
    if media_type == MediaType.PDF:
        _check_pdf(content)
    else:
        content = _redrawn(content, _FORMATS[media_type])
    return CheckedFile(clean_name(name, media_type), media_type, content)


def clean_name(name: str, media_type: MediaType) -> str:
    """A name to show: no path, nothing invisible, at most 120 characters, an ending that is true."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    base = "".join(each if unicodedata.category(each)[0] != "C" else " " for each in base)
    base = " ".join(base.split()).strip(". ")
    stem, dot, ending = base.rpartition(".")
    suffix = f".{ending.lower()}" if dot else ""
    if suffix in SUFFIXES[media_type]:
        base = stem.rstrip(". ")
    else:
        suffix = SUFFIXES[media_type][0]
    return (base or _("bukti"))[: MAXIMUM_NAME - len(suffix)] + suffix


def _media_type(content: bytes) -> MediaType:
    import puremagic  # noqa: PLC0415  1 MB, needed by uploads alone

    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        found = set()
    for media_type, magic in (
        (MediaType.PDF, b"%PDF-"),
        (MediaType.JPEG, b"\xff\xd8\xff"),
        (MediaType.PNG, b"\x89PNG\r\n\x1a\n"),
    ):
        if media_type in found and content.startswith(magic):
            return media_type
    raise EvidenceRefused(Problem.TYPE)


def _redrawn(content: bytes, form: str) -> bytes:
    """The picture alone, upright: no place, camera, comment, thumbnail or second frame."""
    from PIL import Image, ImageOps  # noqa: PLC0415  3 MB, needed by uploads alone

    # Packed pixels never hold these two bytes; a thumbnail in the head holds them once or twice.
    if form == "JPEG" and content.count(_SCAN) > MAXIMUM_SCANS:
        raise EvidenceRefused(Problem.DAMAGED)
    try:
        with Image.open(io.BytesIO(content), formats=(form,)) as image:
            # Opening reads the head alone: nothing is unpacked before the size is known.
            if image.width * image.height > MAXIMUM_PIXELS or max(image.size) > MAXIMUM_SIDE:
                raise EvidenceRefused(Problem.PIXELS)
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith("I"):
                # Sixteen bits of grey: converting alone would cut all but the darkest to white.
                upright = upright.point(lambda grey: grey / 256)
            upright = upright.convert(_mode(upright, form))
            drawn = io.BytesIO()
            plain = Image.new(upright.mode, upright.size)
            plain.paste(upright)
            plain.save(drawn, form, quality=85) if form == "JPEG" else plain.save(drawn, form)
            if form == "JPEG" and drawn.tell() > len(content):
                drawn = io.BytesIO()  # the camera saved more room: as coarse as it did
                plain.save(drawn, form, qtables=image.quantization)  # type: ignore[attr-defined]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise EvidenceRefused(Problem.PIXELS) from error
    except (OSError, ValueError, SyntaxError, EOFError, zlib.error) as error:
        raise EvidenceRefused(Problem.DAMAGED) from error
    return drawn.getvalue()


def _mode(image: "Image.Image", form: str) -> str:
    if image.mode in ("1", "L") or image.mode.startswith("I"):
        return "L"
    transparent = form == "PNG" and (
        image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
    )
    return "RGBA" if transparent else "RGB"


def _check_pdf(content: bytes) -> None:
    """Whole, open and still: what is checked without a PDF engine (docs/security.md)."""
    if b"%%EOF" not in content[-_TAIL:] or b"startxref" not in content[-_TAIL:]:
        raise EvidenceRefused(Problem.DAMAGED)
    room = _UNPACKED
    for outside, inside in _parts(content):
        packs = _check_objects(outside)
        _refuse(_ACTIVE_ANYWHERE, _names(inside), Problem.ACTIVE)
        if packs:
            room -= _check_packed(inside, room)


def _check_objects(objects: bytes) -> bool:
    """Look at objects that stand open; whether the stream behind them is said to pack more."""
    # An end without a beginning that we know: a stream that others read and we did not.
    if b"endstream" in objects:
        raise EvidenceRefused(Problem.DAMAGED)
    names = _names(objects)
    _refuse(_ENCRYPTED, names, Problem.ENCRYPTED)
    _refuse(_ACTIVE, names, Problem.ACTIVE)
    return _PACKS.search(names) is not None


def _check_packed(packed: bytes, room: int) -> int:
    """Look at an object stream, packed once as every program does it; how many bytes it unpacks to."""
    try:
        objects = zlib.decompressobj().decompress(packed.lstrip(), room)
    except zlib.error as error:
        raise EvidenceRefused(Problem.DAMAGED) from error
    if len(objects) >= room or not _PAIRS.match(objects):
        raise EvidenceRefused(Problem.DAMAGED)
    _check_objects(objects)
    return len(objects)


def _refuse(pattern: re.Pattern[bytes], names: bytes, problem: Problem) -> None:
    if pattern.search(names):
        raise EvidenceRefused(problem)


def _names(part: bytes) -> bytes:
    """With names as readers understand them: `/Java#53cript` is the same name, written otherwise."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Objects up to each stream, with what the stream holds; nothing after the last. One pass."""
    place = 0
    while opening := _OPENS.search(content, place):
        end = content.find(b"endstream", opening.end())
        if end < 0:
            break
        yield content[place : opening.start()], content[opening.end() : end]
        place = end + len(b"endstream")
    yield content[place:], b""


def _words(problem: Problem) -> str:
    return {
        Problem.NONE: _("Pilih dahulu berkas yang akan diunggah."),
        Problem.EMPTY: _("Berkas ini kosong (0 bita). Pilih berkas lain."),
        Problem.TYPE: _(
            "Isi berkas ini bukan PDF, JPEG, atau PNG. "
            "Simpan ulang sebagai salah satunya, lalu unggah lagi."
        ),
        Problem.SIZE: _(
            "Berkas ini lebih besar daripada 5 MB. Perkecil dahulu, lalu unggah lagi. "
            "Di ponsel, tangkapan layar dari foto itu biasanya cukup kecil."
        ),
        Problem.PIXELS: _(
            "Gambar ini terlalu besar: paling banyak 25 juta piksel, dan 65.535 pada satu sisi. "
            "Perkecil dahulu, lalu unggah lagi."
        ),
        Problem.DAMAGED: _(
            "Berkas ini rusak atau tidak utuh. Buka dan simpan ulang, lalu unggah lagi."
        ),
        Problem.ENCRYPTED: _("PDF ini terkunci kata sandi. Simpan tanpa kata sandi, lalu unggah."),
        Problem.ACTIVE: _(
            "PDF ini berisi program, formulir, atau lampiran. Cetak ulang menjadi PDF biasa, lalu unggah."
        ),
        Problem.TOO_MANY: _(
            "Sudah ada 10 berkas untuk pernyataan ini. Hapus salah satu bila ingin menambah."
        ),
        Problem.QUOTA: _(
            "Seluruh berkas Anda pada periode ini mencapai 100 MB. Hapus atau perkecil berkas lain."
        ),
        Problem.FAILED: _(
            "Berkas belum tersimpan karena gangguan penyimpanan. "
            "Jawaban Anda tidak terganggu; coba unggah lagi sebentar lagi."
        ),
        Problem.INFECTED: _(
            "Pemindai menemukan virus pada berkas ini, jadi tidak disimpan. "
            "Bersihkan perangkat Anda, lalu unggah berkas lain."
        ),
    }[problem]
