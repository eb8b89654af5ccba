"""/settings: hour, time zone, number of picks, silence on empty days; by buttons, edited in place.

/start walks through the same views, so that there is one way to say each thing. Nothing is guessed: without
an hour and a time zone chosen by the reader there is no daily digest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from telegram import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import ContextTypes

from bot import wording
from bot.cities import Place, find_places
from bot.desk import Desk, message_of, press_of, reply
from bot.digest import say_day
from bot.markup import text
from bot.planning import reschedule
from bot.schedule import is_zone, local_day, local_time
from storage import readers
from storage.readers import Reader, ReaderState

CITY = "city"  # what Reader.asking says while a city's name is awaited
LONGEST_CITY = 80
_PICKS = (1, 2, 3, 5, 7, 10)
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

    async def city(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> bool:
        """Take a text as a city's name where one is awaited; tell whether it was."""
        message = message_of(update)
        async with self.desk.database.reading() as session:
            reader = await readers.get(session, message.chat.id)
        if reader is None or reader.asking != CITY or not message.text:
            return False
        places = await asyncio.to_thread(find_places, message.text[:LONGEST_CITY])
        await reply(message, *_render_places(places, self.desk.clock()))
        return True

    async def _change(self, chat: Chat, change: Callable[[Reader], Reader]) -> Reader:
        """Change settings in one transaction, and with them when the next digest is due."""
        async with self.desk.database.writing() as session:
            before = await self.desk.reader_of(session, chat)
            after = change(before)
            if (after.hour, after.timezone) != (before.hour, before.timezone):
                after = reschedule(after, self.desk.clock())
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
        return "Choose an hour and a time zone in /settings, else no daily digest comes."
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
            asked = (
                "🌍 <b>Where are you?</b>\nPress a place whose clock shows your time, or write me your city."
            )
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
    """Expect a city's name while the places are shown, and not after."""
    return lambda reader: replace(reader, asking=CITY if view is View.ZONE else None)


def _home(reader: Reader) -> list[InlineKeyboardButton]:
    hour = "not chosen" if reader.hour is None else f"{reader.hour:02}:00"
    zone = "not chosen" if reader.timezone is None else _city_of(reader.timezone)
    empty = ("🔔 Empty days: tell me", "off") if reader.tell_empty else ("🔕 Empty days: silent", "on")
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
    return "📍 <b>Is it this one?</b> Press it to take its time.", _rows(buttons, 1)


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
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
