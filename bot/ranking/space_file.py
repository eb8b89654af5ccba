"""The fitted space on disk, so that a restart ranks as before and need not fit anew.

One file, arrays and JSON, no pickle: reading it runs no code. Its name tells the format's version and the
content's fingerprint, so that a file cut short or changed is seen for what it is.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.features import FeatureSpace
from recommender.packing import pack, unpack

log = logging.getLogger(__name__)

VERSION = 1  # of the format, and of how vectors are made: raise it when either changes
_HEADER = "header"


@dataclass(frozen=True, slots=True)
class SavedSpace:
    """A space as it is kept.

    Attributes:
        space: The space.
        model: The fingerprint of the model whose meanings it reads, if any.
        fitted_on: How many papers it was fitted on.
    """

    space: FeatureSpace
    model: str | None
    fitted_on: int


class SpaceFolder:
    """Keeps the newest space in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, saved: SavedSpace) -> None:
        """Write a space in place of the one before; where that fails, the bot goes on without."""
        content = _to_bytes(saved)
        path = self._folder / f"space-{VERSION}-{_fingerprint(content)}.npz"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(content)
            part.replace(path)
            for other in self._folder.glob("space-*"):
                if other != path:
                    other.unlink()
        except OSError as error:
            log.warning("%s: the space cannot be kept there: %s", self._folder, error.strerror)

    def load(self) -> SavedSpace | None:
        """Read the space that was kept; None where there is none that can be used."""
        paths = sorted(self._folder.glob(f"space-{VERSION}-*.npz"), key=lambda path: path.stat().st_mtime)
        for path in reversed(paths):
            try:
                content = path.read_bytes()
                if path.stem.endswith(_fingerprint(content)):
                    return _from_bytes(content)
                log.warning("%s is damaged: the space is fitted anew", path)
            except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
                log.warning("%s cannot be used (%s): the space is fitted anew", path, type(error).__name__)
        return None


def _fingerprint(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _to_bytes(saved: SavedSpace) -> bytes:
    arrays, header = pack(saved.space)
    header |= {"model": saved.model, "fitted_on": saved.fitted_on}
    written = io.BytesIO()
    arrays[_HEADER] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    np.savez(written, allow_pickle=False, **arrays)
    return written.getvalue()


def _from_bytes(content: bytes) -> SavedSpace:
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        arrays = dict(stored)
    header = json.loads(arrays.pop(_HEADER).tobytes())
    return SavedSpace(unpack(arrays, header), header["model"], header["fitted_on"])
