"""The buttons that speak of one paper: which of them is answered by whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from telegram import Update
from telegram.ext import ContextTypes

from bot.chat.cards import Cards
from bot.chat.desk import Desk, press_of, spoken_by
from bot.chat.explainer import Explainer
from bot.chat.feedback import Presser
from bot.chat.likeness import Likeness
from bot.chat.notes import Notes
from bot.chat.pressed_paper import PressedPaper
from bot.messages.card import say_unknown_paper
from bot.messages.paper_buttons import PaperAct, read_paper_press
from storage import papers, readers


@dataclass(frozen=True, slots=True)
class PaperButtons:
    """Hands each press to whoever carries it out, with the paper read."""

    desk: Desk
    cards: Cards
    notes: Notes
    likeness: Likeness
    explainer: Explainer

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Carry out a press; on a paper that is gone, or was never there, say so."""
        press = press_of(update)
        asked = read_paper_press(press.data)
        async with self.desk.database.reading() as session:
            language = spoken_by(await readers.get(session, press.chat.id), press.query.from_user)
            found = await papers.find(session, asked.paper_id) if asked else None
        if asked is None or found is None:
            await press.answer(say_unknown_paper(language))
            return
        by = Presser(update.update_id, press.chat.id, press.query.from_user.id, self.desk.clock())
        pressed = PressedPaper(press, language, *found, by)
        await self._acts()[asked.act](pressed)

    def _acts(self) -> Mapping[PaperAct, Callable[[PressedPaper], Awaitable[None]]]:
        return {
            PaperAct.OPEN: self.cards.open,
            PaperAct.UP: self.cards.like,
            PaperAct.DOWN: self.cards.dislike,
            PaperAct.SAVE: self.cards.save,
            PaperAct.DROP: self.cards.drop,
            PaperAct.KEEP: self.cards.keep,
            PaperAct.WHY: self.explainer.press,
            PaperAct.MORE: self.likeness.more,
            PaperAct.LESS: self.likeness.less,
            PaperAct.NOTE: self.notes.ask,
        }
