"""Changes to instruments: load a file, edit a draft, publish, retire, start the next version."""

from pillars.operations.drafting import (
    add_indicator,
    add_pillar,
    edit_bands,
    edit_indicator,
    edit_instrument,
    edit_pillar,
    edit_scale,
    move_indicator,
    move_pillar,
    remove_indicator,
    remove_pillar,
)
from pillars.operations.lifecycle import new_version, publish, retire
from pillars.operations.loading import load_instrument
from pillars.operations.uploading import (
    announce_upload,
    dispatch_uploads,
    keep_upload,
    read_upload,
)

__all__ = [
    "add_indicator",
    "add_pillar",
    "announce_upload",
    "dispatch_uploads",
    "edit_bands",
    "edit_indicator",
    "edit_instrument",
    "edit_pillar",
    "edit_scale",
    "keep_upload",
    "load_instrument",
    "move_indicator",
    "move_pillar",
    "new_version",
    "publish",
    "read_upload",
    "remove_indicator",
    "remove_pillar",
    "retire",
]
