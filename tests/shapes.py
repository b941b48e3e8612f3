"""The objects that commands print, as docs/api.md describes them; and what a printed one does otherwise."""

import json
import re
from typing import Any

from django.conf import settings

LINE = re.compile(r"^([a-z_]+) +(\{.*\})$", re.MULTILINE)
WORD = re.compile(r"[a-z_]+\??")
TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "flag": bool,
    "number": (int, float),
    "any": object,
}


def documented() -> dict[str, Any]:
    """Shape by command: objects, lists of one member, and names of types."""
    section = (
        (settings.BASE_DIR / "docs/api.md").read_text(encoding="utf-8").split("## Commands")[1]
    )
    return {
        name: json.loads(WORD.sub(lambda word: f'"{word[0]}"', shape))
        for name, shape in LINE.findall(section)
    }


def differences(found: Any, shape: Any, place: str = "") -> list[str]:
    """Where a printed object is not of the shape."""
    if isinstance(shape, str):
        is_right = isinstance(found, TYPES[shape]) and (shape != "number" or found is not True)
        return [] if is_right else [f"{place}: {found!r} is no {shape}"]
    if isinstance(shape, list):
        if not isinstance(found, list):
            return [f"{place}: no list"]
        return [
            line
            for number, each in enumerate(found)
            for line in differences(each, shape[0], f"{place}[{number}]")
        ]
    if not isinstance(found, dict):
        return [f"{place}: no object"]
    lines = [f"{place}.{key}: unknown" for key in found if not {key, f"{key}?"} & shape.keys()]
    for key, inner in shape.items():
        name = key.removesuffix("?")
        if key.endswith("?") and found.get(name) is None:
            continue
        if name not in found:
            lines.append(f"{place}.{name}: missing")
        else:
            lines += differences(found[name], inner, f"{place}.{name}")
    return lines


def require(command: str, printed: str) -> dict[str, Any]:
    """The one object that a command printed, which must be as documented."""
    found: dict[str, Any] = json.loads(printed)
    assert differences(found, documented()[command]) == []
    return found
