"""A client of one's own sends whatever it likes: any data for any button, any words behind any command."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest
from sqlalchemy import select
from telegram import Update
from telegram.ext import CallbackQueryHandler
from town import Json, Town, buttons, eventually

from recommender.first_history import state
from recommender.interests import Interests
from recommender.rules import Rule, RuleKind
from storage import interests, ledger, rules, saved, votes
from storage.tables import INBOX, READERS

VICTIM, ATTACKER, GROUP, CHANNEL = 7, 8, -100500, -1001234567890
SHAPES = (
    "vote:{}:{}:{}", "paper:{}:{}", "rule:less:{}:{}", "rule:{}:{}:{}", "list:{}:{}", "search:{}",
    "set:{}:{}", "set:days:{}:{}", "admin:{}", "admin:{}:{}", "start:step:{}", "start:card:{}:{}",
    "start:wish:{}:{}", "data:export:{}", "data:reset:{}", "data:forget:{}", "data:keep:forget:{}", "{}:{}",
)  # fmt: skip
PARTS = (
    "0", "1", "2", "-1", "00001", "9" * 18, "9" * 19, "18446744073709551616", "²", "٣", "1.5", "1e3", "", "x",
    "up", "down", "save", "menu", "back", "open", "drop", "keep", "why", "more", "less", "note", "next",
    "undo", "page", "quit", "liked", "saved", "history", "t0", "author", "org", "json", "csv", "bib",
    "hour", "zone", "Europe/Berlin", "../../etc/passwd", "send", "cancel", "revoke", "refresh", "cards",
    "file", "on", "off",
    "drop:1:1", "'; DROP TABLE votes; --", "%s{}{0}", "\u202e\u0634", "🧪" * 20, "\x00", "\n",
)  # fmt: skip
COMMANDS = (
    "start", "interests", "import", "export", "reset", "forget", "today", "settings", "liked", "saved",
    "history", "trending", "search", "similar", "why", "rules", "mute", "boost", "follow", "stats", "pause",
    "resume", "privacy", "help", "admin", "nonsense",
)  # fmt: skip
WORDS = (
    *PARTS, 'NEAR(a b)" OR *', "author:", 'author:"', "after:9999-99-99", "liked:", "a AND NOT (b", "<b>&lt;",
    "-" * 300, "https://arxiv.org/abs/2401.00001 http://[::1", "no " * 1000, "=cmd()", "{\\bf x}",
    "\u2067\u0634", "x" * 4096,
)  # fmt: skip


@dataclass
class Forger:
    """Makes up updates that Telegram would hand on, and hands them to the bot."""

    town: Town
    numbers: Iterator[int] = field(default_factory=lambda: count(900_000_000_000))

    async def press(self, data: str, message: Json | None, person: int = ATTACKER) -> None:
        """Press a button that need not exist, below a message that need not be there."""
        query: Json = {
            "id": "1",
            "from": {"id": person, "is_bot": False, "first_name": "A"},
            "chat_instance": "1",
            "data": data,
        }
        query |= {"inline_message_id": "1"} if message is None else {"message": message}
        await self._hand_on({"callback_query": query})

    async def say(self, text: str, chat_id: int = ATTACKER) -> None:
        length = len(text.split(maxsplit=1)[0]) if text.startswith("/") else 0
        entities = [{"type": "bot_command", "offset": 0, "length": length}] if length else []
        said = message_in(chat_id, 500) | {
            "from": {"id": ATTACKER, "is_bot": False, "first_name": "A"},
            "text": text,
            "entities": entities,
        }
        await self._hand_on({"message": said})

    async def _hand_on(self, update: Json) -> None:
        self.town.clock.pass_by(seconds=30)
        application = self.town.bot.application
        made = Update.de_json({"update_id": next(self.numbers), **update}, application.bot)
        await application.process_update(made)


def message_in(chat_id: int, message_id: int = 1, keyboard: Json | None = None) -> Json:
    kind = {GROUP: "supergroup", CHANNEL: "channel"}.get(chat_id, "private")
    said = {"message_id": message_id, "date": 1, "chat": {"id": chat_id, "type": kind}, "text": "x"}
    return said | ({"reply_markup": keyboard} if keyboard else {})


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - chance is all that is asked of it


async def snapshot(town: Town, chat_id: int) -> Json:
    """Read all that is kept of a chat, but for what it said a moment ago and is being answered."""
    kept = {
        name: table
        for name, table in READERS.metadata.tables.items()
        if "chat_id" in table.c and table is not INBOX
    }
    async with town.bot.database.reading() as session:
        rows = {
            name: await session.execute(select(table).where(table.c.chat_id == chat_id))
            for name, table in kept.items()
        }
        return {name: sorted(map(repr, found)) for name, found in rows.items()}


@pytest.fixture
async def forger(town: Town, caplog: pytest.LogCaptureFixture) -> Forger:
    """A town where the victim told much, and the attacker is a member of their group and channel."""
    now = town.clock()
    for chat_id in (VICTIM, ATTACKER):
        await town.chat(chat_id).say("/today")
        await town.chat(chat_id).wait_for("fresh off the press")
    await town.chat(GROUP, user=VICTIM).say("/today")
    await town.chat(GROUP, user=VICTIM).wait_for("fresh off the press")
    await town.chat(CHANNEL, user=VICTIM).do("add", kind="channel")
    await town.chat(CHANNEL, user=VICTIM).say("/today")
    await town.chat(CHANNEL, user=VICTIM).wait_for("thoughts on", 3)
    async with town.bot.database.writing() as session:
        for chat_id in (VICTIM, GROUP, CHANNEL):
            await votes.put(session, chat_id, VICTIM, 1, up=True, now=now)
            await saved.put(session, chat_id, 2, now)
            await saved.annotate(session, chat_id, 2, "a secret note")
            await interests.put(session, chat_id, state(Interests(("robots",), ("law",))), now)
            await rules.put(session, chat_id, Rule(RuleKind.FOLLOW, "Ada First"), now)

    async def settled() -> bool | None:
        """Wait for the ledger, which hears of a message later than its reader."""
        async with town.bot.database.reading() as session:
            states = await ledger.counts(session, now)
        return {state for state, number in states.items() if number} == {ledger.State.SENT} or None

    await eventually(settled, "a ledger at rest")
    caplog.set_level(logging.WARNING)
    return Forger(town)


async def test_every_kind_of_button_is_tried(town: Town) -> None:
    """What a new handler answers is not left out here."""
    answering = [each for each in town.bot.application.handlers[0] if isinstance(each, CallbackQueryHandler)]
    patterns = [each.pattern.pattern.strip("^") for each in answering if isinstance(each.pattern, re.Pattern)]
    tried = tuple(shape.partition("{")[0] for shape in SHAPES)
    assert len(patterns) > 10
    assert [each for each in patterns if not any(shape.startswith(each) for shape in tried)] == []


@pytest.mark.parametrize("chat_id", [ATTACKER, GROUP, CHANNEL])
async def test_no_data_of_any_button_raise_or_touch_another_chat(
    forger: Forger, chat_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    dice, before = dice_of(chat_id), await snapshot(forger.town, VICTIM)
    for _ in range(250):
        shape = dice.choice(SHAPES)
        data = shape.format(*(dice.choice(PARTS) for _ in range(shape.count("{}"))))
        keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        await forger.press(data, message_in(chat_id, dice.randint(1, 60), keyboard))
    assert await snapshot(forger.town, VICTIM) == before
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("chat_id", [GROUP, CHANNEL])
async def test_in_a_group_a_stranger_changes_no_more_than_votes_and_bookmarks(
    forger: Forger, chat_id: int
) -> None:
    """Settings, rules and interests are its administrators' alone, whatever is pressed."""
    before = await snapshot(forger.town, chat_id)
    for data in (
        "set:picks:5",
        "rule:undo:1",
        "rule:less:1:author",
        "start:wish:drop:1:1",
        "data:export:json",
    ):
        keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        await forger.press(data, message_in(chat_id, 1, keyboard))
    assert await snapshot(forger.town, chat_id) == before


