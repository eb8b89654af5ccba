"""/stats: a picture of what a chat likes, and the same in words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Message, Update
from telegram.constants import ChatAction, ParseMode
from telegram.ext import ContextTypes, ExtBot

from bot.chat.desk import Desk, message_of, reply, topic_of
from bot.messages.stats import NOTHING_LIKED, Record, set_scene, write_caption
from bot.pictures.studio import NotDrawn, Studio
from bot.ranking.ranker import Ranker
from recommender.atlas import MOST_LIKED, MOST_RECENT, chart
from storage import papers, readers, tallies, votes

log = logging.getLogger(__name__)

DAYS, WEEKS = 14, 12


@dataclass(frozen=True, slots=True)
class Stats:
    """Draws what a chat likes. In a group that is what its members like together; no other chat's is read."""

    desk: Desk
    ranker: Ranker
    studio: Studio = field(default_factory=Studio)

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer with the picture, or with words alone where it could not be drawn."""
        message, language = message_of(update), await self.desk.spoken_in(update)
        await message.reply_chat_action(ChatAction.UPLOAD_PHOTO)
        record = await self._record(message.chat.id)
        if record is None:
            await reply(message, language.html(NOTHING_LIKED).html)
            return
        picture = await self.studio.draw(set_scene(language, record))
        if isinstance(picture, NotDrawn):
            log.error("a picture could not be drawn: %s", picture.why)
            await reply(message, write_caption(language, record, drawn=False))
            return
        await _send(context, message, picture, write_caption(language, record))

    async def _record(self, chat_id: int) -> Record | None:
        """Read what is known of a chat's taste; None where it likes nothing yet."""
        async with self.desk.database.reading() as session:
            liked = [paper_id for paper_id, _ in await votes.liked(session, chat_id, limit=MOST_LIKED)]
            first = await tallies.first_vote(session, chat_id)
            if not liked or first is None:
                return None
            count = await votes.count_liked(session, chat_id)
            recent = list(await papers.newest(session, MOST_RECENT))
            reader = await readers.get(session, chat_id)
            zone = ZoneInfo(reader.timezone) if reader and reader.timezone else ZoneInfo("UTC")
            starts = _starts(self.desk.clock().astimezone(zone).date(), first.astimezone(zone).date())
            moments = [datetime.combine(start, time(), zone).astimezone(UTC) for start in starts]
            ballots = await tallies.by_span(session, chat_id, moments)
            showings = await tallies.by_slot(session, chat_id)
        shelf = await self.ranker.shelf_of([*liked, *recent])
        return Record(
            liked=count,
            atlas=await asyncio.to_thread(chart, shelf, liked, recent),
            starts=tuple(starts),
            weekly=_is_weekly(starts),
            ballots=tuple(ballots),
            showings=showings,
        )


def _starts(today: date, first_vote: date) -> list[date]:
    """Choose the spans: single days for who began lately, else weeks, which begin on Mondays."""
    if today - first_vote < timedelta(days=DAYS):
        return [today - timedelta(days=age) for age in reversed(range(DAYS))]
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=age) for age in reversed(range(WEEKS))]


def _is_weekly(starts: Sequence[date]) -> bool:
    return starts[1] - starts[0] == timedelta(weeks=1)


async def _send(context: ContextTypes.DEFAULT_TYPE, message: Message, picture: bytes, caption: str) -> None:
    """Send a photo to the chat and the topic of a message."""
    bot: ExtBot[Any] = context.bot
    await bot.send_photo(
        message.chat.id,
        picture,
        caption=caption,
        parse_mode=ParseMode.HTML,
        message_thread_id=topic_of(message),
        filename="paperboy.png",
    )
