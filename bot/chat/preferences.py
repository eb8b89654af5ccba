"""/settings: hour, time zone, number of picks, silence on empty days; by buttons, edited in place.

/start walks through the same views, so that there is one way to say each thing. Nothing is guessed: without
an hour and a time zone chosen by the reader there is no daily digest.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from telegram import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, message_of, press_of, reply
from bot.cities import Place, find_places, offset_of
from bot.messages import wording
from bot.messages.digest import say_day
from bot.messages.markup import text
from bot.planning import reschedule
from bot.schedule import is_zone, local_day, local_time
from storage import ledger, readers
from storage.readers import Reader, ReaderState

# What Reader.asking says while an answer in words is awaited.
CITY = "city"
HOUR = "hour"
LONGEST_CITY = 80
_PICKS = (1, 2, 3, 5, 7, 10)
_WRITTEN_HOUR = re.compile(r"(?P<hour>\d{1,2})(?:[:.]?00)? ?(?:h|uhr|(?P<half>[ap])\.?m\.?)?", re.ASCII)
_HOURS = {str(hour): f"{hour:02}:00" for hour in range(24)}
_ZONES = {
    "Los Angeles": "America/Los_Angeles",
    "New York": "America/New_York",
    "São Paulo": "America/Sao_Paulo",
    "London": "Europe/London",
    "Berlin": "Europe/Berlin",
    "Istanbul": "Europe/Istanbul",
    "Lagos": "Africa/Lagos",
    "New Delhi": "Asia/Kolkata",
    "Beijing": "Asia/Shanghai",
    "Tokyo": "Asia/Tokyo",
    "Sydney": "Australia/Sydney",
    "UTC": "UTC",
}


class View(StrEnum):
    """What the settings message shows."""

    HOME = "home"
    HOUR = "hour"
    ZONE = "zone"
    PICKS = "picks"


_ASKED = {View.HOUR: HOUR, View.ZONE: CITY}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a settings button changes, which view follows (None: the next unknown), and what is said."""

    change: Callable[[Reader], Reader]
    view: View | None = None
    said: str | None = "Saved."


