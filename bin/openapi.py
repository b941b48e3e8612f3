"""Writes docs/openapi.json from the code: the same that the portal serves at /api/openapi.json."""

import json
from pathlib import Path

import django

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"

if __name__ == "__main__":
    django.setup()
    from prima_portal.api import document

    FILE.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {FILE}")
