"""/similar, "more like this" and "less of this": papers that are alike, and what to mute in one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, message_of, reply
from bot.chat.pointing import find_pointed_at
from bot.chat.pressed_paper import PressedPaper
from bot.formats.links import find_links
from bot.messages.digest import Message
from bot.messages.language import Language
from bot.messages.likeness import (
    enter_similar,
    head_similar,
    say_not_found,
    write_less,
    write_none_similar,
    write_nothing_to_mute,
    write_similar_help,
)
from bot.messages.listing import Listing, render_listing
from bot.messages.markup import text
from bot.messages.pages import PAGE
from bot.messages.paper_buttons import MUTABLE_TERMS, mute_buttons
from bot.ranking.ranker import Ranker
from recommender.values import Paper
from storage import papers
from storage.search import Query, find

LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Likeness:
    """Finds papers that are alike."""

    desk: Desk
    ranker: Ranker

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """List what is like the paper that the command answers to, or names."""
        message, language = message_of(update), await self.desk.spoken_in(update)
        named = " ".join(context.args or ())[:LONGEST_NAME]
        if not named and message.reply_to_message is None:
            await reply(message, write_similar_help(language).html)
            return
        await message.reply_chat_action(ChatAction.TYPING)
        async with self.desk.database.reading() as session:
            paper_id = await find_pointed_at(session, message, named) or await _find_named(session, named)
            paper = (await papers.get(session, [paper_id])).get(paper_id) if paper_id else None
        if paper_id is None or paper is None:
            told = text(say_not_found(language)) if named else write_similar_help(language)
            await reply(message, told.html)
            return
        listed = await self._list(language, paper_id, paper)
        await reply(message, listed.html, listed.keyboard)

    async def more(self, pressed: PressedPaper) -> None:
        """List below what is like a paper."""
        listed = await self._list(pressed.language, pressed.paper_id, pressed.paper)
        await asyncio.gather(pressed.press.answer(), pressed.press.say(listed.html, listed.keyboard))

    async def less(self, pressed: PressedPaper) -> None:
        """Ask below what of a paper to mute."""
        terms = await self.ranker.telling_terms(pressed.paper_id, MUTABLE_TERMS)
        buttons = mute_buttons(pressed.language, pressed.paper_id, pressed.paper, terms)
        write = write_less if buttons else write_nothing_to_mute
        told = write(pressed.language, pressed.paper)
        await asyncio.gather(pressed.press.answer(), pressed.press.say(told.html, buttons))

    async def _list(self, language: Language, paper_id: int, paper: Paper) -> Message:
        near = await self.ranker.similar(paper_id, PAGE)
        async with self.desk.database.reading() as session:
            known = await papers.get(session, [similar.paper_id for similar in near])
        entries = [
            enter_similar(language, similar.paper_id, known[similar.paper_id], similar.terms)
            for similar in near
            if similar.paper_id in known
        ]
        if not entries:
            return Message(write_none_similar(language, paper).html)
        return render_listing(Listing(head_similar(language, paper), entries))


async def _find_named(session: AsyncSession, named: str) -> int | None:
    """Find the paper that a link or an arXiv id names, else the one that the words fit best.

    A number alone is none of these: it says which paper of a message is meant.
    """
    if named.isdecimal():
        return None
    links = find_links(named)
    if links.arxiv_ids:
        found = await papers.by_arxiv_id(session, links.arxiv_ids)
        return found.get(links.arxiv_ids[0])
    words = links.titles[0] if links.titles else links.rest
    best = await find(session, Query(words=words), 1) if words else []
    return best[0] if best else None
