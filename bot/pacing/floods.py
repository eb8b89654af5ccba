"""What Telegram has asked for: who keeps silent, and until when. Pure: times are arguments."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeVar

from bot.pacing.errand import Chat, Errand

_Whom = TypeVar("_Whom", Chat, str)


class Floods:
    """The pauses that are on.

    A chat's pause concerns what is written into it. Where another chat earns one meanwhile, the bot as a
    whole is too fast: it keeps silent for as long as that one asks, and not as long as the first, which may
    have been silenced for an hour for reasons of its own. The pause of a request that writes into no chat
    concerns its method alone. Pauses end by their time; nothing else ends them.
    """

    def __init__(self) -> None:
        self.silent_until = -math.inf
        self._chats: dict[Chat, float] = {}
        self._methods: dict[str, float] = {}

    def begin(self, errand: Errand, now: float, seconds: float) -> None:
        """Begin the pause that a request was answered with; one that is on is never shortened."""
        end = now + seconds
        if errand.chat is None:
            self._methods = _with_pause(self._methods, errand.method, now, end)
            return
        self._chats = _with_pause(self._chats, errand.chat, now, end)
        if len(self._chats) > 1:
            self.silent_until = max(self.silent_until, end)

    def silence(self, until: float) -> None:
        """Keep silent as a whole until a time that was told elsewhere."""
        self.silent_until = max(self.silent_until, until)

    def end_for(self, errand: Errand) -> float:
        """Tell when the pauses that concern a request end; a time that has passed where there are none."""
        if errand.chat is None:
            return max(self.silent_until, self._methods.get(errand.method, -math.inf))
        return max(self.silent_until, self.end_in(errand.chat))

    def end_in(self, chat: Chat) -> float:
        """Tell when a chat's own pause ends."""
        return self._chats.get(chat, -math.inf)


def _with_pause(ends: Mapping[_Whom, float], whom: _Whom, now: float, end: float) -> dict[_Whom, float]:
    """Return the pauses that are still on and a new one."""
    on = {other: until for other, until in ends.items() if until > now}
    return on | {whom: max(end, on.get(whom, end))}
