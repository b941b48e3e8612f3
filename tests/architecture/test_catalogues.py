"""Both languages are complete. Remedy for each: `make messages`, then translate in locale/."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def read_catalogue(language: str) -> Catalog:
    path = settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language):
    untranslated = [
        message.id
        for message in read_catalogue(language)
        if message.id and not (all(message.string) if message.pluralizable else message.string)
    ]
    assert untranslated == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language):
    fuzzy = [message.id for message in read_catalogue(language) if message.id and message.fuzzy]
    assert fuzzy == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_every_placeholder(language):
    faults = [
        (message.id, str(error))
        for message, errors in read_catalogue(language).check()
        for error in errors
    ]
    assert faults == []
