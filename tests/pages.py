"""What tests of pages share."""

import io
import json
import re
import zipfile
from html import unescape


def text_of(response):
    """The visible text of a page, spaces collapsed."""
    html = re.sub(r"<(script|style|title).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def document_in(response):
    """What "Data saya" hands over for machines, out of the archive."""
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        return json.loads(archive.read("data-saya.json"))