@dataclass(frozen=True, slots=True)
class Preferences:
    """Shows and changes a chat's settings."""

    desk: Desk

    async def command(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show all settings."""
        await self.show(message_of(update), View.HOME)

    async def show(self, message: Message, view: View) -> None:
        """Send a view as a message of its own."""
        reader = await self._change(message.chat, _ask(view))
        await reply(message, *render(reader, view, self.desk.clock()))

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Carry out a press on a settings button and show what follows from it."""
        pressed = press_of(update)
        _, setting, *value = pressed.data.split(":", 2)
        choice = _read_choice(setting, value[0] if value else "")
        if choice is None:
            await pressed.answer("This button is from an older me: send /settings.")
            return
        reader = await self._change(pressed.chat, choice.change)
        view = choice.view or next_step(reader)
        reader = await self._change(pressed.chat, _ask(view))
        shown = pressed.edit_text(*render(reader, view, self.desk.clock()))
        await asyncio.gather(pressed.answer(choice.said), shown)

    async def answer(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> bool:
        """Take a text as the hour or the city that was asked for; tell whether one was.

        In a group only a reply to the bot is an answer: the rest is talk among its members.
        """
        message = message_of(update)
        async with self.desk.database.reading() as session:
            reader = await readers.get(session, message.chat.id)
        if reader is None or not message.text or not _is_meant_for_us(message):
            return False
        if reader.asking == HOUR:
            await self._take_hour(message, message.text)
        elif reader.asking == CITY:
            await self._take_city(message, message.text)
        return reader.asking is not None

    async def _take_hour(self, message: Message, written: str) -> None:
        hour = read_hour(written)
        if hour is None:
            await reply(message, wording.UNKNOWN_HOUR)
            return
        reader = await self._change(message.chat, lambda reader: replace(reader, hour=hour))
        await self.show(message, next_step(reader))

    async def _take_city(self, message: Message, written: str) -> None:
        await message.reply_chat_action(ChatAction.TYPING)
        places = await asyncio.to_thread(find_places, written[:LONGEST_CITY])
        await reply(message, *_render_places(places, self.desk.clock()))

    async def _change(self, chat: Chat, change: Callable[[Reader], Reader]) -> Reader:
        """Change settings in one transaction, and with them when the next digest is due."""
        async with self.desk.database.writing() as session:
            before = await self.desk.reader_of(session, chat)
            after = change(before)
            if (after.hour, after.timezone) != (before.hour, before.timezone):
                last_day = await ledger.last_day(session, chat.id)
                after = reschedule(after, self.desk.clock(), last_day)
            if after != before:
                await readers.save(session, after)
        return after


def next_step(reader: Reader) -> View:
    """Tell what to ask for next: what is not known yet, else all settings."""
    if reader.hour is None:
        return View.HOUR
    return View.ZONE if reader.timezone is None else View.HOME


def tell_plan(reader: Reader) -> str:
    """Say in one sentence when what will come."""
    if reader.hour is None or reader.timezone is None:
        return "No daily digest yet: choose an hour and a time zone."
    picks = "1 pick" if reader.picks == 1 else f"{reader.picks} picks"
    plan = f"{picks} every day at {reader.hour:02}:00, {_city_of(reader.timezone)} time."
    if reader.state is not ReaderState.ACTIVE:
        return f"{plan} Paused until you /resume."
    if reader.next_due_at is None:
        return plan
    return f"{plan} Next: {say_day(local_day(reader.next_due_at, reader.timezone))}."


def render(reader: Reader, view: View, now: datetime) -> tuple[str, InlineKeyboardMarkup]:
    """Write a view: its text and its buttons."""
    match view:
        case View.HOUR:
            return "🕗 <b>At which hour do you want your papers?</b>", _rows(_hours(reader), 6, _back(reader))
        case View.ZONE:
            how = "" if reader.kind == "private" else " as a reply to this message"
            asked = f"🌍 <b>Where are you?</b>\nPress a place with your time, or write me your city{how}."
            return asked, _rows(_zones(now), 2, _back(reader))
        case View.PICKS:
            return "🔢 <b>How many papers a day?</b>", _rows(_picks(reader), 6, _back(reader))
        case View.HOME:
            return f"⚙️ <b>Settings</b>\n{text(tell_plan(reader)).html}", _rows(_home(reader), 2)


def _read_choice(setting: str, value: str) -> Choice | None:
    """Read the data of a settings button; None where they are not of our writing."""
    match setting, value:
        case "view", view if view in {*View}:
            return Choice(lambda reader: reader, View(view), said=None)
        case "hour", hour if hour in _HOURS:
            return Choice(lambda reader: replace(reader, hour=int(hour)))
        case "zone", zone if is_zone(zone):
            return Choice(lambda reader: replace(reader, timezone=zone))
        case "picks", picks if picks in map(str, _PICKS):
            return Choice(lambda reader: replace(reader, picks=int(picks)), View.HOME)
        case "empty", ("on" | "off") as told:
            return Choice(lambda reader: replace(reader, tell_empty=told == "on"), View.HOME)
    return None


def _ask(view: View) -> Callable[[Reader], Reader]:
    """Expect an hour or a city in words while its view is shown, and not after."""
    return lambda reader: replace(reader, asking=_ASKED.get(view))


def read_hour(written: str) -> int | None:
    """Read an hour as people write it (``8``, ``08:00``, ``8 pm``, ``20h``); None if it is no full hour."""
    found = _WRITTEN_HOUR.fullmatch(written.strip().lower())
    if found is None:
        return None
    hour = int(found["hour"])
    if found["half"]:
        return hour % 12 + (12 if found["half"] == "p" else 0) if hour in range(1, 13) else None
    return hour if str(hour) in _HOURS else None


def _is_meant_for_us(message: Message) -> bool:
    answered = message.reply_to_message
    return message.chat.type == Chat.PRIVATE or bool(
        answered and answered.from_user and answered.from_user.id == message.get_bot().id
    )


def _home(reader: Reader) -> list[InlineKeyboardButton]:
    hour = "not chosen" if reader.hour is None else f"{reader.hour:02}:00"
    zone = "not chosen" if reader.timezone is None else _city_of(reader.timezone)
    empty = ("🔔 Nothing new: tell me", "off") if reader.tell_empty else ("🔕 Nothing new: be silent", "on")
    return [
        _button(f"🕗 Hour: {hour}", f"view:{View.HOUR}"),
        _button(f"🌍 Zone: {zone}", f"view:{View.ZONE}"),
        _button(f"🔢 Picks a day: {reader.picks}", f"view:{View.PICKS}"),
        _button(empty[0], f"empty:{empty[1]}"),
    ]


def _hours(reader: Reader) -> Iterable[InlineKeyboardButton]:
    return (_button(_mark(shown, hour == str(reader.hour)), f"hour:{hour}") for hour, shown in _HOURS.items())


def _zones(now: datetime) -> Iterable[InlineKeyboardButton]:
    return (_button(f"{city} · {local_time(now, zone)}", f"zone:{zone}") for city, zone in _ZONES.items())


def _picks(reader: Reader) -> Iterable[InlineKeyboardButton]:
    return (_button(_mark(str(n), n == reader.picks), f"picks:{n}") for n in _PICKS)


def _render_places(places: Sequence[Place], now: datetime) -> tuple[str, InlineKeyboardMarkup | None]:
    if not places:
        return wording.UNKNOWN_CITY, None
    buttons = (_button(f"{p.label} · {local_time(now, p.zone)}", f"zone:{p.zone}") for p in places)
    return "📍 <b>Which one is it?</b> Press it to take its time.", _rows(buttons, 1)


def _rows(
    buttons: Iterable[InlineKeyboardButton], columns: int, last: Sequence[InlineKeyboardButton] = ()
) -> InlineKeyboardMarkup:
    flat = list(buttons)
    rows = [flat[start : start + columns] for start in range(0, len(flat), columns)]
    return InlineKeyboardMarkup([*rows, last] if last else rows)


def _back(reader: Reader) -> list[InlineKeyboardButton]:
    return [_button("« Back", f"view:{View.HOME}")] if next_step(reader) is View.HOME else []


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"set:{data}")


def _mark(label: str, chosen: bool) -> str:  # noqa: FBT001 - a predicate's answer
    return f"• {label} •" if chosen else label


def _city_of(zone: str) -> str:
    if offset := offset_of(zone):
        return offset
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
