"""Letters: digests with all that they show, read for many chats in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages.buttons import Standing
from bot.messages.digest import Message, Shown, render_digest, render_notice
from bot.messages.language import speak
from storage import notices, papers, readers, showing
from storage.ledger import Digest
from storage.readers import Reader
from storage.showing import Pair


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest that is in hand, and what it takes to write it.

    Attributes:
        reader: Who gets it; None where the chat never subscribed.
        notice: What the owner wrote, where it is a notice.
    """

    digest: Digest
    reader: Reader | None
    shown: Shown
    notice: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether its papers are known; one that became part of another since the claim is not."""
        return all(pick.paper_id in self.shown.papers for pick in self.digest.picks)

    @property
    def leads_home(self) -> bool:
        """Whether it goes to the topic where all digests of its reader go."""
        return self.reader is not None and self.reader.topic_id == self.digest.topic_id

    def write(self) -> Message:
        """Write it as its reader reads it."""
        if self.digest.notice_id is not None:
            return render_notice(self.notice or "")
        return render_digest(speak(self.reader.language if self.reader else None), self.digest, self.shown)


async def read_letters(session: AsyncSession, digests: Sequence[Digest]) -> list[Letter]:
    """Read what digests show, in their order; nobody's own vote, for nobody has pressed their buttons."""
    picks = {(digest.chat_id, pick.paper_id) for digest in digests for pick in digest.picks}
    reasons = {
        (digest.chat_id, pick.reason.paper_id) for digest in digests for pick in digest.picks if pick.reason
    }
    chat_ids = {digest.chat_id for digest in digests}
    known = await papers.get(session, {paper_id for _, paper_id in picks | reasons})
    stated = await showing.interests(session, [pair for pair in reasons if pair[1] < 0])
    tallies = await showing.tallies(session, picks)
    saved = await showing.saved(session, picks)
    with_taste = await showing.with_taste(session, chat_ids)
    readers_of = await readers.of_chats(session, chat_ids)
    notices_sent = await _read_notices(session, digests)
    return [
        Letter(
            digest,
            reader := readers_of.get(digest.chat_id),
            Shown(
                papers=known,
                interests={id_: said for (chat_id, id_), said in stated.items() if chat_id == digest.chat_id},
                standings=_standings(digest, reader, tallies, saved),
                knows_taste=digest.chat_id in with_taste,
            ),
            notices_sent.get(digest.notice_id or 0),
        )
        for digest in digests
    ]


async def _read_notices(session: AsyncSession, digests: Sequence[Digest]) -> dict[int, str | None]:
    notice_ids = {digest.notice_id for digest in digests if digest.notice_id is not None}
    return {notice_id: await notices.get(session, notice_id) for notice_id in notice_ids}


def _standings(
    digest: Digest, reader: Reader | None, tallies: Mapping[Pair, tuple[int, int]], saved: set[Pair]
) -> dict[int, Standing]:
    counted = reader is not None and reader.kind != "private"
    standings = {}
    for pick in digest.picks:
        pair = digest.chat_id, pick.paper_id
        standings[pick.paper_id] = Standing(*tallies.get(pair, (0, 0)), None, counted, pair in saved)
    return standings