@pytest.mark.parametrize("chat_id", [GROUP, CHANNEL])
@pytest.mark.parametrize("data", ["paper:1:up", "list:saved:1", "paper:1:open", "start:step:cards"])
async def test_where_others_read_along_no_message_is_turned_into_another(
    forger: Forger, chat_id: int, data: str
) -> None:
    """A press must be on a button that stands below its message."""
    shown = (await forger.town.chat(chat_id, user=VICTIM).messages())[-1]
    before = await snapshot(forger.town, chat_id)
    await forger.press(data, message_in(chat_id, shown["message_id"], shown["reply_markup"]))
    assert (await forger.town.chat(chat_id, user=VICTIM).messages())[-1] == shown
    assert await snapshot(forger.town, chat_id) == before


async def test_a_vote_pressed_on_another_message_counts_and_redraws_nothing(forger: Forger) -> None:
    """In a channel anybody could else put the buttons of one post below all others."""
    channel = forger.town.chat(CHANNEL, user=VICTIM)
    first, *_, last = (message for message in await channel.messages() if buttons(message))
    mine = buttons(first)[0]["callback_data"]
    await forger.press(mine, message_in(CHANNEL, last["message_id"], last["reply_markup"]))
    await forger.press(
        mine, message_in(CHANNEL, first["message_id"], first["reply_markup"]), person=ATTACKER + 1
    )

    async def redrawn() -> bool | None:
        return first not in await channel.messages() or None

    await eventually(redrawn, "buttons that show the vote")
    assert last in await channel.messages()


