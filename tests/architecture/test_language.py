"""Source text is Indonesian and goes through the catalogues; English is its translation."""

import re

from tests.architecture.source import template_text, templates
from tests.architecture.test_catalogues import read_catalogue

# Common English words that no Indonesian sentence has.
ENGLISH_WORDS = """
    and are been cannot click delete do does for has have how is must no not of or our please save select
    should that the their there this to was were what when where which who will with you your
"""
ENGLISH = frozenset(ENGLISH_WORDS.split())
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|\{\w*\}|<[^>]*>")

# Names of products and codes that are the same in every language.
NOT_WORDS = re.compile(
    r"\b(PRIMA|PAN|RB|BKN|LAN|NIP|URL|WIB|CSV|XLSX|TOML|nbsp|mdash|ndash|times|hellip|middot)\b"
)
UNTRANSLATED_ATTRIBUTES = re.compile(
    r"\s(?:alt|aria-label|placeholder|title|content)=\"[^\"{]*[A-Za-z]{3}[^\"{]*\"", re.IGNORECASE
)
TECHNICAL_ATTRIBUTES = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)


def test_messages_are_written_in_indonesian():
    """Remedy: write the source text in Indonesian; its English goes to locale/en."""
    texts = [
        text
        for message in read_catalogue("id")
        if message.id
        for text in (message.id if message.pluralizable else (message.id,))
    ]
    english = [
        text
        for text in texts
        if ENGLISH & set(re.findall(r"[a-z]+", PLACEHOLDERS.sub(" ", text).lower()))
    ]
    assert english == [], "\n".join(english)


def bare_text(markup: str) -> str:
    """What a template says without asking the catalogue."""
    markup = re.sub(r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->", " ", markup, flags=re.S)
    markup = re.sub(r"{% (blocktranslate|blocktrans)\b.*?{% end\1 %}", " ", markup, flags=re.S)
    markup = TECHNICAL_ATTRIBUTES.sub(" ", re.sub(r"{%.*?%}|{{.*?}}", " ", markup, flags=re.S))
    attributes = " ".join(UNTRANSLATED_ATTRIBUTES.findall(markup))
    return NOT_WORDS.sub("", attributes + re.sub(r"<[^>]*>|&\w+;", " ", markup))


def test_templates_say_nothing_untranslated():
    """Remedy: `{% translate "…" %}`, or `{% blocktranslate %}` where something is put in."""
    offenders = [
        f"{name}: {' '.join(words)}"
        for name in templates()
        if name.suffix == ".html" and not str(name).startswith("styleguide")
        for words in [re.findall(r"[A-Za-z]{3,}", bare_text(template_text(name)))]
        if words
    ]
    assert offenders == [], "\n".join(offenders)
