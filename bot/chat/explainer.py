"""/why, and the buttons that ask it: who speaks for a paper in this chat, and who against it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, message_of, reply
from bot.chat.pointing import find_pointed_at
from bot.chat.pressed_paper import PressedPaper
from bot.messages.card import say_unknown_paper
from bot.messages.explanation import Named, say_how_to_ask_why, write_explanation
from bot.messages.language import Language
from bot.messages.markup import Fragment, text
from bot.ranking.ranker import Ranker
from bot.ranking.rulebooks import Rulebooks
from recommender.objections import LikeDisliked
from recommender.shares import Disliked, Explanation, Liked
from recommender.values import Candidate, Paper
from recommender.wishes import Wishes
from storage import history, interests, papers, votes


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains papers, picked or not; a boost is measured among those that are no older than ``window``."""

    desk: Desk
    ranker: Ranker
    rulebooks: Rulebooks
    window: timedelta

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Explain the paper of the message that the command answers to."""
        message, language = message_of(update), await self.desk.spoken_in(update)
        async with self.desk.database.reading() as session:
            paper_id = await find_pointed_at(session, message, " ".join(context.args or ()))
        if paper_id is None:
            await reply(message, text(say_how_to_ask_why(language)).html)
            return
        await message.reply_chat_action(ChatAction.TYPING)
        told = await self.explain(language, message.chat.id, paper_id)
        await reply(message, (told or text(say_unknown_paper(language))).html)

    async def press(self, pressed: PressedPaper) -> None:
        """Explain below; until that is said, the button itself shows that it is being worked on."""
        told = await self.explain(pressed.language, pressed.by.chat_id, pressed.paper_id)
        told = told or text(say_unknown_paper(pressed.language))
        await asyncio.gather(pressed.press.answer(), pressed.press.say(told.html))

    async def explain(self, language: Language, chat_id: int, paper_id: int) -> Fragment | None:
        """Write why a paper stands where it does in a chat; None where the paper is not known."""
        since = self.desk.clock() - self.window
        async with self.desk.database.reading() as session:
            paper = (await papers.get(session, [paper_id])).get(paper_id)
            if paper is None:
                return None
            cast, stated = await votes.of_chat(session, chat_id), await interests.of_chat(session, chat_id)
            recent = await papers.recent(session, since)
            met = {paper_id, *(candidate.paper_id for candidate in recent)}
            rules = await self.rulebooks.rulebook_of(session, chat_id, met)
            picked = paper_id in await history.given(session, chat_id, [paper_id])
        wishes = Wishes(rules=rules, recent=recent)
        explained = await self.ranker.why(cast, _candidate(paper_id, paper), wishes, stated)
        async with self.desk.database.reading() as session:
            named = await _read_named(session, chat_id, _ids_named(explained))
        return write_explanation(language, paper, explained, named, picked=picked)


def _candidate(paper_id: int, paper: Paper) -> Candidate:
    return Candidate(paper_id, paper.upvotes or 0, paper.comments or 0, paper.featured)


def _ids_named(explained: Explanation) -> Iterator[int]:
    voices = [share.source for share in explained.shares]
    for voice in (*voices, explained.objection):
        if isinstance(voice, Liked | Disliked | LikeDisliked):
            yield voice.paper_id


async def _read_named(session: AsyncSession, chat_id: int, ids: Iterable[int]) -> Named:
    """Read what was liked and what was stated; the ids of these are below zero."""
    named = set(ids)
    stated = {id_ for id_ in named if id_ < 0}
    return Named(await papers.get(session, named - stated), await interests.get(session, chat_id, stated))
