"""/settings: when, how many and how digests come; by buttons, edited in place.

/start walks through the same views, so that there is one way to say each thing. Nothing is guessed: without
a time zone, and an hour or the wish for early papers, there is no daily digest.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import Chat, Message, Update, User
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.choices import Choice, read_choice
from bot.chat.desk import Desk, message_of, press_of, reply, spoken_by, topic_of
from bot.chat.permission import is_permitted
from bot.messages.groups import tell_topic
from bot.messages.settings import (
    HOURS,
    View,
    is_in_setup,
    next_step,
    render,
    render_places,
    say_old_setting,
    say_set,
    say_unknown_hour,
)
from bot.planning import reschedule
from bot.timetable.cities import find_places
from storage import history, ledger, readers
from storage.readers import Reader

# What Reader.asking says while an answer in words is awaited.
CITY = "city"
HOUR = "hour"
LONGEST_CITY = 80
_ASKED = {View.HOUR: HOUR, View.ZONE: CITY}
_WRITTEN_HOUR = re.compile(r"(?P<hour>\d{1,2})(?:[:.]?00)? ?(?:h|uhr|(?P<half>[ap])\.?m\.?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Shows and changes a chat's settings.

    ``after_setup`` is called once, when a new reader has said all that a daily digest needs.
    """

    desk: Desk
    after_setup: Callable[[Update, Message], Awaitable[None]]

    async def command(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show all settings."""
        if await is_permitted(self.desk, update):
            message = message_of(update)
            await self.come_here(update, message)
            await self.show(update, message, View.HOME)

    async def come_here(self, update: Update, message: Message) -> None:
        """Have a forum's digests come to the topic where they were last asked for; say so where it is new."""
        if not message.chat.is_forum:
            return
        person = update.effective_user
        async with self.desk.database.writing() as session:
            before = await self.desk.reader_of(session, message.chat, person)
            after = replace(before, topic_id=topic_of(message))
            await readers.save(session, after)
        if after != before:
            await reply(message, tell_topic(spoken_by(after, person)).html)

    async def show(self, update: Update, message: Message, view: View) -> None:
        """Send a view as a message of its own."""
        reader = await self._change(message.chat, _ask(view), update.effective_user)
        language = spoken_by(reader, update.effective_user)
        await reply(message, *render(language, reader, view, self.desk.clock()))

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Carry out a press on a settings button and show what follows from it."""
        pressed, language, now = press_of(update), await self.desk.spoken_in(update), self.desk.clock()
        choice = read_choice(pressed.data, now)
        if choice is None:
            await pressed.answer(say_old_setting(language))
            return
        if not await is_permitted(self.desk, update):
            return
        before, after = await self._choose(pressed.chat, choice, update.effective_user)
        view = choice.view or next_step(after)
        language = spoken_by(after, update.effective_user)
        shown = pressed.edit_text(*render(language, after, view, now))
        said = None if choice.only_shows else say_set(language)
        await asyncio.gather(pressed.answer(said), shown)
        await self._welcome(update, pressed.query.message, before, after)

    async def take_hour(self, update: Update, written: str) -> None:
        """Take a text as the hour that was asked for."""
        message, hour = message_of(update), read_hour(written)
        if not await is_permitted(self.desk, update):
            return
        if hour is None:
            await reply(message, say_unknown_hour(await self.desk.spoken_in(update)))
            return
        before, after = await self._choose(
            message.chat, Choice(lambda reader: replace(reader, hour=hour, on_arrival=False))
        )
        await self.show(update, message, next_step(after))
        await self._welcome(update, message, before, after)

    async def take_city(self, update: Update, written: str) -> None:
        """Take a text as the city that was asked for, and have the reader say which one it is."""
        message = message_of(update)
        await message.reply_chat_action(ChatAction.TYPING)
        places = await asyncio.to_thread(find_places, written[:LONGEST_CITY])
        language = await self.desk.spoken_in(update)
        await reply(message, *render_places(language, places, self.desk.clock()))

    async def _choose(self, chat: Chat, choice: Choice, person: User | None = None) -> tuple[Reader, Reader]:
        """Make a choice and expect in words what its view asks for; give the reader before and after."""
        async with self.desk.database.reading() as session:
            known = await readers.get(session, chat.id)

        def change(reader: Reader) -> Reader:
            changed = choice.change(reader)
            return _ask(choice.view or next_step(changed))(changed)

        after = await self._change(chat, change, person)
        return known or Reader(chat_id=chat.id, kind=after.kind), after

    async def _change(
        self, chat: Chat, change: Callable[[Reader], Reader], person: User | None = None
    ) -> Reader:
        """Change settings in one transaction, and with them when the next digest is due."""
        async with self.desk.database.writing() as session:
            before = await self.desk.reader_of(session, chat, person)
            after = change(before)
            if _rhythm(after) != _rhythm(before):
                last_day = await ledger.last_day(session, chat.id)
                after = reschedule(after, self.desk.clock(), last_day)
            if after != before:
                await readers.save(session, after)
        return after

    async def _welcome(self, update: Update, message: object, before: Reader, after: Reader) -> None:
        """Bring the first digest as soon as the last question is answered."""
        is_done = is_in_setup(before) and not is_in_setup(after)
        if not is_done or not isinstance(message, Message):
            return
        async with self.desk.database.reading() as session:
            was_served = await history.count(session, after.chat_id)
        if not was_served:
            await self.after_setup(update, message)


def read_hour(written: str) -> int | None:
    """Read an hour as people write it (``8``, ``08:00``, ``8 pm``, ``20h``); None if it is no full hour."""
    found = _WRITTEN_HOUR.fullmatch(written.strip().lower())
    if found is None:
        return None
    hour = int(found["hour"])
    if found["half"]:
        return hour % 12 + (12 if found["half"] == "p" else 0) if hour in range(1, 13) else None
    return hour if str(hour) in HOURS else None


def _ask(view: View) -> Callable[[Reader], Reader]:
    """Expect an hour or a city in words while its view is shown, and not after."""
    return lambda reader: replace(reader, asking=_ASKED.get(view))


def _rhythm(reader: Reader) -> tuple[object, ...]:
    return reader.hour, reader.timezone, reader.on_arrival, reader.days, reader.quiet_until
