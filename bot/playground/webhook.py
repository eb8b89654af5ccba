"""The webhook: where the bot wants updates brought to, if anywhere, and how that went last."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from bot.playground.errors import BadRequest

MOST_CONNECTIONS = 100
_USUAL_CONNECTIONS = 40
_LONGEST_SECRET = 256
_SECRET = re.compile(r"[\w-]*", re.ASCII)
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Hook:
    """An address, what is shown with each update (empty for nothing), and how many are brought at once."""

    url: str
    secret: str
    connections: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, and when: in seconds since 1970."""

    words: str
    at: int


class Webhook:
    """What is set; none at the start. `changed` is set whenever another is."""

    def __init__(self) -> None:
        self.hook: Hook | None = None
        self.trouble: Trouble | None = None
        self.changed = asyncio.Event()

    def set(self, hook: Hook | None) -> None:
        """Have updates brought to an address from now on, or to none; the same again changes nothing."""
        if hook == self.hook:
            return
        self.hook = hook
        self.trouble = None
        self.changed.set()


def new_hook(url: str, secret: str, connections: int) -> Hook:
    """Return a hook as a bot asks for it; 0 connections are as many as Telegram would make.

    Raises:
        BadRequest: for an address that is not this machine's, or a secret that no header may hold.
    """
    if len(secret) > _LONGEST_SECRET:
        raise BadRequest("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise BadRequest("secret token contains unallowed characters")
    parts = _split(url)
    if parts.scheme not in {"http", "https"} or parts.hostname not in _THIS_MACHINE:
        raise BadRequest("bad webhook: the playground brings updates only to this machine, http://127.0.0.1")
    return Hook(url, secret, min(connections if connections > 0 else _USUAL_CONNECTIONS, MOST_CONNECTIONS))


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it is read only when it is asked for
    except ValueError as error:
        raise BadRequest("bad webhook: invalid URL") from error
    return parts
