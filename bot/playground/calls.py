"""One call of the Bot API: its parameters, and how Telegram reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground.errors import BadRequest

_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came with a request."""

    name: str
    mime: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A method, its parameters as text (JSON for what is no text), its files, and when it came."""

    method: str
    now: float
    parameters: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a parameter, empty where it is missing."""
        return self.parameters.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number, `default` where there is none."""
        return as_integer(self.text(name), default)

    def flag(self, name: str) -> bool:
        """Tell whether a parameter is set to true."""
        return self.text(name).lower() in _TRUE

    def json(self, name: str, *, what: str | None = None) -> Any:
        """Return the value that a parameter holds as JSON, None where it is missing.

        Raises:
            BadRequest: where it is no JSON; `what` names it in Telegram's words.
        """
        text = self.text(name)
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError as error:
            raise BadRequest(f"can't parse {what or name} JSON object") from error

    def upload(self, name: str) -> Upload | None:
        """Return the file sent for a parameter, also where the parameter is `attach://other`."""
        given = self.text(name)
        return self.uploads.get(given.removeprefix("attach://") if given.startswith("attach://") else name)


def as_integer(text: str, default: int) -> int:
    """Return the whole number that a text spells, `default` where it spells none."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else default  # noqa: PLR2004 - 64 bits


def as_text(value: Any) -> str:
    """Return a value as a parameter holds it: a text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
