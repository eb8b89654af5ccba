"""The log of what the bot asked, for tests to check against the official schema. Never holds the token."""

from collections import deque
from typing import Any

from bot.playground.calls import Call

MAX_ENTRIES = 5000  # older ones are forgotten


class Journal:
    """The newest requests as JSON objects, numbered from 1 on, in the order in which they were answered.

    Parameters stand as they were sent, of files only name and size.
    """

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=MAX_ENTRIES)
        self._last = 0

    def note(self, call: Call, status: int, seconds: float, description: str = "") -> None:
        """Keep a request and how it was answered; status 0 is a connection closed without an answer."""
        self._last += 1
        uploads = call.uploads.items()
        self._entries.append(
            {
                "number": self._last,
                "time": call.now,
                "method": call.method,
                "parameters": dict(call.parameters),
                "files": {name: {"name": file.name, "size": len(file.body)} for name, file in uploads},
                "status": status,
                "seconds": round(seconds, 6),
                "description": description,
            }
        )

    def since(self, number: int) -> dict[str, Any]:
        """Return the requests after a number, and the last number."""
        entries = [entry for entry in self._entries if entry["number"] > number]
        return {"last": self._last, "requests": entries}
