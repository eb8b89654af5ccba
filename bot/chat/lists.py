"""The lists of papers, each read a page at a time; for a page that is not there, the nearest that is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardButton

from bot.messages.digest import Message
from bot.messages.language import Language
from bot.messages.library import (
    enter_delivered,
    enter_paper,
    enter_saved,
    enter_trending,
    head_day,
    head_history,
    head_liked,
    head_saved,
    head_week,
    say_nothing_brought,
    say_nothing_liked,
    say_nothing_saved,
    say_nothing_trending,
    trending_tabs,
)
from bot.messages.listing import Entry, Listing, render_listing
from bot.messages.markup import Fragment, text
from bot.messages.pages import PAGE, clamp, count_pages
from bot.timetable.schedule import local_day
from storage import history, papers, readers, saved, trending, votes

LIKED, SAVED, HISTORY, DAY, WEEK = "list:liked", "list:saved", "list:history", "list:day", "list:week"
_WEEK = timedelta(days=6)  # and the day itself

Lister: TypeAlias = Callable[[AsyncSession, Language, int, int], Awaitable[Message]]


async def list_liked(session: AsyncSession, language: Language, chat_id: int, page: int) -> Message:
    """List what at least one person of the chat likes, the newest like first."""
    count = await votes.count_liked(session, chat_id)
    page = clamp(page, count)
    liked = await votes.liked(session, chat_id, limit=PAGE, offset=_skipped(page))
    entries = [enter_paper(language, paper_id, paper) for paper_id, paper in liked]
    if not entries:
        return _say(say_nothing_liked(language))
    return _render(head_liked(language, count), entries, LIKED, page, count)


async def list_saved(session: AsyncSession, language: Language, chat_id: int, page: int) -> Message:
    """List what the chat saved, the newest first, with its notes."""
    count = await saved.count(session, chat_id)
    page = clamp(page, count)
    kept = await saved.of_chat(session, chat_id, limit=PAGE, offset=_skipped(page))
    if not kept:
        return _say(say_nothing_saved(language))
    entries = [enter_saved(language, paper) for paper in kept]
    return _render(head_saved(language, count), entries, SAVED, page, count)


async def list_history(session: AsyncSession, language: Language, chat_id: int, page: int) -> Message:
    """List what the chat was brought, the latest first, with the reader's own calendar day of each."""
    count = await history.count(session, chat_id)
    page = clamp(page, count)
    brought = await history.of_chat(session, chat_id, limit=PAGE, offset=_skipped(page))
    if not brought:
        return _say(say_nothing_brought(language))
    reader = await readers.get(session, chat_id)
    zone = (reader and reader.timezone) or "UTC"
    known = await papers.get(session, [paper_id for paper_id, _ in brought])
    entries = [
        enter_delivered(language, paper_id, known[paper_id], local_day(at, zone)) for paper_id, at in brought
    ]
    return _render(head_history(language, count), entries, HISTORY, page, count)


async def list_day(session: AsyncSession, language: Language, _chat_id: int, page: int) -> Message:
    """List the newest day's papers, most upvotes first."""
    return await _list_trending(session, language, page, DAY)


async def list_week(session: AsyncSession, language: Language, _chat_id: int, page: int) -> Message:
    """List the papers of the seven days that end with the newest one, likewise."""
    return await _list_trending(session, language, page, WEEK)


async def _list_trending(session: AsyncSession, language: Language, page: int, book: str) -> Message:
    newest = await trending.newest_day(session)
    if newest is None:
        return _say(say_nothing_trending(language))
    since, head = (newest, head_day) if book == DAY else (newest - _WEEK, head_week)
    count = await trending.count(session, since)
    page = clamp(page, count)
    ranked = await trending.of_days(session, since, limit=PAGE, offset=_skipped(page))
    entries = [enter_trending(language, paper_id, paper) for paper_id, paper in ranked]
    tabs = trending_tabs(language, DAY, WEEK, book)
    return _render(head(language, newest, count), entries, book, page, count, tabs)


def _skipped(page: int) -> int:
    return (page - 1) * PAGE


def _say(told: str) -> Message:
    return Message(text(told).html)


def _render(  # noqa: PLR0913, PLR0917 - a page's worth
    heading: Fragment,
    entries: Sequence[Entry],
    book: str,
    page: int,
    count: int,
    tabs: Sequence[InlineKeyboardButton] = (),
) -> Message:
    return render_listing(Listing(heading, entries, book, page, count_pages(count), tabs))
