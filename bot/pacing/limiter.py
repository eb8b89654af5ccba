"""The pace of all that the bot sends: python-telegram-bot hands each request to the limiter, which says when.

It waits and reads the clock; what it goes by is decided elsewhere in this room. Where several processes send
for one bot, they share its 30 a second and its silences (`bot.pacing.sharing`), and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol, TypeAlias

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.pacing.asked_pause import pause_asked
from bot.pacing.bucket import Bucket
from bot.pacing.errand import Chat, Errand, Terms, read_errand
from bot.pacing.floods import Floods
from bot.pacing.landings import Departure
from bot.pacing.limits import Limits, Urgency
from bot.pacing.queues import Ticket
from bot.pacing.sharing import Sharing
from bot.pacing.turns import Turns

Answered: TypeAlias = "bool | dict[str, Any] | list[dict[str, Any]]"

RETRIES = 2
LONGEST_WAIT = 60.0  # seconds that an answer waits for a pause to end; whoever asked does not wait longer


class Alarm(Protocol):
    """A call that is yet to come."""

    def cancel(self) -> None:
        """Have it not come."""


class Clock(Protocol):
    """Seconds that never go back, and calls at their time: an event loop, or a stand-in for its clock."""

    def time(self) -> float:
        """Read the seconds."""

    def call_at(self, when: float, callback: Callable[[], object], /) -> Alarm:
        """Have something called when it is so late."""


class Limiter(BaseRateLimiter[Urgency | Terms]):
    """Keeps within Telegram's limits, and obeys where it asks for patience."""

    def __init__(self, limits: Limits, clock: Clock | None = None, bucket: Bucket | None = None) -> None:
        """Begin with all limits unused; without a clock the event loop's own counts.

        With a bucket the turns of the bot as a whole come out of it, else this process has them to itself.
        """
        self._given_clock = clock
        self._floods = Floods()
        self._sharing: Sharing | None = None
        if bucket and limits.per_second:
            self._sharing = Sharing(bucket, limits.per_second, self._now, self._call_next, self._fall_silent)
            limits = replace(limits, per_second=None)
        self._turns = Turns(limits, self._floods)
        self._waiting: dict[Ticket, asyncio.Future[None]] = {}
        self._alarm: Alarm | None = None

    @property
    def pause(self) -> timedelta:
        """How long the whole bot is to keep silent from now on; zero where it may send."""
        return timedelta(seconds=max(self._floods.silent_until - self._now(), 0.0))

    async def initialize(self) -> None:
        """Begin; nothing needs to be made."""

    async def shutdown(self) -> None:
        """End; nobody is called any more."""
        if self._sharing:
            await self._sharing.close()
        self._set_alarm(None)

    async def process_request(  # noqa: PLR0913, PLR0917 - as python-telegram-bot calls it
        self,
        callback: Callable[..., Coroutine[Any, Any, Answered]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Urgency | Terms | None,
    ) -> Answered:
        """Make a request when its turn comes.

        Raises:
            RetryAfter: Telegram asks for patience, or did so before. What is pushed does not wait for that,
                an answer does so twice, each time a minute at most.
        """
        terms = rate_limit_args if isinstance(rate_limit_args, Terms) else Terms(rate_limit_args)
        errand = read_errand(endpoint, data, terms.urgency)
        tries_left = RETRIES if errand.urgency is Urgency.ANSWER else 0
        while True:
            departure = await self._admit(errand)
            try:
                if terms.assure:
                    await terms.assure()
                return await callback(*args, **kwargs)
            except RetryAfter as flood:
                self._begin_pause(errand, flood)
                if not tries_left:
                    raise
                tries_left -= 1
            finally:
                if departure:
                    (self._sharing or self._turns).note_return(departure, self._now())

    async def _admit(self, errand: Errand) -> Departure | None:
        """Return when a request may be made; between that and the request it is assured, and nothing else."""
        if errand.chat is not None:
            return await self._take_turn(errand, errand.chat)
        while (end := self._heed_pauses(errand)) > self._now():
            await self._sleep(end)
        return None

    async def _take_turn(self, errand: Errand, chat: Chat) -> Departure:
        """Wait for a turn. Who is called looks again: since then a pause may have begun or an answer come."""
        ticket = self._turns.join(chat, errand.urgency, self._now())
        try:
            self._heed_pauses(errand)
            while not (departure := self._leave(ticket)):
                self._waiting[ticket] = asyncio.get_running_loop().create_future()
                self._call_next()
                await self._waiting[ticket]
                self._heed_pauses(errand)
            return departure
        finally:
            self._turns.leave(ticket)
            self._waiting.pop(ticket, None)
            self._call_next()

    def _leave(self, ticket: Ticket) -> Departure | None:
        """Take the turn, if it is this one's, and the process's."""
        now = self._now()
        if not self._sharing:
            return self._turns.take(ticket, now)
        departure = self._sharing.take(now) if self._turns.first(now) is ticket else None
        if departure:
            self._turns.take(ticket, now)
        return departure

    def _heed_pauses(self, errand: Errand) -> float:
        """Tell when the pauses that concern a request end, where it waits for that.

        Raises:
            RetryAfter: It does not.
        """
        end = self._floods.end_for(errand)
        left = end - self._now()
        if left > (LONGEST_WAIT if errand.urgency is Urgency.ANSWER else 0.0):
            raise RetryAfter(timedelta(seconds=left))
        return end

    def _begin_pause(self, errand: Errand, flood: RetryAfter) -> None:
        """Obey, and call those whom it concerns, so that they learn of it."""
        now, silent_before = self._now(), self._floods.silent_until
        self._floods.begin(errand, now, pause_asked(flood).total_seconds())
        if self._sharing and self._floods.silent_until > max(now, silent_before):
            self._sharing.spread_silence(self._floods.silent_until - now)
        self._call_halted(errand.chat)

    def _fall_silent(self, until: float) -> None:
        """Obey what another process was told."""
        self._floods.silence(until)
        self._call_halted(None)

    def _call_halted(self, chat: Chat | None) -> None:
        """Call all who wait for a chat, and in a silence of the bot everybody."""
        is_silent = self._floods.silent_until > self._now()
        for ticket in [*self._waiting]:
            if ticket.chat == chat or is_silent:
                self._call(ticket)

    def _call_next(self) -> None:
        """Call whose turn it is now, else have that looked at when there is a turn."""
        now = self._now()
        ticket = self._turns.first(now)
        if not ticket:
            self._set_alarm(self._turns.next_at())
            return
        turn_at = self._sharing.turn_at(ticket.urgency, now) if self._sharing else now
        if turn_at is not None and turn_at <= now:
            self._call(ticket)
            turn_at = None
        self._set_alarm(turn_at)

    def _call(self, ticket: Ticket) -> None:
        called = self._waiting.get(ticket)
        if called and not called.done():
            called.set_result(None)

    def _set_alarm(self, when: float | None) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = None if when is None else self._clock.call_at(when, self._call_next)

    async def _sleep(self, until: float) -> None:
        over = asyncio.Event()
        alarm = self._clock.call_at(until, over.set)
        try:
            await over.wait()
        finally:
            alarm.cancel()

    def _now(self) -> float:
        return self._clock.time()

    @property
    def _clock(self) -> Clock:
        return self._given_clock or asyncio.get_running_loop()
