"""English, chosen once, on every page of the cast: none of the portal's own Indonesian is left."""

import re
from html import unescape
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings
from django.urls import reverse

CATALOGUE = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"
SHORTEST = 12  # shorter texts may stand within a name or a word of English


def indonesian() -> set[str]:
    """Texts that read otherwise in English; those with parts to fill in are left out."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    return {
        message.id
        for message in catalogue
        if isinstance(message.id, str)
        and len(message.id) >= SHORTEST
        and "%" not in message.id
        and message.string not in ("", message.id)
    }


def test_no_indonesian_is_left(client, assessment, ani, budi, dewi):
    pages = {
        ani: [
            reverse("home"),
            reverse("accounts:profile"),
            reverse("assessments:index"),
            *(reverse(f"assessments:{name}", args=(assessment.pk,)) for name in ("tasks", "check")),
            reverse("assessments:fill", args=(assessment.pk, "ALFA")),
        ],
        budi: [reverse("home"), reverse("assessments:review_list"), reverse("dashboards:index")],
        dewi: [
            reverse("home"),
            reverse("pillars:index"),
            reverse("pillars:upload"),
            reverse("assessments:cycle_list"),
            reverse("assessments:cycle_open"),
        ],
    }
    texts = indonesian()
    for person, addresses in pages.items():
        client.force_login(person)
        client.post(reverse("set_language"), {"language": "en"})
        for address in addresses:
            response = client.get(address, follow=True)
            html = response.content.decode()
            assert '<html lang="en"' in html, address
            page = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "\n", html)))
            assert {text for text in texts if text in page} == set(), address
