"""Addresses of style sheets, scripts and pictures."""

from typing import Any

from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)


class RememberingStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's own, which works out each address once.

    A page names a dozen of them, and the manifest never changes under a process.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:  # noqa: FBT001, FBT002  Django's signature
        """Where a file is served, its content in its name."""
        if force:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = str(super().url(name))
        return self._addresses[name]
