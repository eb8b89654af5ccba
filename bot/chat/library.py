"""/liked: the papers that a chat gave a thumb up."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Update
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, message_of, reply
from bot.messages import wording
from bot.messages.digest import paper_link, short_title
from bot.messages.markup import Fragment, bold, joined, link, text
from recommender.values import Paper
from storage import votes

SHOWN = 25


@dataclass(frozen=True, slots=True)
class Library:
    """Lists what was liked."""

    desk: Desk

    async def liked(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show the newest likes, each as a link."""
        message = message_of(update)
        async with self.desk.database.reading() as session:
            papers = await votes.liked(session, message.chat.id, limit=SHOWN)
            count = await votes.count_liked(session, message.chat.id)
        if not papers:
            await reply(message, wording.NOTHING_LIKED)
            return
        heading = "👍 You like 1 paper" if count == 1 else f"👍 You like {count} papers"
        if count > len(papers):
            heading += f"; the newest {len(papers)}:"
        lines = [_line(number, paper) for number, (_, paper) in enumerate(papers, start=1)]
        await reply(message, joined([bold(text(heading)), *lines], "\n").html)


def _line(number: int, paper: Paper) -> Fragment:
    return text(f"{number}. ") + link(text(short_title(paper)), paper_link(paper))
