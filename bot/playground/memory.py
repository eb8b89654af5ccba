"""The file that keeps a desk over a restart: written whole, some time after a change, off the event loop."""

import asyncio
import json
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.playground.chats import Chat
from bot.playground.desk import Desk
from bot.playground.encoded import as_json
from bot.playground.kept_chats import header_json, restored_chat

_FORM = 1
_DELAY = 1.0
_REST = 20  # a save that took a second is followed by this many seconds of rest
_log = logging.getLogger(__name__)


class Memory:
    """Keeps a desk in a file; not the bodies of files, open presses, faults, limits and the log."""

    def __init__(self, path: Path, desk: Desk) -> None:
        self._path = path
        self._desk = desk
        self._changed = asyncio.Event()
        self._writing = asyncio.Lock()
        self._saving: asyncio.Task[None] | None = None

    def touch(self) -> None:
        """Have the desk saved soon."""
        self._changed.set()

    async def start(self) -> None:
        """Take back what was kept and begin to save; a broken file is set aside with a warning."""
        await self._load()
        self._saving = asyncio.create_task(self._save_on_change())

    async def stop(self) -> None:
        """Save what has changed, and end."""
        if self._saving is not None:
            self._saving.cancel()
            with suppress(asyncio.CancelledError):
                await self._saving
        await self._save()

    async def _load(self) -> None:
        try:
            kept = await asyncio.to_thread(_read, self._path)
            if kept is not None:
                _restore(self._desk, kept)
        except (OSError, ValueError, LookupError, TypeError) as error:
            aside = self._path.with_name(f"{self._path.name}.broken")
            _log.warning("The playground's memory is broken (%s): set aside as %s", error, aside)
            await asyncio.to_thread(self._path.replace, aside)

    async def _save_on_change(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(_DELAY)
            took = await asyncio.shield(self._save())
            await asyncio.sleep(took * _REST)

    async def _save(self) -> float:
        """Write the file where anything changed, one writer at a time, and return the seconds it took."""
        async with self._writing:
            if not self._changed.is_set():
                return 0.0
            self._changed.clear()
            began = time.perf_counter()
            try:
                await asyncio.to_thread(_write, self._path, _pieces(self._desk))
            except OSError as error:
                _log.warning("The playground cannot keep its chats in %s: %s", self._path, error)
            return time.perf_counter() - began


def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(kept, dict) or kept.get("form") != _FORM:
        raise ValueError("not the form that this version writes")
    return kept


def _restore(desk: Desk, kept: dict[str, Any]) -> None:
    """Take back all or, where anything is broken, nothing."""
    chats = [restored_chat(entry["chat"], entry["messages"]) for entry in kept["chats"]]
    updates, next_id = list(kept["updates"]), int(kept["next_update_id"])
    desk.files.restore(kept["files"])
    desk.updates.restore(updates, next_id)
    desk.updates.allow(kept.get("allowed_updates", ()))
    for chat in chats:
        desk.chats.put(chat)


def _pieces(desk: Desk) -> list[bytes]:
    """Return the file in pieces: whatever is shared with the event loop is taken now, joined later."""
    updates = {"next_update_id": desk.updates.next_id, "allowed_updates": desk.updates.allowed}
    head = as_json({"form": _FORM, **updates, "files": desk.files.snapshot()})
    pieces = [head[:-1], b',"updates":[', *_listed(desk.updates.snapshot()), b'],"chats":[']
    for place, chat in enumerate(desk.chats):
        pieces += [b"," if place else b"", *_chat_pieces(chat)]
    return [*pieces, b"]}"]


def _chat_pieces(chat: Chat) -> Iterator[bytes]:
    yield b'{"chat":' + header_json(chat) + b',"messages":['
    yield from _listed(message.json for message in chat.messages.values())
    yield b"]}"


def _listed(items: Iterable[bytes]) -> Iterator[bytes]:
    for place, item in enumerate(items):
        if place:
            yield b","
        yield item


def _write(path: Path, pieces: list[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.writelines(pieces)
    new.replace(path)