async def test_a_press_on_no_message_is_answered_and_no_more(
    forger: Forger, caplog: pytest.LogCaptureFixture
) -> None:
    """As one of an inline message, which the bot has none of."""
    async with forger.town.bot.database.reading() as session:
        digest = (await ledger.of_message(session, VICTIM, 2)) or (await ledger.get(session, VICTIM, 1))
    assert digest
    before = await snapshot(forger.town, VICTIM)
    await forger.press(f"vote:{digest.id}:0:up", None, person=VICTIM)
    assert await snapshot(forger.town, VICTIM) == before
    assert not caplog.records


async def test_another_chat_s_digest_is_voted_on_by_no_id(forger: Forger) -> None:
    before = await snapshot(forger.town, VICTIM)
    for digest_id in range(1, 12):
        for act in ("up", "down", "save"):
            await forger.press(f"vote:{digest_id}:0:{act}", message_in(ATTACKER))
    assert await snapshot(forger.town, VICTIM) == before
    async with forger.town.bot.database.reading() as session:
        own = [await ledger.get(session, ATTACKER, digest_id) for digest_id in range(1, 12)]
        mine = {pick.paper_id for digest in own if digest for pick in digest.picks}
        assert {vote.paper_id for vote in await votes.of_chat(session, ATTACKER)} <= mine


async def test_a_paper_s_button_serves_any_paper_and_only_the_own_chat(forger: Forger) -> None:
    """Papers are public, so their ids open no door; what is kept stays in the chat where it was pressed."""
    before = await snapshot(forger.town, VICTIM)
    for act in ("up", "save"):
        await forger.press(f"paper:3:{act}", message_in(ATTACKER))
    assert await snapshot(forger.town, VICTIM) == before
    async with forger.town.bot.database.reading() as session:
        assert 3 in {vote.paper_id for vote in await votes.of_chat(session, ATTACKER)}
        assert (await saved.get(session, ATTACKER, 2)) is None, "nor is the victim's note to be read"


async def test_no_words_behind_any_command_raise_or_touch_another_chat(
    forger: Forger, caplog: pytest.LogCaptureFixture
) -> None:
    """Each from a chat of its own, that none waits for the answer to the one before."""
    dice, before = dice_of(6), await snapshot(forger.town, VICTIM)
    for stranger in range(10_000, 10_060):
        command = f"/{dice.choice(COMMANDS)} " if dice.random() < 0.8 else ""
        await forger.say((command + dice.choice(WORDS))[:4096] or "x", stranger)
    assert await snapshot(forger.town, VICTIM) == before
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_the_owner_s_buttons_are_pressed_in_private_alone(asleep: Town) -> None:
    """Else the overview would be everybody's to read."""
    asleep.settings = asleep.settings.model_copy(update={"admin_ids": (1,)})
    async with asleep.bot_awake():
        group = asleep.chat(GROUP, user=1)
        await group.say("/rules")
        await group.wait_for("no rules yet")
        forged = await asleep.forge_button(GROUP, "admin:refresh")
        assert "no longer know" in (await group.press_data(forged, "admin:refresh"))["text"]
        assert buttons(next(m for m in await group.messages() if m["message_id"] == forged))
