"""Two fingerprints of an instrument: of everything it says, and of what answering and scoring depend on."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pillars.files.document import InstrumentDocument, plain


def content_hash(document: InstrumentDocument) -> str:
    """Return the SHA-256 (hex) of the whole document; 20, 20.0 and "20" are one number."""
    return _digest(asdict(document))


def structure_hash(document: InstrumentDocument) -> str:
    """Return the SHA-256 (hex) of what answering and scoring depend on.

    Codes and their order, weights, scale values, reversal, not-applicable, evidence, conversion, coverage,
    decimals and bands; no wording. The instrument's own code and version are left out, so that two versions
    with the same structure have the same hash and their scores may be compared.
    """
    return _digest(
        {
            "conversion": document.conversion,
            "minimum_coverage": document.minimum_coverage,
            "decimals": document.decimals,
            "bands": [[band.code, band.lower] for band in document.bands],
            "pillars": [
                {
                    "code": pillar.code,
                    "weight": pillar.weight,
                    "indicators": [
                        {
                            "code": indicator.code,
                            "weight": indicator.weight,
                            "scale": [point.value for point in document.scale_of(indicator)],
                            "reversed": indicator.reversed,
                            "not_applicable": indicator.not_applicable,
                            "evidence_from": indicator.evidence_from,
                        }
                        for indicator in pillar.indicators
                    ],
                }
                for pillar in document.pillars
            ],
        }
    )


def _digest(data: dict[str, Any]) -> str:
    text = json.dumps(
        data, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return sha256(text.encode()).hexdigest()


def _plain(value: Decimal | date) -> str:
    return plain(value) if isinstance(value, Decimal) else value.isoformat()
