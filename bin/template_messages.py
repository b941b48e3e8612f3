"""Messages of Django templates for Babel, which reads Python: the machine needs no gettext programs."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def extract(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Yield what Babel's extractors yield: line number, function name, message or messages, comments.

    Django itself turns the template into gettext calls, as for its own makemessages, so the message is
    exactly the one looked up at run time. Without their indentation the lines are tokens of Python.
    """
    calls = templatize(file.read().decode("utf-8"))
    lines = "\n".join(line.strip() for line in calls.splitlines())
    yield from extract_python(io.BytesIO(lines.encode("utf-8")), keywords, comment_tags, options)
