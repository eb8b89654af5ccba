"""Delivery: what the ledger promised is claimed, sent and settled. Telegram's own answers are obeyed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter
from telegram.ext import ExtBot

from bot.digest import Message, Standing, render_digest
from bot.flood import pause_asked
from storage import ledger, papers, readers, votes
from storage.database import Database
from storage.ledger import Digest
from storage.readers import Reader, ReaderState

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # longer than any send; a claim that a crash left behind is taken up after it
BATCH = 50
MAX_MISSES = 3
MAX_ATTEMPTS = 10
LONGEST_PAUSE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Sends digests at least once, and never twice but for one in flight at a crash."""

    database: Database
    bot: ExtBot[Any]
    clock: Callable[[], datetime]

    async def deliver_due(self) -> int:
        """Send all that can be sent now; tell how many digests were tried."""
        tried = 0
        while claimed := await self._claim():
            for digest in claimed:
                await self._deliver(digest)
            tried += len(claimed)
        return tried

    async def deliver(self, digest_id: int) -> None:
        """Send one digest at once, if it is not already on its way."""
        for digest in await self._claim(digest_id):
            await self._deliver(digest)

    async def _claim(self, digest_id: int | None = None) -> list[Digest]:
        async with self.database.writing() as session:
            return await ledger.claim(session, self.clock(), LEASE, BATCH, digest_id=digest_id)

    async def _deliver(self, digest: Digest) -> None:
        try:
            message = await self._render(digest)
            sent = await self.bot.send_message(
                digest.chat_id,
                message.html,
                parse_mode=ParseMode.HTML,
                reply_markup=message.keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except RetryAfter as flood:
            await self._retry(digest, pause_asked(flood), "flood control")
        except ChatMigrated as moved:
            await self._move(digest, moved.new_chat_id)
        except Forbidden as refusal:
            await self._fail(digest, refusal.message, ReaderState.BLOCKED)
        except BadRequest as refusal:
            await self._refuse(digest, refusal.message)
        except NetworkError as fault:
            await self._retry(digest, _back_off(digest.attempts), type(fault).__name__)
        except Exception as bug:  # a digest that cannot be written fails alone; the run goes on
            log.exception("digest %s of reader %s could not be sent", digest.id, digest.chat_id)
            await self._fail(digest, type(bug).__name__)
        else:
            await self._settle(digest, sent.message_id)

    async def _render(self, digest: Digest) -> Message:
        named = [pick.reason.paper_id for pick in digest.picks if pick.reason]
        picked = [pick.paper_id for pick in digest.picks]
        async with self.database.reading() as session:
            reader = await readers.get(session, digest.chat_id)
            shown = await papers.get(session, [*picked, *named])
            tally = await votes.tally(session, digest.chat_id, picked)
        counted = reader is not None and reader.kind != "private"
        return render_digest(digest, shown, standings(tally, {}, counted=counted))

    async def _settle(self, digest: Digest, message_id: int) -> None:
        async with self.database.writing() as session:
            await ledger.sent(session, digest.id, message_id, self.clock())
            reader = await readers.get(session, digest.chat_id)
            if reader and reader.misses:
                await readers.save(session, replace(reader, misses=0))

    async def _retry(self, digest: Digest, pause: timedelta, why: str) -> None:
        if digest.attempts >= MAX_ATTEMPTS:
            await self._fail(digest, f"{why}, {digest.attempts} times")
            return
        log.warning("digest %s of reader %s waits %s: %s", digest.id, digest.chat_id, pause, why)
        async with self.database.writing() as session:
            await ledger.retry(session, digest.id, self.clock() + pause, why)

    async def _move(self, digest: Digest, new_chat_id: int) -> None:
        async with self.database.writing() as session:
            await ledger.retry(session, digest.id, self.clock(), "the group became a supergroup")
            await readers.move(session, digest.chat_id, new_chat_id)

    async def _refuse(self, digest: Digest, why: str) -> None:
        if "chat not found" not in why.lower():
            await self._fail(digest, why)
            return
        async with self.database.writing() as session:
            await ledger.failed(session, digest.id, why, self.clock())
            reader = await readers.get(session, digest.chat_id)
            if reader:
                await readers.save(session, _missed(reader))

    async def _fail(self, digest: Digest, why: str, state: ReaderState | None = None) -> None:
        log.warning("digest %s of reader %s failed: %s", digest.id, digest.chat_id, why)
        async with self.database.writing() as session:
            await ledger.failed(session, digest.id, why, self.clock())
            reader = await readers.get(session, digest.chat_id)
            if reader and state:
                await readers.save(session, replace(reader, state=state, next_due_at=None))


def standings(
    tally: dict[int, tuple[int, int]], mine: dict[int, bool], *, counted: bool
) -> dict[int, Standing]:
    """Join the counts of a chat with one reader's own votes; in a group nobody's own are shown."""
    paper_ids: Iterable[int] = tally.keys() | mine.keys()
    return {
        paper_id: Standing(*tally.get(paper_id, (0, 0)), None if counted else mine.get(paper_id), counted)
        for paper_id in paper_ids
    }


def _missed(reader: Reader) -> Reader:
    missed = replace(reader, misses=reader.misses + 1)
    if missed.misses < MAX_MISSES:
        return missed
    return replace(missed, state=ReaderState.GONE, next_due_at=None)


def _back_off(attempts: int) -> timedelta:
    return min(timedelta(seconds=2**attempts), LONGEST_PAUSE)
