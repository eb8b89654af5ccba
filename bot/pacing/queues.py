"""Who waits: requests of each chat in order, and lanes in which the chats' first ones stand. Pure data."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from heapq import heappop, heappush

from bot.pacing.chat_pace import ChatPace
from bot.pacing.errand import Chat
from bot.pacing.limits import Limits, Urgency


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """A place in the queue. Numbers rise in order of arrival; ``since`` is when it came."""

    number: int
    chat: Chat
    urgency: Urgency
    since: float


class ChatQueue:
    """What waits to be written into one chat, and the chat's pace."""

    def __init__(self, chat: Chat, limits: Limits) -> None:
        self.pace = ChatPace(chat, limits)
        self._pushed_at = -math.inf
        self._favoured: Ticket | None = None  # the push that queues up with the answers
        self._waiting: dict[Urgency, OrderedDict[Ticket, None]] = {lane: OrderedDict() for lane in Urgency}

    @property
    def is_empty(self) -> bool:
        """Whether nobody waits."""
        return not any(self._waiting.values())

    def patient_since(self, push: Ticket) -> float:
        """Tell since when a push lets answers go first: not while one before it was in its way."""
        return max(push.since, self._pushed_at)

    def add(self, ticket: Ticket, lane: Urgency) -> None:
        """Have a request wait behind the others of its lane."""
        self._waiting[lane][ticket] = None

    def take(self, ticket: Ticket, now: float) -> None:
        """Count a request as written."""
        self.pace.take(now)
        if ticket.urgency is Urgency.PUSH:
            self._pushed_at = now

    def remove(self, ticket: Ticket) -> None:
        """Let a request go; one that does not wait is let be."""
        for waiting in self._waiting.values():
            waiting.pop(ticket, None)

    def favour(self, push: Ticket) -> None:
        """Have a push queue up with the answers; those behind it wait until it has gone."""
        self.remove(push)
        self.add(push, Urgency.ANSWER)
        self._favoured = push

    def first(self, lane: Urgency) -> Ticket | None:
        """Return the one that waits longest in a lane."""
        if lane is Urgency.PUSH and self._favoured in self._waiting[Urgency.ANSWER]:
            return None
        return next(iter(self._waiting[lane]), None)


class Lane:
    """The first request of each chat, in order of arrival; apart from them those whose chat must wait.

    Entries are not taken out when a request goes by itself: whoever looks tells ``drop`` of what has gone.
    """

    def __init__(self) -> None:
        self._standing: list[tuple[int, Ticket]] = []
        self._sleeping: list[tuple[float, int, Ticket]] = []

    def add(self, ticket: Ticket) -> None:
        """Have a request stand in the lane at its place."""
        heappush(self._standing, (ticket.number, ticket))

    def peek(self, now: float) -> Ticket | None:
        """Return the foremost of those that stand; whoever has slept long enough stands up first."""
        while self._sleeping and self._sleeping[0][0] <= now:
            self.add(heappop(self._sleeping)[-1])
        return self._standing[0][-1] if self._standing else None

    def drop(self) -> None:
        """Take out the foremost."""
        heappop(self._standing)

    def sleep(self, until: float) -> None:
        """Let the foremost sleep: it stands in nobody's way until its time."""
        number, ticket = heappop(self._standing)
        heappush(self._sleeping, (until, number, ticket))

    @property
    def wakes_at(self) -> float:
        """When there is somebody to look at: at once where one stands, never where none waits."""
        if self._standing:
            return -math.inf
        return self._sleeping[0][0] if self._sleeping else math.inf
