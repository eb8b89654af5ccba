"""The settings as a reader meets them: one message whose views follow each other, in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from babel.dates import get_day_names
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.language import Language, known_codes, name_of
from bot.messages.markup import Fragment, bold, joined, text
from bot.messages.plan import WORKDAYS, city_of, name_days, tell_plan
from bot.timetable.cities import Place
from bot.timetable.schedule import local_day, local_time
from storage.readers import EVERY_DAY, Reader
from storage.states import Layout

PICKS = (1, 2, 3, 5, 7, 10)
QUIET_DAYS = (1, 3, 7, 14, 30)
PERCENTILES = (0, 50, 70, 90)
HOURS = {str(hour): f"{hour:02}:00" for hour in range(24)}
_ZONES = (
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Istanbul",
    "Africa/Lagos",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)
Rendered: TypeAlias = tuple[str, InlineKeyboardMarkup]
Buttons: TypeAlias = Iterable[InlineKeyboardButton]


class View(StrEnum):
    """What the settings message shows."""

    HOME = "home"
    HOUR = "hour"
    ZONE = "zone"
    PICKS = "picks"
    DAYS = "days"
    QUIET = "quiet"
    STRENGTH = "strength"
    LANGUAGE = "language"


def next_step(reader: Reader) -> View:
    """Tell what to ask for next: what is not known yet, else all settings."""
    if reader.hour is None and not reader.on_arrival:
        return View.HOUR
    return View.ZONE if reader.timezone is None else View.HOME


def is_in_setup(reader: Reader | None) -> bool:
    """Tell whether something that a daily digest needs is not known yet."""
    return reader is None or next_step(reader) is not View.HOME


def render(language: Language, reader: Reader, view: View, now: datetime) -> Rendered:
    """Write a view: its text and its buttons."""
    if view is View.HOME:
        heading = bold(text(language.say("⚙️ Settings")))
        plan = text(tell_plan(language, reader, now))
        return joined([heading, plan], "\n").html, _rows(_home(language, reader, now), 1)
    asked = _ask(language, reader, view)
    buttons, columns = _answers(language, reader, view, now)
    more: dict[View, Buttons] = {View.DAYS: _day_sets(language), View.HOUR: _arrival(language, reader)}
    last = [list(more.get(view, ())), _back(language, reader)]
    return asked.html, _rows(buttons, columns, [row for row in last if row])


def render_places(
    language: Language, places: Sequence[Place], now: datetime
) -> tuple[str, InlineKeyboardMarkup | None]:
    """Ask which of these places is meant, or for another name where there is none."""
    if not places:
        unknown = language.html(
            "I do not know that city. Try the nearest larger one, in any language, or a time zone such as "
            "<code>Europe/Berlin</code>."
        )
        return unknown.html, None
    asked = language.html("📍 <b>Which one is it?</b> Press it to take its time.")
    buttons = (
        _button(f"{place.label} · {local_time(now, place.zone)}", f"zone:{place.zone}") for place in places
    )
    return asked.html, _rows(buttons, 1)


def say_unknown_hour(language: Language) -> str:
    """Ask for an hour that can be understood."""
    return language.html(
        "I do not understand that hour. Press one above, or write it as in <code>8</code> or "
        "<code>20:00</code>."
    ).html


def say_old_setting(language: Language) -> str:
    """Say that a button stands for no setting there is."""
    return language.say("This button is from an older me: send /settings.")


def say_set(language: Language) -> str:
    """Confirm."""
    return language.say("Saved.")


def _ask(language: Language, reader: Reader, view: View) -> Fragment:  # noqa: PLR0911 - a question a view
    match view:
        case View.HOUR:
            return language.html("🕗 <b>At which hour do you want your papers?</b>")
        case View.ZONE if reader.kind == "private":
            return language.html(
                "🌍 <b>Where are you?</b>\nPress a place with your time, or write me your city."
            )
        case View.ZONE:
            return language.html(
                "🌍 <b>Where are you?</b>\n"
                "Press a place with your time, or write me your city as a reply to this message."
            )
        case View.PICKS:
            return language.html("🔢 <b>How many papers a day?</b>")
        case View.DAYS:
            return language.html("📅 <b>On which days?</b>\nPress a day to switch it on or off.")
        case View.QUIET:
            return language.html(
                "🏖 <b>For how long shall I be quiet?</b>\nNo daily digest until then. /today still works."
            )
        case View.STRENGTH:
            return language.html(
                "🎯 <b>How strong must a daily pick be?</b>\n"
                "It is compared with all papers of the last days. When none is strong enough, none is picked."
            )
    return Fragment("🗣 <b>Language · 语言</b>")


def _answers(language: Language, reader: Reader, view: View, now: datetime) -> tuple[Buttons, int]:
    """Make the buttons of a view, and tell in how many columns they stand."""
    answers: dict[View, tuple[Buttons, int]] = {
        View.HOUR: (_hours(reader), 4),
        View.ZONE: (_zones(language, now), 2),
        View.PICKS: (_picks(reader), 6),
        View.DAYS: (_days(language, reader), 4),
        View.QUIET: (_quiet(language), 2),
        View.STRENGTH: (_strengths(language, reader), 1),
        View.LANGUAGE: (_languages(language), 2),
    }
    return answers[view]


def _home(language: Language, reader: Reader, now: datetime) -> Buttons:
    unknown = language.say("not chosen")
    hour = unknown if reader.hour is None else f"{reader.hour:02}:00"
    hour = language.say("when the list is out") if reader.on_arrival else hour
    zone = unknown if reader.timezone is None else city_of(language, reader.timezone)
    days = language.say("every day") if reader.days == EVERY_DAY else name_days(language, reader)
    today = local_day(now, reader.timezone or "UTC")
    is_quiet = reader.quiet_until is not None and reader.quiet_until >= today
    in_cards = reader.layout is Layout.CARDS
    yield _button(language.say("🕗 Hour: {hour}", hour=hour), f"view:{View.HOUR}")
    yield _button(language.say("🌍 Zone: {zone}", zone=zone), f"view:{View.ZONE}")
    yield _button(language.say("🔢 Picks a day: {picks}", picks=reader.picks), f"view:{View.PICKS}")
    yield _button(language.say("📅 Days: {days}", days=days), f"view:{View.DAYS}")
    yield (
        _button(language.say("🏖 Quiet: end it"), "quiet:0")
        if is_quiet
        else _button(language.say("🏖 Quiet days"), f"view:{View.QUIET}")
    )
    yield _button(
        language.say("🎯 Strength: {strength}", strength=_name_strength(language, reader.percentile)),
        f"view:{View.STRENGTH}",
    )
    yield (
        _button(language.say("🗂 A message a pick"), "layout:list")
        if in_cards
        else _button(language.say("🗞 All in one message"), "layout:cards")
    )
    yield (
        _button(language.say("🔔 Nothing new: tell me"), "empty:off")
        if reader.tell_empty
        else _button(language.say("🔕 Nothing new: be silent"), "empty:on")
    )
    yield _button(f"🗣 {name_of(language.code)}", f"view:{View.LANGUAGE}")


def _hours(reader: Reader) -> Buttons:
    chosen = None if reader.on_arrival else str(reader.hour)
    return (_button(_mark(shown, hour == chosen), f"hour:{hour}") for hour, shown in HOURS.items())


def _zones(language: Language, now: datetime) -> Buttons:
    for zone in _ZONES:
        yield _button(f"{city_of(language, zone)} · {local_time(now, zone)}", f"zone:{zone}")


def _picks(reader: Reader) -> Buttons:
    return (_button(_mark(str(n), n == reader.picks), f"picks:{n}") for n in PICKS)


def _days(language: Language, reader: Reader) -> Buttons:
    names = get_day_names("abbreviated", locale=language.locale)
    for weekday in range(7):
        is_on = bool(reader.days >> weekday & 1)
        yield _button(
            f"{'✅' if is_on else '▫️'} {names[weekday]}", f"day:{weekday}:{'off' if is_on else 'on'}"
        )


def _day_sets(language: Language) -> Buttons:
    yield _button(language.say("Every day"), f"days:{EVERY_DAY}")
    yield _button(language.say("Monday to Friday"), f"days:{WORKDAYS}")


def _arrival(language: Language, reader: Reader) -> Buttons:
    yield _button(_mark(language.say("⚡ As soon as the list is out"), reader.on_arrival), "arrival:on")


def _quiet(language: Language) -> Buttons:
    for days in QUIET_DAYS:
        yield _button(language.count("{count} day", "{count} days", days), f"quiet:{days}")


def _strengths(language: Language, reader: Reader) -> Buttons:
    for percentile in (None, *PERCENTILES):
        label = _mark(_name_strength(language, percentile), percentile == reader.percentile)
        yield _button(label, f"strength:{'own' if percentile is None else percentile}")


def _name_strength(language: Language, percentile: int | None) -> str:
    if percentile is None:
        return language.say("as usual")
    if percentile == 0:
        return language.say("anything goes")
    return language.say("best {share}", share=language.percent(1 - percentile / 100))


def _languages(language: Language) -> Buttons:
    return (
        _button(_mark(name_of(code), code == language.code), f"language:{code}") for code in known_codes()
    )


def _rows(
    buttons: Buttons, columns: int, last: Sequence[Sequence[InlineKeyboardButton]] = ()
) -> InlineKeyboardMarkup:
    flat = list(buttons)
    rows = [flat[start : start + columns] for start in range(0, len(flat), columns)]
    return InlineKeyboardMarkup([*rows, *last])


def _back(language: Language, reader: Reader) -> list[InlineKeyboardButton]:
    return [] if is_in_setup(reader) else [_button(language.say("« Back"), f"view:{View.HOME}")]


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"set:{data}")


def _mark(label: str, chosen: bool) -> str:  # noqa: FBT001 - a predicate's answer
    return f"• {label} •" if chosen else label
