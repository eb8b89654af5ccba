"""Files that the bot or a user sent. Their bodies live in memory only, the newest of them up to a limit."""

import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.playground.calls import Upload
from bot.playground.errors import BadRequest

MAX_KEPT = 128 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
_MAX_SIDES = 10_000  # width and height of a photo together
_MAX_RATIO = 20
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_JPEG_SIZES = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What Telegram tells of a file; `kind` is photo or document, width and height are 0 for documents."""

    file_id: str
    unique_id: str
    kind: str
    path: str
    name: str
    mime: str
    size: int
    width: int = 0
    height: int = 0

    def identity(self) -> dict[str, Any]:
        """Return the fields that every kind of file has in the Bot API."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}

    def content(self) -> dict[str, Any]:
        """Return the field of a Message that holds the file."""
        if self.kind == "photo":
            return {"photo": [{**self.identity(), "width": self.width, "height": self.height}]}
        return {"document": {"file_name": self.name, "mime_type": self.mime, **self.identity()}}


class Files:
    """Files by id; a body may be gone while what is told of the file stays."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._bodies: dict[str, bytes] = {}
        self._kept = 0

    def add(self, kind: str, upload: Upload) -> StoredFile:
        """Keep a file and return what is told of it.

        Raises:
            BadRequest: for an empty file, or a photo that is no PNG or JPEG, too large or too narrow.
        """
        if not upload.body:
            raise BadRequest("file must be non-empty")
        width, height = _checked_size(upload.body) if kind == "photo" else (0, 0)
        number = len(self._files) + 1
        unique_id = hashlib.sha256(upload.body).hexdigest()[:16]
        file = StoredFile(
            file_id=f"playground-{kind}-{number}-{unique_id}",
            unique_id=unique_id,
            kind=kind,
            path=f"{kind}s/file_{number}{_suffix(upload.name)}",
            name=upload.name,
            mime=upload.mime or "application/octet-stream",
            size=len(upload.body),
            width=width,
            height=height,
        )
        self._files[file.file_id] = file
        self._keep_body(file.file_id, upload.body)
        return file

    def named(self, file_id: str, kind: str | None = None) -> StoredFile:
        """Return a file by id.

        Raises:
            BadRequest: for an unknown id, or a file of another kind than asked for.
        """
        file = self._files.get(file_id)
        if file is None:
            raise BadRequest("wrong file identifier/HTTP URL specified")
        if kind is not None and file.kind != kind:
            raise BadRequest(f"can't use file of type {file.kind.title()} as {kind.title()}")
        return file

    def body(self, file_id: str) -> bytes | None:
        """Return the body of a file, None where it is gone."""
        return self._bodies.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """Return the file that `getFile` gave this path."""
        return next((file for file in self._files.values() if file.path == path), None)

    def snapshot(self) -> list[dict[str, Any]]:
        """Return what is told of every file."""
        return [asdict(file) for file in self._files.values()]

    def restore(self, files: Iterable[Mapping[str, Any]]) -> None:
        """Take back what was told of files before a restart; their bodies are gone."""
        self._files = {file["file_id"]: StoredFile(**file) for file in files}

    def _keep_body(self, file_id: str, body: bytes) -> None:
        self._bodies[file_id] = body
        self._kept += len(body)
        while self._kept > MAX_KEPT and len(self._bodies) > 1:
            self._kept -= len(self._bodies.pop(next(iter(self._bodies))))


def picture_size(body: bytes) -> tuple[int, int]:
    """Return width and height of a PNG or JPEG picture, from its header alone.

    Raises:
        BadRequest: for anything else.
    """
    if body.startswith(_PNG) and len(body) >= 24:  # noqa: PLR2004 - the end of the height in a PNG header
        return struct.unpack(">II", body[16:24])
    size = _jpeg_size(body) if body.startswith(_JPEG) else None
    if size is None:
        raise BadRequest("IMAGE_PROCESS_FAILED")
    return size


def _checked_size(body: bytes) -> tuple[int, int]:
    width, height = picture_size(body)
    narrow, wide = sorted((width, height))
    if width + height > _MAX_SIDES or wide > narrow * _MAX_RATIO:
        raise BadRequest("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _jpeg_size(body: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(body) and body[at] == 0xFF:  # noqa: PLR2004 - every JPEG segment begins with this byte
        marker, length = body[at + 1], int.from_bytes(body[at + 2 : at + 4], "big")
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _suffix(name: str) -> str:
    _, dot, suffix = name.rpartition(".")
    return f".{suffix}" if dot and suffix.isalnum() and suffix.isascii() else ""
