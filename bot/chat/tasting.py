"""Five papers to vote on, one after the other in one message; each is chosen with what was said before.

Which papers were shown stands in `Reader.asking`, the one on the table last, so that a restart goes on.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Chat, Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, Press, press_of
from bot.chat.interests import INTERESTS
from bot.messages.feedback import say_unknown_button, say_vote
from bot.messages.language import Language
from bot.messages.onboarding import CARDS, Card, CardAct, CardPress, close_cards, read_card_press, show_card
from bot.messages.settings import is_in_setup
from bot.ranking.ranker import Ranker
from storage import aliases, interests, papers, readers, votes
from storage.readers import Reader

SHOWN = "cards"  # what Reader.asking begins with while a paper is on the table
_AT_LEAST = 200  # papers to choose from, also where few came of late


@dataclass(frozen=True, slots=True)
class Tasting:
    """Deals the papers and takes the votes. In a group each member votes, and a button shows the next one."""

    desk: Desk
    ranker: Ranker
    window: timedelta

    async def begin(self, update: Update) -> None:
        """Show the first paper in place of the message that was pressed on."""
        await self._deal(update, press_of(update), ())

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Take a vote, which counts also on a paper that is no longer on the table, and show what follows."""
        pressed, language = press_of(update), await self.desk.spoken_in(update)
        meant = read_card_press(pressed.data)
        taken = await self._take(pressed, meant) if meant else None
        if meant is None or taken is None:
            await pressed.answer(say_unknown_button(language))
            return
        onward = meant.act is CardAct.NEXT
        said = None if onward else say_vote(language, meant.act is CardAct.UP)
        paper_id, shown = taken
        is_on_table = shown[-1:] == (paper_id,)
        if is_on_table and (onward or pressed.chat.type == Chat.PRIVATE):
            await asyncio.gather(pressed.answer(said), self._deal(update, pressed, shown))
        elif is_on_table:
            await asyncio.gather(pressed.answer(said), self._redraw(pressed, language, shown))
        else:
            await pressed.answer(said)

    async def _take(self, pressed: Press, meant: CardPress) -> tuple[int, tuple[int, ...]] | None:
        """Put a vote where there is one; tell the paper, and which were shown. None where it is unknown."""
        async with self.desk.database.writing() as session:
            found = await papers.find(session, meant.paper_id)
            if found is None:
                return None
            paper_id, _ = found
            if meant.act is not CardAct.NEXT:
                person, is_up = pressed.query.from_user.id, meant.act is CardAct.UP
                await votes.put(session, pressed.chat.id, person, paper_id, is_up, self.desk.clock())
            reader = await self.desk.reader_of(session, pressed.chat, pressed.query.from_user)
            shown = _read_shown(reader)
            now = await aliases.current_of(session, shown)
            return paper_id, tuple(now[each] for each in shown)

    async def _deal(self, update: Update, pressed: Press, shown: tuple[int, ...]) -> None:
        """Show the next paper, or say that there are no more."""
        await pressed.query.get_bot().send_chat_action(pressed.chat.id, ChatAction.TYPING)
        chosen = await self._choose(pressed.chat.id, shown) if len(shown) < CARDS else []
        shown += tuple(chosen)
        async with self.desk.database.writing() as session:
            reader = await self.desk.reader_of(session, pressed.chat, update.effective_user)
            in_setup = is_in_setup(reader)
            left = INTERESTS if in_setup else None
            asking = f"{SHOWN}:{','.join(map(str, shown))}" if chosen else left
            await readers.save(session, replace(reader, asking=asking))
        language = await self.desk.spoken_in(update)
        if chosen:
            await self._redraw(pressed, language, shown)
        else:
            await pressed.edit_text(*close_cards(language, shown=len(shown), in_setup=in_setup))

    async def _choose(self, chat_id: int, shown: tuple[int, ...]) -> list[int]:
        async with self.desk.database.reading() as session:
            since = self.desk.clock() - self.window
            candidates = await papers.candidates(session, chat_id, since=since, at_least=_AT_LEAST)
            cast, stated = await votes.of_chat(session, chat_id), await interests.of_chat(session, chat_id)
        return await self.ranker.next_exemplars(candidates, cast, stated, 1, shown)

    async def _redraw(self, pressed: Press, language: Language, shown: tuple[int, ...]) -> None:
        async with self.desk.database.reading() as session:
            card = await _card(session, pressed.chat, shown)
        await pressed.edit_text(*show_card(language, card))


async def _card(session: AsyncSession, chat: Chat, shown: tuple[int, ...]) -> Card:
    paper_id = shown[-1]
    known = await papers.get(session, [paper_id])
    tally = None if chat.type == Chat.PRIVATE else (await votes.tally(session, chat.id, [paper_id]))[paper_id]
    return Card(paper_id, known[paper_id], len(shown), tally)


def _read_shown(reader: Reader) -> tuple[int, ...]:
    word, _, ids = (reader.asking or "").partition(":")
    return tuple(map(int, ids.split(","))) if word == SHOWN else ()
