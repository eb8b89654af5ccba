"""The office itself: who was written to, what the bot was told, and what it answered."""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.postoffice.rates import Rates
from benchmarks.postoffice.serving import served
from benchmarks.postoffice.troubles import Cut, Late, Refused, Trouble, answered_before, flooded

BOT = {"id": 4242424242, "is_bot": True, "first_name": "Paperboy", "username": "paperboy_bot"}
_MOST_UPDATES = 100
_WRITES = ("send", "edit")
_FREE = "sendchataction"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that the office took: to whom, when by its clock, and what its buttons stand for."""

    chat_id: int
    message_id: int
    at: float
    text: str
    buttons: tuple[str, ...]


@dataclass(eq=False, slots=True)
class Press:
    """A pressed button: when it was pressed, and when its answer came, by the office's clock."""

    update_id: int
    chat_id: int
    data: str
    at: float
    answered: asyncio.Future[float] = field(repr=False)

    @property
    def seconds(self) -> float | None:
        """How long the answer took; None before it came."""
        return self.answered.result() - self.at if self.answered.done() else None


def no_trouble(_method: str, _parameters: dict[str, str]) -> Trouble | None:
    """Let everything go well."""
    return None


class PostOffice:
    """Takes what the bot sends and tells it what people do.

    Args:
        trouble: Asked before each request what is to go wrong with it.
        rates: Counts the messages, and refuses those that are too many.
        clock: Seconds, for the moments of letters and presses.

    Attributes:
        letters: What was taken, in order, also where the bot never heard of it.
        asked: How often each method was called, in small letters.
        refused: How often each error code was answered.
        edits: How often a message was changed, by chat and message.
    """

    def __init__(
        self,
        trouble: Callable[[str, dict[str, str]], Trouble | None] = no_trouble,
        rates: Rates | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.trouble = trouble
        self.rates = rates or Rates()
        self.letters: list[Letter] = []
        self.asked: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        self.edits: Counter[tuple[int, int]] = Counter()
        self._clock = clock
        self._message_ids = itertools.count(1)
        self._update_ids = itertools.count(int(time.time()))
        self._updates: deque[dict[str, Any]] = deque()
        self._news = asyncio.Event()
        self._presses: dict[str, Press] = {}
        self._methods: dict[str, Callable[[dict[str, str]], Any]] = {
            "getme": lambda _: BOT,
            "sendmessage": self._send,
            "sendphoto": self._send,
            "senddocument": self._send,
            "answercallbackquery": self._answer,
            "editmessagetext": self._edit,
            "editmessagereplymarkup": self._edit,
        }

    @property
    def waiting(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._updates)

    def press(self, chat_id: int, message_id: int, data: str, person_id: int | None = None) -> Press:
        """Press a button of a message, as a person does; in a private chat the person is the chat."""
        update_id = next(self._update_ids)
        answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        press = Press(update_id, chat_id, data, self._clock(), answered)
        self._presses[str(update_id)] = press
        message = {"message_id": message_id, "date": int(time.time()), "chat": _chat(chat_id), "text": "…"}
        query = {
            "id": str(update_id),
            "from": _person(person_id or abs(chat_id)),
            "message": message,
            "chat_instance": str(chat_id),
            "data": data,
        }
        self._tell({"update_id": update_id, "callback_query": query})
        return press

    def say(self, chat_id: int, text: str, person_id: int | None = None) -> int:
        """Write a message to the bot; tell the number of its update."""
        update_id = next(self._update_ids)
        message = {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": _chat(chat_id),
            "from": _person(person_id or abs(chat_id)),
            "text": text,
            "entities": _entities(text),
        }
        self._tell({"update_id": update_id, "message": message})
        return update_id

    async def carry_out(self, method: str, parameters: dict[str, str]) -> Any | Refused | Cut:
        """Carry a request of the bot out, with what trouble there is to be."""
        self.asked[method] += 1
        if method == "getupdates":
            return await self._updates_since(parameters)
        trouble = self._over(method, parameters) or self.trouble(method, parameters)
        if isinstance(trouble, Refused):
            self.refused[trouble.code] += 1
            return trouble
        if isinstance(trouble, Cut) and not trouble.carried_out:
            return trouble
        result = self._methods.get(method, _agree)(parameters)
        if isinstance(result, Refused):
            self.refused[result.code] += 1
        if isinstance(trouble, Late):
            await asyncio.sleep(trouble.seconds)
        return trouble if isinstance(trouble, Cut) else result

    def _over(self, method: str, parameters: dict[str, str]) -> Refused | None:
        if not method.startswith(_WRITES) or method == _FREE:
            return None
        wait = self.rates.take(int(parameters["chat_id"]), self._clock())
        return flooded(math.ceil(wait)) if wait else None

    def _tell(self, update: dict[str, Any]) -> None:
        self._updates.append(update)
        self._news.set()

    async def _updates_since(self, parameters: dict[str, str]) -> Sequence[dict[str, Any]]:
        offset = int(parameters.get("offset") or 0)
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        if not self._updates:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), float(parameters.get("timeout") or 0))
            except TimeoutError:
                return []
        most = int(parameters.get("limit") or _MOST_UPDATES)
        return list(itertools.islice(self._updates, most))

    def _send(self, parameters: dict[str, str]) -> dict[str, Any]:
        chat_id, text = int(parameters["chat_id"]), parameters.get("text", "")
        number, buttons = next(self._message_ids), _buttons(parameters)
        self.letters.append(Letter(chat_id, number, self._clock(), text, buttons))
        return _message(chat_id, number, text)

    def _edit(self, parameters: dict[str, str]) -> dict[str, Any]:
        chat_id, message_id = int(parameters["chat_id"]), int(parameters["message_id"])
        self.edits[chat_id, message_id] += 1
        return _message(chat_id, message_id, parameters.get("text", "…"))

    def _answer(self, parameters: dict[str, str]) -> bool | Refused:
        press = self._presses.pop(parameters["callback_query_id"], None)
        if press is None:
            return answered_before()
        if not press.answered.done():  # who waited for it may have given up
            press.answered.set_result(self._clock())
        return True


@asynccontextmanager
async def opened(office: PostOffice, port: int = 0) -> AsyncIterator[str]:
    """Open an office on a port of this machine, any free one for 0, and tell its address."""
    async with served(office.carry_out, port) as url:
        yield url


def _agree(_parameters: dict[str, str]) -> bool:
    """Answer what nothing is counted of."""
    return True


def _buttons(parameters: dict[str, str]) -> tuple[str, ...]:
    rows = json.loads(parameters.get("reply_markup") or "{}").get("inline_keyboard", [])
    return tuple(button.get("callback_data", "") for row in rows for button in row)


def _message(chat_id: int, message_id: int, text: str) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "date": int(time.time()),
        "chat": _chat(chat_id),
        "from": BOT,
        "text": text or "…",
    }


def _chat(chat_id: int) -> dict[str, Any]:
    if chat_id > 0:
        return {"id": chat_id, "type": "private", "first_name": "Reader"}
    return {"id": chat_id, "type": "group", "title": "Readers"}


def _person(person_id: int) -> dict[str, Any]:
    return {"id": person_id, "is_bot": False, "first_name": "Reader", "language_code": "en"}


def _entities(text: str) -> list[dict[str, Any]]:
    """Mark a command at the start, as Telegram does."""
    word = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    return [{"type": "bot_command", "offset": 0, "length": len(word)}] if word else []
