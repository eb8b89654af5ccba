"""Whose turn it is to write. Pure: it decides and counts, and neither waits nor reads a clock."""

from __future__ import annotations

import math
from itertools import count

from bot.pacing.errand import Chat
from bot.pacing.floods import Floods
from bot.pacing.landings import Departure
from bot.pacing.limits import Limits, Urgency
from bot.pacing.queues import ChatQueue, Lane, Ticket
from bot.pacing.spacing import Spacing

ANSWERS_A_PUSH = 2  # where both wait, so many answers go before each push
PATIENCE = 10.0  # seconds that a push lets people go first in its chat; then it queues up with their answers
MANY_CHATS = 512


class Turns:
    """One queue of answers and one of pushes, each first come, first served.

    A request whose own chat must wait is passed by; within a chat none overtakes another of its queue.
    Every step costs O(log n) of those that wait. Chats that are idle are forgotten.
    """

    def __init__(self, limits: Limits, floods: Floods) -> None:
        self._limits = limits
        self._floods = floods
        self._spacing = Spacing(limits.per_second)
        self._chats: dict[Chat, ChatQueue] = {}
        self._many = MANY_CHATS
        self._lanes = {urgency: Lane() for urgency in Urgency}
        self._numbers = count()
        self._passed_by = 0  # answers that went while a push could have gone, since the last push

    def __len__(self) -> int:
        """Count the chats that are remembered."""
        return len(self._chats)

    def join(self, chat: Chat, urgency: Urgency, now: float) -> Ticket:
        """Queue up."""
        ticket = Ticket(next(self._numbers), chat, urgency, now)
        queue = self._queue_of(chat, now)
        queue.add(ticket, urgency)
        self._line_up(queue, ticket, urgency)
        return ticket

    def first(self, now: float) -> Ticket | None:
        """Tell whose turn it is now, if there is a turn and somebody may take it."""
        if max(self._spacing.ready_at, self._floods.silent_until) > now:
            return None
        push, answer = self._first_of(Urgency.PUSH, now), self._first_of(Urgency.ANSWER, now)
        if push and answer:
            return push if self._passed_by >= ANSWERS_A_PUSH else answer
        return push or answer

    def take(self, ticket: Ticket, now: float) -> Departure | None:
        """Take the turn, if it is this one's; it counts as written from now on."""
        if self.first(now) is not ticket:
            return None
        self._passed_by = self._passed_by + 1 if self._lets_by(ticket, now) else 0
        self._chats[ticket.chat].take(ticket, now)
        self.leave(ticket)
        return self._spacing.take(now)

    def note_return(self, departure: Departure, now: float) -> None:
        """Learn that what took a turn has been answered, in whatever way."""
        self._spacing.note_return(departure, now)

    def leave(self, ticket: Ticket) -> None:
        """Leave the queue, with a turn or without; whoever has left already may do so again."""
        queue = self._chats.get(ticket.chat)
        if queue is None:
            return
        firsts = {urgency: queue.first(urgency) for urgency in Urgency}
        queue.remove(ticket)
        for urgency, first in firsts.items():
            new = queue.first(urgency)
            if new and new is not first:
                self._lanes[urgency].add(new)

    def next_at(self) -> float | None:
        """Tell when ``first``, which has just found nobody, is to be asked again; None where nobody waits."""
        soonest = min(lane.wakes_at for lane in self._lanes.values())
        if soonest == math.inf:
            return None
        return max(soonest, self._spacing.ready_at, self._floods.silent_until)

    def _first_of(self, lane: Urgency, now: float) -> Ticket | None:
        """Find who is first in a lane and may go as far as their chat is concerned."""
        while ticket := self._lanes[lane].peek(now):
            queue = self._chats.get(ticket.chat)
            if queue is None or queue.first(lane) is not ticket:
                self._lanes[lane].drop()
                continue
            ready_at = max(queue.pace.ready_at(lane), self._floods.end_in(ticket.chat))
            if ready_at <= now:
                return ticket
            self._put_off(queue, ticket, lane, ready_at, now)
        return None

    def _put_off(self, queue: ChatQueue, ticket: Ticket, lane: Urgency, ready_at: float, now: float) -> None:
        """Have the first of a lane wait for its chat; a push only as long as its patience lasts."""
        patient_until = queue.patient_since(ticket) + PATIENCE if lane is Urgency.PUSH else math.inf
        if patient_until > now:
            self._lanes[lane].sleep(min(ready_at, patient_until))
            return
        self._lanes[lane].drop()
        queue.favour(ticket)
        self._line_up(queue, ticket, Urgency.ANSWER)

    def _line_up(self, queue: ChatQueue, ticket: Ticket, lane: Urgency) -> None:
        """Have a request stand in a lane where it is the first of its chat."""
        if queue.first(lane) is ticket:
            self._lanes[lane].add(ticket)

    def _lets_by(self, ticket: Ticket, now: float) -> bool:
        """Tell whether a push that could go must see this one go first."""
        push = self._first_of(Urgency.PUSH, now)
        return push is not None and push is not ticket

    def _queue_of(self, chat: Chat, now: float) -> ChatQueue:
        if chat not in self._chats:
            if len(self._chats) >= self._many:
                self._forget_idle(now)
            self._chats[chat] = ChatQueue(chat, self._limits)
        return self._chats[chat]

    def _forget_idle(self, now: float) -> None:
        """Forget chats of which nothing need be known; so rarely that it costs a chat next to nothing."""
        self._chats = {
            chat: queue
            for chat, queue in self._chats.items()
            if not (queue.is_empty and queue.pace.is_fresh(now))
        }
        self._many = max(MANY_CHATS, 2 * len(self._chats))
