"""Instruments and their drafts."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from pillars.exports import export
from tests.security.rows import READS, REFUSED_METHOD, Row, by
from tests.security.targets import CURATES, OWNER
from tests.security.world import World

IN_DRAFT = {CURATES: by(200, published=302)}


def _upload(world: World) -> Mapping[str, Any]:
    text = export(world.published, "toml").decode().replace('version = "1"', 'version = "9"')
    return {"file": SimpleUploadedFile("uji.toml", text.encode())}


def _new_indicator(world: World) -> Mapping[str, Any]:
    levels = {f"level_{place}": f"Perilaku {place}" for place in range(1, 5)}
    return {"code": "BARU-01", "statement": "Pernyataan baru", "weight": "1", **levels}


CURATING: dict[str, Row] = {
    "assessments:preview_instrument": Row("instrument", READS, REFUSED_METHOD, "Pratinjau"),
    "pillars:index": Row("page", READS, REFUSED_METHOD, "Instrumen"),
    "pillars:upload": Row("page", READS, {CURATES: 303}, "Unggah berkas", body=_upload),
    "pillars:upload_result": Row("upload", {OWNER: 200}, {CURATES: 405}, "Berkas instrumen"),
    "pillars:detail": Row("instrument", READS, REFUSED_METHOD, "Instrumen UJI"),
    "pillars:download": Row("instrument_file", READS, REFUSED_METHOD),
    "pillars:new_version": Row(
        "instrument", READS, {CURATES: 303}, "Versi baru", body={"version": "7"}
    ),
    "pillars:checks": Row("instrument", READS, REFUSED_METHOD, "Pemeriksaan"),
    "pillars:diff": Row("instrument", READS, REFUSED_METHOD, "Perbedaan"),
    "pillars:publish": Row("instrument", IN_DRAFT, {CURATES: by(303, published=422)}, "Terbitkan"),
    "pillars:retire": Row(
        "instrument",
        {CURATES: by(200, draft=404)},
        {CURATES: by(303, draft=409)},
        "Hentikan",
    ),
    "pillars:edit": Row("instrument", IN_DRAFT, {CURATES: by(303, published=422)}, "Umum"),
    "pillars:edit_scale": Row("instrument", IN_DRAFT, {CURATES: by(303, published=422)}, "Skala"),
    "pillars:edit_bands": Row(
        "instrument", IN_DRAFT, {CURATES: by(303, published=422)}, "Predikat"
    ),
    "pillars:add_pillar": Row(
        "instrument",
        IN_DRAFT,
        {CURATES: by(303, published=422)},
        "Tambah pilar",
        body={"code": "GAMA", "name": "Gama", "weight": "1"},
    ),
    "pillars:edit_pillar": Row("pillar", IN_DRAFT, {CURATES: by(303, published=422)}, "Alfa"),
    "pillars:move_pillar": Row(
        "pillar", REFUSED_METHOD, {CURATES: 303}, body={"direction": "down", "revision": "1"}
    ),
    "pillars:remove_pillar": Row(
        "pillar",
        {CURATES: by(200, published=404)},
        {CURATES: by(303, published=404)},
        "Hapus pilar",
    ),
    "pillars:add_indicator": Row(
        "pillar",
        IN_DRAFT,
        {CURATES: by(303, published=422)},
        "Tambah indikator",
        body=_new_indicator,
    ),
    "pillars:edit_indicator": Row(
        "indicator", IN_DRAFT, {CURATES: by(303, published=422)}, "ALF-01"
    ),
    "pillars:move_indicator": Row(
        "indicator", REFUSED_METHOD, {CURATES: 303}, body={"direction": "down", "revision": "1"}
    ),
    "pillars:remove_indicator": Row(
        "indicator",
        {CURATES: by(200, published=404)},
        {CURATES: by(303, published=404)},
        "Hapus indikator",
    ),
}
