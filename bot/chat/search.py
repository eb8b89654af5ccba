"""/search: papers by their words and by what they mean, the two rankings fused."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from telegram import Message as TelegramMessage
from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.asked_search import LONGEST_SEARCH, Mistake, level, read_search
from bot.chat.asking import await_answer
from bot.chat.desk import Desk, message_of, press_of, reply
from bot.messages.digest import Message
from bot.messages.language import Language
from bot.messages.library import enter_paper
from bot.messages.listing import Listing, read_turn, render_listing
from bot.messages.markup import Fragment, text
from bot.messages.pages import PAGE, clamp, count_pages
from bot.messages.searching import (
    head_found,
    read_searched,
    say_long_search,
    say_no_author,
    say_no_date,
    say_search_again,
    write_nothing_found,
    write_search_help,
)
from bot.ranking.ranker import Ranker
from recommender.fusion import fuse
from storage import papers
from storage.search import Query, find, meeting

SEARCH = "search"  # what Reader.asking says while words are awaited, and the book that pages are of
MOST_BY_WORDS = 100
MOST_BY_MEANING = 50  # the further down, the more of it is chance


@dataclass(frozen=True, slots=True)
class Search:
    """Finds papers. A page holds the search itself in its first line, so that nothing need be remembered."""

    desk: Desk
    ranker: Ranker

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Search for what stands behind the command; ask for it where nothing does."""
        message = message_of(update)
        if context.args:
            await self._answer(update, " ".join(context.args))
            return
        await await_answer(self.desk, message.chat, message.from_user, SEARCH)
        await reply(message, write_search_help(await self.desk.spoken_in(update)).html)

    async def take(self, update: Update, written: str) -> None:
        """Take a text as what to look for."""
        message = message_of(update)
        if not isinstance(read_search(written, message.chat.id), Mistake):
            await await_answer(self.desk, message.chat, message.from_user, None)
        await self._answer(update, written)

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Turn to a page of what the message searched for."""
        pressed, language = press_of(update), await self.desk.spoken_in(update)
        shown, turn = pressed.query.message, read_turn(pressed.data)
        searched = read_searched((isinstance(shown, TelegramMessage) and shown.text) or "")
        query = read_search(searched, pressed.chat.id)
        if turn is None or isinstance(query, Mistake):
            await pressed.answer(say_search_again(language))
            return
        page = await self._find(language, searched, query, turn[1])
        await asyncio.gather(pressed.answer(), pressed.edit_text(page.html, page.keyboard))

    async def _answer(self, update: Update, written: str) -> None:
        message, language = message_of(update), await self.desk.spoken_in(update)
        query = read_search(written, message.chat.id)
        if isinstance(query, Mistake):
            await reply(message, _correct(language, query).html)
            return
        await message.reply_chat_action(ChatAction.TYPING)
        found = await self._find(language, level(written), query, 1)
        await reply(message, found.html, found.keyboard)

    async def _find(self, language: Language, searched: str, query: Query, page: int) -> Message:
        paper_ids = await self._rank(query)
        if not paper_ids:
            return Message(write_nothing_found(language, searched).html)
        page = clamp(page, len(paper_ids))
        shown = paper_ids[(page - 1) * PAGE : page * PAGE]
        async with self.desk.database.reading() as session:
            known = await papers.get(session, shown)
        heading = head_found(language, searched, len(paper_ids), more=len(paper_ids) >= MOST_BY_WORDS)
        entries = [
            enter_paper(language, paper_id, known[paper_id]) for paper_id in shown if paper_id in known
        ]
        return render_listing(Listing(heading, entries, SEARCH, page, count_pages(len(paper_ids))))

    async def _rank(self, query: Query) -> list[int]:
        """Rank all that is found, at most as many as both ways give together."""
        meant = await self.ranker.search(query.words, MOST_BY_MEANING) if query.words else []
        async with self.desk.database.reading() as session:
            worded = await find(session, query, MOST_BY_WORDS)
            met = await meeting(session, query, meant)
        return fuse(worded, [paper_id for paper_id in meant if paper_id in met])


def _correct(language: Language, mistake: Mistake) -> Fragment:
    """Say what to write instead."""
    match mistake:
        case Mistake.EMPTY:
            return write_search_help(language)
        case Mistake.LONG:
            return text(say_long_search(language, LONGEST_SEARCH))
        case Mistake.AUTHOR:
            return text(say_no_author(language))
        case Mistake.AFTER:
            return text(say_no_date(language))
