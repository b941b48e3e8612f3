"""What tests of pages share."""

import re
from html import unescape


def text_of(response):
    """The visible text of a page, spaces collapsed."""
    html = re.sub(r"<(script|style|title).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))
