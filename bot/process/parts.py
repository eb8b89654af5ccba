"""The parts of the work by role: what a process takes up, what it does alone among all, what it repeats."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from bot.delivering import in_hand
from bot.process.leading import LEASE, Leadership, sign
from bot.process.pulse import Pulse
from bot.process.timers import Timers
from bot.receiving.long_poll import receive_updates
from bot.receiving.webhook import read_hook, receive_webhook
from bot.roles import Role
from bot.rounds import Paperboy

TICK = timedelta(seconds=30)
LOOKUP_PAUSE = timedelta(minutes=10)
FORGET_PAUSE = timedelta(hours=6)
DELIVERIES_A_TICK = 6  # so that what is planned is sent within seconds


@dataclass(frozen=True, slots=True)
class Tempo:
    """How often is looked for what is due, and how long one that led, or sends, is believed to do so yet."""

    tick: timedelta = TICK
    lease: timedelta = LEASE
    holds: timedelta = in_hand.LEASE


USUAL = Tempo()


@dataclass(frozen=True, slots=True)
class Leases:
    """What one process at a time does, whichever it is: tick for all, read for all, ask Telegram for news."""

    ticking: Leadership
    reading: Leadership
    listening: Leadership

    @classmethod
    def of(cls, paperboy: Paperboy, lasts: timedelta) -> Leases:
        """Make them for this process, which holds none yet."""
        names = ("ticking", "reading", "listening")
        holder = sign()
        return cls(*(Leadership(paperboy.database, name, holder, paperboy.clock, lasts) for name in names))


def leads(
    paperboy: Paperboy, tempo: Tempo, leases: Leases, *, poll_now: bool
) -> Iterator[Coroutine[Any, Any, None]]:
    """Say what this process does as long as no other one does it."""
    if Role.POLL in paperboy.roles:
        yield leases.ticking.lead(
            lambda: _ticking(paperboy, tempo.tick, poll_now=poll_now, is_heir=leases.ticking.is_heir)
        )
    if paperboy.ranks:
        yield leases.reading.lead(nullcontext)
    if Role.CHAT in paperboy.roles and paperboy.settings.webhook_url is None:
        yield leases.listening.lead(nullcontext)


def works(paperboy: Paperboy, leases: Leases) -> Iterator[Coroutine[Any, Any, object]]:
    """Say what this process takes up until there shall be an end."""
    yield paperboy.updates.stopping.wait()
    if Role.CHAT in paperboy.roles:
        hook = read_hook(paperboy.settings, paperboy.application.bot.token)
        if hook:
            yield receive_webhook(paperboy.updates, hook)
        else:
            yield receive_updates(paperboy.updates, lambda: leases.listening.leads)
    if Role.PLAN in paperboy.roles and paperboy.queue:
        yield paperboy.queue.work(paperboy.updates.stopping)


@asynccontextmanager
async def _ticking(
    paperboy: Paperboy, tick: timedelta, *, poll_now: bool, is_heir: bool
) -> AsyncIterator[None]:
    """Call, as long as this lasts, what one process does for all.

    At a start the first digests wait for a poll; an heir has no such reason, and polls beside planning.
    """
    timers, pause = Timers(), timedelta(minutes=paperboy.settings.poll_minutes)
    timers.call("waking", paperboy.wake if poll_now and not is_heir else paperboy.plan_round)
    for source in paperboy.sources:  # a timer each: one that takes long delays no other
        polling = partial(paperboy.poll_round, [source])
        timers.repeat(f"polling {source.name}", polling, pause, at_once=is_heir)
    timers.repeat("planning", paperboy.plan_round, tick)
    timers.repeat("ticking", paperboy.tick, tick, at_once=True)
    timers.repeat("looking up", paperboy.lookup_round, LOOKUP_PAUSE)
    timers.repeat("forgetting", paperboy.forget_receipts, FORGET_PAUSE, at_once=True)
    timers.start()
    try:
        yield
    finally:
        await timers.stop()
        paperboy.ticking.rest()


def pulse_of(paperboy: Paperboy, tempo: Tempo, leases: Leases) -> Pulse:
    """Say what this process does for itself again and again."""
    pulse = Pulse()
    if Role.DELIVER in paperboy.roles:
        pulse.repeat("delivering", paperboy.deliver_round, tempo.tick / DELIVERIES_A_TICK)
    if paperboy.ranks:
        pulse.repeat("reading", lambda: paperboy.reading_round(reads=leases.reading.leads), TICK)
    if paperboy.ranks and paperboy.database.is_shared:
        pulse.repeat("keeping up", paperboy.keep_up, TICK)
    return pulse
