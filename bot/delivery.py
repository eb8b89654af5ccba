"""Delivery: what the ledger promised is claimed, sent and settled. Telegram's own answers are obeyed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import LinkPreviewOptions
from telegram import Message as SentMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.flood import pause_asked
from bot.messages.digest import Message, Shown, render_digest, render_notice
from bot.messages.groups import tell_topic_gone
from bot.messages.language import speak
from bot.standings import read_standings
from storage import interests, ledger, notices, papers, readers, votes
from storage.database import Database
from storage.errors import NotBeingSentError, StorageError
from storage.ledger import Digest, Kind
from storage.readers import Reader, ReaderState

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
LEASE = timedelta(minutes=5)  # longer than a batch of slow sends; what a crash leaves is taken up after it
BATCH = 5
SEND_SECONDS = 30.0  # patience with one answer: a send that is given up too early arrives twice
MAX_UNANSWERED = 2
MAX_MISSES = 3
LONGEST_PAUSE = timedelta(minutes=15)
SETTLE_TRIES = 3


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Sends digests at least once, and twice only where Telegram did not say whether it took the first.

    A digest waits out floods and outages until it is ``max_late``; then it is skipped.
    """

    database: Database
    bot: ExtBot[Any]
    clock: Callable[[], datetime]
    max_late: timedelta

    async def deliver_due(self) -> None:
        """Send all that can be sent now."""
        while claimed := await self._claim():
            for digest in claimed:
                await self._attempt(digest)

    async def deliver(self, digest_id: int) -> None:
        """Send one digest at once, if it is not already on its way."""
        for digest in await self._claim(digest_id):
            await self._attempt(digest)

    async def _claim(self, digest_id: int | None = None) -> list[Digest]:
        async with self.database.writing() as session:
            return await ledger.claim(session, self.clock(), LEASE, BATCH, digest_id=digest_id)

    async def _attempt(self, digest: Digest) -> None:
        """Bring one digest as far as it goes; whatever happens, the next one has its turn."""
        try:
            if why := await self._unwanted(digest):
                await self._drop(digest, why)
            else:
                await self._deliver(digest)
        except NotBeingSentError:
            log.info("digest %s of reader %s was forgotten on its way", digest.id, digest.chat_id)
        except Exception:  # a fault of any kind must not stop the others; this one is tried after its lease
            log.exception("digest %s of reader %s is left half done", digest.id, digest.chat_id)

    async def _unwanted(self, digest: Digest) -> str | None:
        if self.clock() - digest.planned_at > self.max_late:
            return "late"
        async with self.database.reading() as session:
            reader = await readers.get(session, digest.chat_id)
        asleep = reader is None or reader.state is not ReaderState.ACTIVE
        return "the reader is away" if digest.kind is not Kind.ASKED and asleep else None

    async def _deliver(self, digest: Digest) -> None:
        try:
            sent = await self._send(digest)
        except RetryAfter as flood:
            await self._retry(digest, pause_asked(flood), "flood control")
        except ChatMigrated as moved:
            await self._move(digest, moved.new_chat_id)
        except Forbidden as refusal:
            await self._fail(digest, refusal.message, ReaderState.BLOCKED)
        except BadRequest as refusal:
            await self._refuse(digest, refusal.message)
        except NetworkError as fault:
            await self._wait_or_give_up(digest, fault)
        except Exception as bug:  # a digest that cannot be written fails alone; the run goes on
            log.exception("digest %s of reader %s could not be sent", digest.id, digest.chat_id)
            await self._fail(digest, type(bug).__name__)
        else:
            await self._settle(digest, sent.message_id)

    async def _send(self, digest: Digest) -> SentMessage:
        message = await self._render(digest)
        return await self.bot.send_message(
            digest.chat_id,
            message.html,
            parse_mode=ParseMode.HTML,
            reply_markup=message.keyboard,
            link_preview_options=NO_PREVIEW,
            message_thread_id=digest.topic_id,
            read_timeout=SEND_SECONDS,
        )

    async def _wait_or_give_up(self, digest: Digest, fault: NetworkError) -> None:
        if _may_have_arrived(fault) and digest.attempts >= MAX_UNANSWERED:
            await self._fail(digest, "Telegram did not answer, twice: it may have arrived")
        else:
            await self._retry(digest, _back_off(digest.attempts), type(fault).__name__)

    async def _render(self, digest: Digest) -> Message:
        async with self.database.reading() as session:
            if digest.notice_id is not None:
                return render_notice(await notices.get(session, digest.notice_id) or "")
            reader = await readers.get(session, digest.chat_id)
            counted = reader is not None and reader.kind != "private"
            # A paper of it may have become part of another since it was claimed.
            current = await ledger.get(session, digest.chat_id, digest.id) or digest
            shown = await _read_shown(session, current, counted=counted)
        return render_digest(speak(reader.language if reader else None), current, shown)

    async def _settle(self, digest: Digest, message_id: int) -> None:
        """Write down that a digest arrived; a database that is busy is asked again, for much hangs on it."""
        for tries_left in reversed(range(SETTLE_TRIES)):
            try:
                await self._write_sent(digest, message_id)
            except NotBeingSentError:
                raise
            except StorageError:
                if not tries_left:
                    raise
                await asyncio.sleep(1)
            else:
                return

    async def _write_sent(self, digest: Digest, message_id: int) -> None:
        async with self.database.writing() as session:
            await ledger.sent(session, digest.id, message_id, self.clock())
            reader = await readers.get(session, digest.chat_id)
            if reader and reader.misses:
                await readers.save(session, replace(reader, misses=0))

    async def _drop(self, digest: Digest, why: str) -> None:
        log.warning("digest %s of reader %s is skipped: %s", digest.id, digest.chat_id, why)
        async with self.database.writing() as session:
            await ledger.drop(session, digest.id, why, self.clock())

    async def _retry(self, digest: Digest, pause: timedelta, why: str) -> None:
        log.warning("digest %s of reader %s waits %s: %s", digest.id, digest.chat_id, pause, why)
        async with self.database.writing() as session:
            await ledger.retry(session, digest.id, self.clock() + pause, why)

    async def _move(self, digest: Digest, new_chat_id: int) -> None:
        async with self.database.writing() as session:
            await ledger.retry(session, digest.id, self.clock(), "the group became a supergroup")
            await readers.move(session, digest.chat_id, new_chat_id)

    async def _refuse(self, digest: Digest, why: str) -> None:
        if digest.topic_id is not None and "thread not found" in why.lower():
            await self._leave_topic(digest, why)
            return
        if "chat not found" not in why.lower():
            await self._fail(digest, why)
            return
        async with self.database.writing() as session:
            await ledger.failed(session, digest.id, why, self.clock())
            reader = await readers.get(session, digest.chat_id)
            if reader:
                await readers.save(session, _missed(reader))

    async def _leave_topic(self, digest: Digest, why: str) -> None:
        """Send to the whole group what was meant for a topic that is gone, and tell the group so once."""
        async with self.database.writing() as session:
            await ledger.leave_topic(session, digest.chat_id)
            await ledger.retry(session, digest.id, self.clock(), why)
            reader = await readers.get(session, digest.chat_id)
            is_home = reader is not None and reader.topic_id == digest.topic_id
            if reader and is_home:
                await readers.save(session, replace(reader, topic_id=None))
        if reader and is_home:
            await self._tell_topic_gone(reader)

    async def _tell_topic_gone(self, reader: Reader) -> None:
        """Say where the digests come now; it is no more than kind, so what hinders it is let be."""
        told = tell_topic_gone(speak(reader.language))
        with suppress(TelegramError):
            await self.bot.send_message(reader.chat_id, told.html, parse_mode=ParseMode.HTML)

    async def _fail(self, digest: Digest, why: str, state: ReaderState | None = None) -> None:
        log.warning("digest %s of reader %s failed: %s", digest.id, digest.chat_id, why)
        async with self.database.writing() as session:
            await ledger.failed(session, digest.id, why, self.clock())
            reader = await readers.get(session, digest.chat_id)
            if reader and state:
                await readers.save(session, replace(reader, state=state, next_due_at=None))


async def _read_shown(session: AsyncSession, digest: Digest, *, counted: bool) -> Shown:
    """Read what a digest speaks of; nobody's own vote is shown yet, for nobody has pressed its buttons."""
    named = [pick.reason.paper_id for pick in digest.picks if pick.reason]
    picked = [pick.paper_id for pick in digest.picks]
    return Shown(
        papers=await papers.get(session, [*picked, *named]),
        interests=await interests.get(session, digest.chat_id, named),
        standings=await read_standings(session, digest.chat_id, None, picked, counted=counted),
        knows_taste=bool(
            await votes.count_liked(session, digest.chat_id) or await interests.count(session, digest.chat_id)
        ),
    )


def _missed(reader: Reader) -> Reader:
    missed = replace(reader, misses=reader.misses + 1)
    if missed.misses < MAX_MISSES:
        return missed
    return replace(missed, state=ReaderState.GONE, next_due_at=None)


def _may_have_arrived(fault: NetworkError) -> bool:
    """Tell whether the request left and no answer came: not so for 5xx and for failed connections."""
    cause = fault.__cause__
    never_left = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return isinstance(cause, httpx.TransportError) and not isinstance(cause, never_left)


def _back_off(attempts: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_PAUSE)
