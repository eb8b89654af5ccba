"""What the owner is told of the sources: when each was read, what its days held, what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate

from babel.dates import format_date, format_timedelta

from bot.messages.language import Language, noop
from bot.messages.markup import Fragment, cut, joined, text
from bot.polling.health import TROUBLES, SourceHealth, Verdict
from storage.polls import Poll
from storage.readings import Reading

_LONGEST_NAME = 60
_LONGEST_WHY = 120
_ROOM_FOR_MORE = 60  # of the line that counts what there is no room for
_MOMENT = timedelta(seconds=1)
_SIGNS = {
    Verdict.WELL: "✅",
    Verdict.QUIET: "💤",
    Verdict.NEW: "⏳",
    Verdict.LATE: "⚠️",
    Verdict.UNREADABLE: "⚠️",
    Verdict.FAILING: "❌",
    Verdict.RESTING: "⏸",
}
_TIE = "\N{NO-BREAK SPACE}"
_UNREAD, _IN_PART, _GARBLED = "–", "+", "✗"  # noqa: RUF001 - a dash between figures
_LEGEND = {
    _UNREAD: noop("not read"),
    _IN_PART: noop("read before the day was over"),
    _GARBLED: noop("no list of papers"),
}


def write_sources(language: Language, sources: Sequence[SourceHealth], room: int) -> Fragment:
    """Write how the sources do, those in trouble first, in at most ``room`` UTF-16 units."""
    title = language.html("<b>Sources</b>")
    if not sources:
        return joined([title, language.html("none: set DUMPS_DIR or SOURCES")], "\n")
    ordered = sorted(sources, key=lambda health: health.verdict not in TROUBLES)
    blocks = [_write_source(language, health) for health in ordered]
    legend = text(explain_signs(language, sources))
    shown = _count_fitting(blocks, room - title.length - legend.length - _ROOM_FOR_MORE)
    left = len(blocks) - shown
    more = language.count("… and {count} source more", "… and {count} sources more", left) if left else ""
    return joined([title, *blocks[:shown], text(more), legend], "\n")


def tell_standing(language: Language, health: SourceHealth) -> str:
    """Tell when a source was read and when it last brought a new paper."""
    if health.poll is None:
        return language.say("not read yet")
    if health.lag is None:
        return language.say("not read in full yet")
    read = _tell_ago(language, health.lag)
    if health.poll.added_at is None:
        return language.say("read {ago}, no new paper yet", ago=read)
    news = _tell_ago(language, health.at - health.poll.added_at)
    return language.say("read {ago}, last new paper {news}", ago=read, news=news)


def tell_week(language: Language, health: SourceHealth) -> str:
    """Tell what the last seven days held, as in ``Mo 31 · Tu 28``; nothing for a source of no days."""
    return " · ".join(
        f"{format_date(day, 'EEEEEE', locale=language.locale)}{_TIE}{_sign_day(health, day, reading)}"
        for day, reading in health.week.items()
    )


def explain_signs(language: Language, sources: Sequence[SourceHealth]) -> str:
    """Explain those signs of the weeks that stand there and that nobody would guess."""
    signs = {
        _sign_day(health, day, reading)[-1] for health in sources for day, reading in health.week.items()
    }
    return ", ".join(f"{sign} {language.say(said)}" for sign, said in _LEGEND.items() if sign in signs)


def tell_trouble(language: Language, health: SourceHealth) -> str:
    """Tell what is wrong with a source, or unusual; nothing where all is well."""
    match health.verdict:
        case Verdict.RESTING | Verdict.FAILING if health.poll:
            return _tell_failures(language, health.poll, health.at)
        case Verdict.LATE:
            return language.say("It should have been read since.")
        case Verdict.UNREADABLE:
            return language.say("I find no list of papers in it.")
        case Verdict.QUIET if health.news_on:
            return language.say("Nothing new since {day}.", day=language.day(health.news_on))
        case _:
            return ""


def tell_missing(language: Language, health: SourceHealth) -> str:
    """Tell how many days were never read; nothing where none is missing."""
    missing = len(health.missing)
    if not missing:
        return ""
    return language.count("{count} day is still to be read.", "{count} days are still to be read.", missing)


def _write_source(language: Language, health: SourceHealth) -> Fragment:
    head = language.html(
        "{sign} <code>{source}</code>: {standing}",
        sign=_SIGNS[health.verdict],
        source=cut(health.source, _LONGEST_NAME),
        standing=tell_standing(language, health),
    )
    unusual = f"{tell_missing(language, health)} {tell_trouble(language, health)}".strip()
    return joined([head, text(tell_week(language, health)), text(unusual)], "\n")


def _tell_failures(language: Language, poll: Poll, now: datetime) -> str:
    """Tell why it failed the last time, and how often in a row if it did not even answer in part."""
    why = cut(poll.why or "", _LONGEST_WHY)
    if poll.failures:
        told = language.count(
            "{count} try failed: {why}", "{count} tries failed: {why}", poll.failures, why=why
        )
    else:
        told = language.say("It was read in part: {why}", why=why)
    if poll.retry_at is None or poll.retry_at <= now:
        return told
    soon = format_timedelta(poll.retry_at - now, add_direction=True, locale=language.locale)
    again = language.say("It is asked again {soon}.", soon=soon)
    return f"{again} {told}"


def _sign_day(health: SourceHealth, day: date, reading: Reading | None) -> str:
    if reading is None:
        return _UNREAD
    if reading.is_unreadable:
        return _GARBLED
    in_part = day < health.today and not reading.is_whole(day)
    return f"{reading.papers}{_IN_PART if in_part else ''}"


def _count_fitting(blocks: Sequence[Fragment], room: int) -> int:
    """Count the blocks from the first on that the room holds, a line break before each."""
    ends = accumulate(block.length + 1 for block in blocks)
    return sum(end <= room for end in ends)


def _tell_ago(language: Language, age: timedelta) -> str:
    """Tell how long ago something was; this very moment too lies in the past."""
    return format_timedelta(-max(age, _MOMENT), add_direction=True, locale=language.locale)
