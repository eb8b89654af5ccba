"""What goes wrong between the bot and Telegram: dice for each request, and what they excuse.

Also where it ends: a kill in the middle of a request is one of its troubles.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random

from benchmarks.chaos.crowd import VOTE
from benchmarks.postoffice import (
    Cut,
    Late,
    Refused,
    Trouble,
    blocked,
    flooded,
    moved,
    server_error,
)

_LONGEST_DELAY = 0.7  # seconds
_WRITING = ("send", "edit", "answer")
_TROUBLES: Mapping[str, Trouble] = {
    "flood": flooded(1),
    "server error": server_error(),
    "bad request": Refused(400, "Bad Request: message is too strange"),
    "blocked": blocked(),
    "cut before": Cut(carried_out=False),
    "cut after": Cut(carried_out=True),
}
_CHANCES = {
    "flood": 0.04,
    "server error": 0.04,
    "bad request": 0.01,
    "blocked": 0.01,
    "cut before": 0.04,
    "cut after": 0.04,
    "late": 0.06,
}


class Weather:
    """The office's trouble.

    Attributes:
        is_stormy: Whether anything goes wrong at all; only what moved stays so.
        struck: How often what went wrong.
        excused: How often each digest may have come twice, for Telegram took it and did not say so.
        moves: Which chat a group became.
        told_moved: The groups of which the bot was told so while it delivered a digest.
        on_blocked: Told of a chat that Telegram calls gone.
        kill: Kills the bot; at the next letter where ``is_fatal``.
    """

    def __init__(self, dice: Random) -> None:
        self.is_stormy = False
        self.is_fatal = False
        self.struck: Counter[str] = Counter()
        self.excused: Counter[int] = Counter()
        self.moves: dict[int, int] = {}
        self.told_moved: set[int] = set()
        self.on_blocked: Callable[[int], None] = lambda _: None
        self.kill: Callable[[], None] = lambda: None
        self._dice = dice

    def __call__(self, method: str, parameters: dict[str, str]) -> Trouble | None:
        """Say what is to go wrong with a request."""
        chat_id = int(parameters.get("chat_id", 0))
        if chat_id in self.moves:
            if digests_in(parameters):
                self.told_moved.add(chat_id)
            return moved(self.moves[chat_id])
        if not self.is_stormy or not method.startswith(_WRITING):
            return None
        if self.is_fatal and method == "sendmessage":
            return self._die()
        what = self._fall()
        if what is None or (what in {"bad request", "blocked"} and chat_id < 0):
            return None
        self.struck[what] += 1
        return self._strike(what, method, chat_id, parameters)

    def _die(self) -> Trouble:
        """Kill the bot before or after its letter is taken."""
        self.is_fatal = False
        self.kill()
        return Cut(carried_out=self._dice.choice((True, False)))

    def _fall(self) -> str | None:
        drawn = self._dice.random()
        for what, chance in _CHANCES.items():
            if drawn < chance:
                return what
            drawn -= chance
        return None

    def _strike(self, what: str, method: str, chat_id: int, parameters: dict[str, str]) -> Trouble:
        if what == "late":
            return Late(self._dice.uniform(0, _LONGEST_DELAY))
        if what == "blocked":
            self.on_blocked(chat_id)
        if what == "cut after" and method == "sendmessage":
            for digest_id in digests_in(parameters):
                self.excused[digest_id] += 1
        return _TROUBLES[what]


def digests_in(parameters: dict[str, str]) -> set[int]:
    """Tell which digest a request carries: its buttons name it."""
    rows = json.loads(parameters.get("reply_markup") or "{}").get("inline_keyboard", [])
    told = (VOTE.fullmatch(button.get("callback_data", "")) for row in rows for button in row)
    return {int(read["digest"]) for read in told if read}
