"""A town: the real bot, a real database, a stand-in for Telegram over real HTTP. Only the clock is a fake."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import aiogram.methods
import httpx
from pydantic import TypeAdapter

from bot.chat.application import TelegramAccess
from bot.pacing.limits import NO_LIMITS
from bot.playground.server import Playground
from bot.process.app import assembled
from bot.process.meeting import connected
from bot.receiving.long_poll import receive_updates
from bot.receiving.updates import Updates
from bot.rounds import Paperboy
from bot.settings import Settings

BOT_ID = 4242424242
TOKEN = f"{BOT_ID}:a-token-that-opens-a-playground"
MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday
PATIENCE = 15.0
Json = dict[str, Any]
T = TypeVar("T")


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Chat:
    """A chat as its user sees it."""

    id: int
    http: httpx.AsyncClient
    user: int | None = None

    async def say(self, text: str) -> None:
        await self._post("messages", {"text": text})

    async def reply(self, message: Json, text: str) -> None:
        await self._post("messages", {"text": text, "reply_to_message_id": message["message_id"]})

    async def press(self, message: Json, label: str) -> Json:
        """Press the button whose label holds these words, and wait for the bot's answer."""
        data = next(b["callback_data"] for b in buttons(message) if label in b["text"])
        return await self.press_data(message["message_id"], data)

    async def press_data(self, message_id: int, data: str) -> Json:
        pressed = await self._post("presses?wait=10", {"message_id": message_id, "data": data})
        return pressed.get("answer") or {}

    async def attach(self, name: str, body: bytes, answering: Json | None = None) -> None:
        """Send a file as a document, in a group as an answer to a message."""
        fields = {"user_id": self.user, "reply_to_message_id": answering and answering["message_id"]}
        data = {field: str(value) for field, value in fields.items() if value is not None}
        url = f"/user/chats/{self.id}/documents"
        sent = await self.http.post(url, data=data, files={"document": (name, body)})
        assert sent.is_success, sent.text

    async def wait_for_document(self, count: int = 1) -> Json:
        """Wait for so many documents from the bot, and return the last."""

        async def seen() -> Json | None:
            found = [m for m in await self.messages() if m["from"]["is_bot"] and "document" in m]
            return found[-1] if len(found) >= count else None

        return await eventually(seen, f"{count} documents in chat {self.id}")

    async def download(self, message: Json) -> bytes:
        """Read the document of a message."""
        return (await self.http.get(f"/user/files/{message['document']['file_id']}")).content

    async def do(self, what: str, **said: Any) -> Json:
        return await self._post(what, said)

    async def react(self, message: Json, emoji: str | None) -> None:
        """React to a message, or take the reaction back."""
        await self._post("reactions", {"message_id": message["message_id"], "emoji": emoji})

    async def messages(self) -> list[Json]:
        return (await self.http.get(f"/user/chats/{self.id}/messages")).json()

    async def from_bot(self, words: str = "") -> list[Json]:
        """Read what the bot wrote with these words; in a channel all posts are the channel's own."""
        return [m for m in await self.messages() if _is_from_bot(m) and words in m.get("text", "")]

    async def wait_for(self, words: str, count: int = 1) -> Json:
        """Wait for the bot's latest message with these words, and for so many of them."""

        async def seen() -> list[Json] | None:
            found = await self.from_bot(words)
            return found if len(found) >= count else None

        return (await eventually(seen, f"{count} × “{words}” in chat {self.id}"))[-1]

    async def wait_for_button(self, message: Json, words: str) -> Json:
        """Wait until a button of a message has these words in its label."""

        async def seen() -> Json | None:
            now = next(m for m in await self.messages() if m["message_id"] == message["message_id"])
            return now if any(words in b["text"] for b in buttons(now)) else None

        return await eventually(seen, f"a button with “{words}”")

    async def wait_for_label(self, message: Json, label: str) -> Json:
        """Wait until a button of a message reads so."""

        async def seen() -> Json | None:
            now = next(m for m in await self.messages() if m["message_id"] == message["message_id"])
            return now if any(b["text"] == label for b in buttons(now)) else None

        return await eventually(seen, f"a button “{label}”")

    async def ask_for_hour(self) -> Json:
        """Open the hours of the settings."""
        await self.say("/settings")
        await self.press(await self.wait_for("⚙️ Settings"), "Hour")
        return await self.wait_for("At which hour")

    async def settle(self, hour: str = "08:00", place: str = "Berlin") -> None:
        """Choose an hour and a place, and wait for the first digest, which comes at once."""
        await self.press(await self.ask_for_hour(), hour)
        await self.press(await self.wait_for("Where are you?"), place)
        await self.wait_for("every day at")

        async def answered() -> bool | None:
            said = [*await self.from_bot("fresh off the press"), *await self.from_bot("I have no papers yet")]
            return bool(said) or None

        await eventually(answered, f"a first digest in chat {self.id}")

    async def _post(self, what: str, body: Json) -> Json:
        if self.user is not None:
            body = body | {"user_id": self.user}
        answer = await self.http.post(f"/user/chats/{self.id}/{what}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}


def _is_from_bot(message: Json) -> bool:
    return bool(message.get("from", {"is_bot": True})["is_bot"])


@dataclass
class Dice:
    """Falls as it is told to; by itself never so that anything is explored."""

    next: float = 0.999

    def __call__(self) -> float:
        return self.next


@dataclass
class Town:
    """Everything that a test may touch from outside."""

    telegram: Playground
    http: httpx.AsyncClient
    settings: Settings
    clock: Clock = field(default_factory=Clock)
    dice: Dice = field(default_factory=Dice)
    paperboy: Paperboy | None = None

    def chat(self, chat_id: int = 7, user: int | None = None) -> Chat:
        return Chat(chat_id, self.http, user)

    @property
    def bot(self) -> Paperboy:
        assert self.paperboy, "the bot is not awake"
        return self.paperboy

    @asynccontextmanager
    async def bot_awake(
        self, *, listening: bool = True, receive: Callable[[Updates], Awaitable[None]] = receive_updates
    ) -> AsyncIterator[Paperboy]:
        """Start the bot, as `paperboy run` does but for its timers: tests call the rounds themselves.

        One that does not listen sends, and hears of nothing. ``receive`` is the way in for updates.
        """
        access = TelegramAccess(TOKEN, self.telegram.url, limits=NO_LIMITS)
        town = assembled(self.settings, access, self.clock, self.dice)
        async with town as paperboy, connected(paperboy.application), paperboy.redraws:
            stopping = paperboy.updates.stopping
            if not listening:
                stopping.set()
            receiving = asyncio.ensure_future(receive(paperboy.updates))
            self.paperboy = paperboy
            try:
                yield paperboy
            finally:
                self.paperboy = None
                stopping.set()
                await receiving

    async def fault(self, **fault: Any) -> None:
        assert (await self.http.post("/faults", json=fault)).is_success

    async def forge_button(self, chat_id: int, data: str) -> int:
        """Put a button with any data into a chat, past the bot; tell the message that carries it."""
        keyboard = {"inline_keyboard": [[{"text": "forged", "callback_data": data}]]}
        sent = await self.http.post(
            f"/bot{TOKEN}/sendMessage", json={"chat_id": chat_id, "text": "forged", "reply_markup": keyboard}
        )
        return sent.json()["result"]["message_id"]

    async def requests(self, method: str = "") -> list[Json]:
        log = (await self.http.get("/user/requests")).json()["requests"]
        return [r for r in log if method.lower() in r["method"].lower()]


SUBJECTS = {
    "boats": "Sailing boats steer by rudder and keel across tides; hull drag and canvas trim are measured.",
    "bees": "Honey bees forage for nectar and pollen near a hive; waggle dances and comb are observed.",
}
VOICES = ("First", "Second", "Third", "Fourth", "Fifth")


def papers_on(subject: str, prefix: str = "", upvotes: int = 10, said: str = "") -> list[Json]:
    """Invent five papers in the shape of the daily-papers API; ``said`` is for a subject of one's own."""
    said = said or SUBJECTS[subject]
    return [
        {
            "paper": {
                "id": f"26{1 + len(prefix) % 12:02}.{10000 + 100 * len(subject) + rank:05}",
                "title": f"{prefix}{voice} thoughts on {subject} <&_> {rank}",
                "summary": f"{prefix}{said} {voice} of all, {subject} number {rank} & more.",
                "authors": [{"name": f"Ada {voice}"}, {"name": "Bo Two"}],
                "publishedAt": "2026-11-18T10:00:00.000Z",
                "upvotes": upvotes - rank,
            },
            "numComments": rank,
        }
        for rank, voice in enumerate(VOICES)
    ]


def buttons(message: Json) -> list[Json]:
    """List the buttons of a message, row by row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def titles(message: Json) -> list[str]:
    """Read the linked titles of a digest."""
    units = message["text"].encode("utf-16-le")
    return [
        units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
        for e in message.get("entities", [])
        if e["type"] == "text_link"
    ]


async def eventually(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Look until there is something to see, within bounds; the longer it takes, the less often."""
    pause = 0.02
    try:
        async with asyncio.timeout(PATIENCE):
            while (seen := await look()) is None:
                await asyncio.sleep(pause)
                pause = min(1.3 * pause, 0.1)
    except TimeoutError:
        raise AssertionError(f"never saw {what}") from None
    return seen


async def check_against_schema(http: httpx.AsyncClient) -> None:
    """Hold every request that the bot sent against the official schema, as aiogram's models have it."""
    named = {getattr(model, "__api_method__", None): model for model in vars(aiogram.methods).values()}
    models = {name.lower(): model for name, model in named.items() if isinstance(name, str)}
    for request in (await http.get("/user/requests")).json()["requests"]:
        model = models[request["method"].lower()]
        given = request["parameters"] | dict.fromkeys(request["files"], "attach://file")
        assert set(given) <= set(model.model_fields), request["method"]
        TypeAdapter(model).validate_python(decoded(given, model))


def decoded(parameters: Json, model: Any) -> Json:
    """Read JSON out of the parameters whose type is not a text, as Telegram does."""
    return {
        name: value
        if not isinstance(value, str) or model.model_fields[name].annotation in {str, str | None, int | str}
        else json_or_text(value)
        for name, value in parameters.items()
    }


def json_or_text(value: str) -> Any:
    """Read JSON where it is JSON."""
    try:
        return json.loads(value)
    except ValueError:
        return value
