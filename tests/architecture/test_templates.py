"""Markup that the Content-Security-Policy and people without JavaScript can live with."""

import re
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT, template_text, templates

PAGES = [name for name in templates() if name.suffix == ".html"]
MAXIMUM_LINES = 150

COMMENTS = re.compile(r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->", re.DOTALL)
INLINE = {
    "a style attribute": r"<[a-z][^>]*\sstyle\s*=",
    "a style element": r"<style[\s>]",
    "an event handler": r"<[a-z][^>]*\son[a-z]+\s*=",
    "a script without a source": r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>",
    "a javascript: address": r"(?:href|src|action)\s*=\s*[\"']\s*javascript:",
}

# Asked for by a library, by Django, or by a setting; not by our code.
OF_LIBRARIES = (
    "account/",
    "mfa/",
    "allauth/",
    "bootstrap5/",
    "crispy_forms/",
    "django/",
    "widgets/",
)
OF_DJANGO = {"400.html", "403.html", "404.html", "500.html", "admin/pagination.html"}
OF_OPERATORS = {"503.html"}  # served by the proxy while the portal is being replaced

# A page may be put together from parts of its own app and of those below it.
BELOW = {
    "home": {"assessments", "pillars", "dashboards"},
    "accounts": {"account"},
    "mfa": {"account"},
    "dashboards": {"assessments"},
    "assessments": {"organization", "pillars"},
}


def markup_of(name):
    return COMMENTS.sub("", template_text(name))


def with_parts(name):
    """The markup of a template with the parts that it includes by name, one level deep."""
    ours = set(map(str, templates()))
    return re.sub(
        r"{% include \"([^\"]+)\"[^%]*%}",
        lambda part: markup_of(Path(part[1])) if part[1] in ours else "",
        markup_of(name),
    )


def test_nothing_is_inline():
    """Remedy: a class in static/css, a file in static/js; the policy refuses anything inline."""
    offenders = [
        f"{name}: {what}"
        for name in PAGES
        for what, pattern in INLINE.items()
        if re.search(pattern, markup_of(name), re.IGNORECASE)
    ]
    assert offenders == [], "\n".join(offenders)


def test_templates_fit_their_budget():
    """Remedy: cut a part into a partial beside the page (`_part.html`)."""
    lengths = {str(name): template_text(name).count("\n") for name in PAGES}
    assert {name: lines for name, lines in lengths.items() if lines > MAXIMUM_LINES} == {}


def test_forms_that_change_something_carry_the_token():
    """Remedy: `{% csrf_token %}` inside the form."""
    offenders = [
        f"{name}: {form[:60]}"
        for name in PAGES
        for form in re.findall(
            r"<form[^>]*method=\"post\"[^>]*>.*?</form>",
            with_parts(name),
            re.DOTALL | re.IGNORECASE,
        )
        if not re.search(r"csrf_token|csrf_input|{% crispy", form)
    ]
    assert offenders == [], "\n".join(offenders)


def test_no_template_is_unused():
    """Remedy: delete it, or name it where it is used."""
    source = "".join(
        path.read_text(encoding="utf-8")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    ) + "".join(map(template_text, templates()))
    unused = [
        str(name)
        for name in templates()
        if not str(name).startswith(OF_LIBRARIES)
        and str(name) not in OF_DJANGO | OF_OPERATORS
        and f'"{name}' not in source
    ]
    assert unused == [], "\n".join(unused)


def test_pages_take_parts_only_from_below():
    """Remedy: move what the two share to templates/components/."""
    parts = [name for name in templates() if name.name.startswith("_") and len(name.parts) > 1]
    reaching = [
        f"{name} takes {part}"
        for name in templates()
        for part in parts
        if Path(name.parts[0]).stem != part.parts[0]
        and part.parts[0] not in {"components", *BELOW.get(Path(name.parts[0]).stem, ())}
        and f'"{part}' in template_text(name)
    ]
    assert reaching == [], "\n".join(reaching)


def test_what_is_wrong_is_said_below_the_heading_on_every_page():
    """Remedy: move the summary of errors below the page's header; readers meet it in one place everywhere."""
    heading = re.compile(r"components/page_header\.html|<h1\b")
    early = [
        str(name)
        for name in PAGES
        if (summary := markup_of(name).find("components/error_summary.html")) >= 0
        and not str(name).startswith("bootstrap5/")
        and not heading.search(markup_of(name)[:summary])
    ]
    assert early == []
