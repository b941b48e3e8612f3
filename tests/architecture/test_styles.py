"""Colours: each named once, in the tokens, and legible on what it stands on, in every theme, by day and by night."""

import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT

SHEETS = ROOT / "static" / "css"
TOKENS = (SHEETS / "tokens.css").read_text()
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|color-mix)a?\(|:\s*(?:white|black)\b", re.I
)

NIGHT = "@media screen and (prefers-color-scheme: dark) {"
PRINT = "@media print {"
BRANDS = ("daerah", *dict.fromkeys(re.findall(r'\[data-brand="(\w+)"\]', TOKENS)))
TINTS = ("brand-tint", "accent-tint", "info-tint", "success-tint", "warning-tint", "danger-tint")
GROUNDS = ("paper", "surface", "surface-sunk")
BANDS = tuple(f"heat-{band}" for band in range(6))

TEXT = 4.5
"""The least contrast of text, and of what is no text but must be seen (WCAG 2.2: 1.4.3, 1.4.11)."""
SHAPE = 3.0
ON: dict[float, dict[str, tuple[str, ...]]] = {
    TEXT: {
        "ink": (*GROUNDS, *TINTS, "brand-line"),
        "ink-soft": (*GROUNDS, "brand-tint"),
        "brand": (*GROUNDS, *TINTS),
        "brand-strong": (*GROUNDS, "brand-tint"),
        "brand-ink": ("brand", "brand-strong"),
        "on-deep": ("deep", "deep-soft"),
        "success": ("paper", "surface", "success-tint"),
        "warning": ("paper", "surface", "warning-tint"),
        "danger": ("paper", "surface", "danger-tint"),
        "danger-ink": ("danger", "danger-strong"),
        "info": ("surface", "brand-tint", "info-tint"),
        "on-heat-low": BANDS[:4],
        "on-heat-high": BANDS[4:],
    },
    SHAPE: {
        "line-strong": GROUNDS,
        "focus": (*GROUNDS, *TINTS),
        "focus-on-deep": ("deep",),
        "bar-5": ("surface",),
        "heat-5": ("surface", "heat-0"),
    },
}


def block(sheet: str, opening: str) -> str:
    """What stands between the braces after the opening; empty where there is none."""
    _, found, rest = sheet.partition(opening)
    if not found:
        return ""
    depth = 1
    for place, sign in enumerate(rest):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return rest[:place]
    raise AssertionError(f"{opening} is not closed")


def declared(sheet: str, opening: str) -> dict[str, str]:
    """The tokens of a rule."""
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", block(sheet, opening)))


def palette(brand: str, *, is_night: bool) -> dict[str, str]:
    """Every token as the browser has it in a theme, before names of other tokens are looked up."""
    own = f'[data-brand="{brand}"] {{'
    tokens = declared(TOKENS, ":root {") | declared(TOKENS.partition(NIGHT)[0], own)
    if is_night:
        night = block(TOKENS, NIGHT)
        tokens |= declared(night, ":root {") | declared(night, own)
    return tokens


def luminance(tokens: dict[str, str], name: str) -> float:
    """0 for black, 1 for white, as WCAG defines it."""
    value = tokens[name]
    if other := re.fullmatch(r"var\(--([a-z0-9-]+)\)", value):
        return luminance(tokens, other[1])
    digits = value.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red, green, blue)
    )
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def too_faint(tokens: dict[str, str]) -> Iterator[str]:
    for least, pairs in ON.items():
        for name, grounds in pairs.items():
            for ground in grounds:
                dark, light = sorted((luminance(tokens, name), luminance(tokens, ground)))
                contrast = (light + 0.05) / (dark + 0.05)
                if contrast < least:
                    yield f"{name} on {ground}: {contrast:.2f}, not {least}"


@pytest.mark.parametrize("is_night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("brand", BRANDS)
def test_what_is_written_or_drawn_can_be_seen(brand, is_night):
    assert list(too_faint(palette(brand, is_night=is_night))) == []


@pytest.mark.parametrize("is_night", [False, True], ids=["day", "night"])
def test_bands_differ_in_lightness_in_their_order(is_night):
    """So that they also read in grey and by those who see few colours."""
    bands = [luminance(palette("daerah", is_night=is_night), band) for band in BANDS]
    assert bands == sorted(bands, reverse=not is_night)


def test_no_sheet_but_the_tokens_names_a_colour():
    """Remedy: a token in static/css/tokens.css, by day and by night."""
    found = {
        f"{sheet.name}: {line.strip()}"
        for sheet in SHEETS.glob("*.css")
        if sheet.name != "tokens.css"
        for line in sheet.read_text().splitlines()
        if COLOUR.search(line)
    }
    assert found == set()


def test_every_token_is_used_and_every_used_one_exists():
    text = "".join(sheet.read_text() for sheet in SHEETS.glob("*.css"))
    known = set(declared(TOKENS, ":root {"))
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", text))
    assert known - used == set()
    assert used - known == set()


def test_paper_is_white_whatever_the_device_asks_for():
    printed = declared(block(TOKENS, PRINT), ":root {")
    assert luminance(printed, "paper") == 1
    assert NIGHT.startswith("@media screen"), "the night is not printed"
