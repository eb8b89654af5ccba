"""Sending: one letter is put to Telegram, once, and what comes of it is a verdict."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.delivering.in_hand import LeaseLostError
from bot.delivering.letters import Letter
from bot.delivering.verdicts import Verdict, arrived, dropped, failed, judge, put_off
from bot.messages.groups import tell_topic_gone
from bot.messages.language import speak
from bot.pacing.errand import Terms
from bot.pacing.limits import Urgency
from storage.ledger import Digest, Kind
from storage.readers import Reader, ReaderState

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
SEND_SECONDS = 30.0  # patience with one answer: a send that is given up too early arrives twice


@dataclass(frozen=True, slots=True)
class Courier:
    """Takes letters to their chats. Writes nothing down.

    A digest waits out floods and outages until it is ``max_late``; then it is skipped. ``draw`` gives numbers
    from 0 up to 1 by chance. ``assure`` is asked about each digest right before it leaves.
    """

    bot: ExtBot[Any]
    clock: Callable[[], datetime]
    max_late: timedelta
    draw: Callable[[], float]
    assure: Callable[[Digest], Awaitable[None]]

    async def take(self, letter: Letter, urgency: Urgency) -> Verdict:
        """Send a letter, if it is still wanted.

        Raises:
            LeaseLostError: It may be another process's by now.
        """
        digest = letter.digest
        if why := self._unwanted(letter):
            return dropped(digest, why)
        if not letter.is_whole:
            return put_off(digest, self.clock(), "a paper of it became part of another")
        try:
            message_id = await self._send(letter, urgency)
        except LeaseLostError:
            raise
        except Exception as error:  # a digest that cannot be written fails alone; the run goes on
            if verdict := judge(digest, error, self.clock(), self.draw()):
                return verdict
            log.exception("digest %s of reader %s could not be sent", digest.id, digest.chat_id)
            return failed(digest, type(error).__name__)
        return arrived(digest, message_id, missed_before=bool(letter.reader and letter.reader.misses))

    async def tell_topic_gone(self, reader: Reader) -> None:
        """Say where the digests come now; it is no more than kind, so what hinders it is let be."""
        told = tell_topic_gone(speak(reader.language))
        with suppress(TelegramError):
            await self.bot.send_message(reader.chat_id, told.html, parse_mode=ParseMode.HTML)

    def _unwanted(self, letter: Letter) -> str | None:
        if self.clock() - letter.digest.planned_at > self.max_late:
            return "late"
        asleep = letter.reader is None or letter.reader.state is not ReaderState.ACTIVE
        return "the reader is away" if letter.digest.kind is not Kind.ASKED and asleep else None

    async def _send(self, letter: Letter, urgency: Urgency) -> int:
        message = letter.write()
        sent = await self.bot.send_message(
            letter.digest.chat_id,
            message.html,
            parse_mode=ParseMode.HTML,
            reply_markup=message.keyboard,
            link_preview_options=NO_PREVIEW,
            message_thread_id=letter.digest.topic_id,
            read_timeout=SEND_SECONDS,
            rate_limit_args=Terms(urgency, partial(self.assure, letter.digest)),
        )
        return sent.message_id
