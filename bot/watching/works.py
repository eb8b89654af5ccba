"""What has to go on in a process of its roles, and how long each of it may stand still.

That is longer than any step of it takes on a slow machine, and than a server may keep it waiting: to begin a
process anew that is only slow makes it slower.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.roles import Role
from bot.rounds import Paperboy
from bot.watching.checks import Work

LONGEST_TRY = timedelta(minutes=10)  # of a handler or a message, which may wait for their turn at Telegram
LONGEST_PARTY = timedelta(minutes=15)  # of planning: thousands of readers, one by one, behind a cold start
LONGEST_DUMP = timedelta(minutes=30)  # many pages of a server that is asked slowly, some of them twice


def works_of(paperboy: Paperboy) -> dict[str, Work]:
    """Name all that has to go on."""
    return dict(_works(paperboy))


def _works(paperboy: Paperboy) -> Iterator[tuple[str, Work]]:
    if Role.CHAT in paperboy.roles:
        updates = paperboy.updates
        yield "listening", Work(updates.listening)
        yield "answering", Work(updates.handling.strides, LONGEST_TRY)
        yield "clearing the inbox", Work(updates.persistence.strides)
    if Role.POLL in paperboy.roles:
        yield "ticking", Work(paperboy.ticking)
        for source in paperboy.sources:
            yield f"polling {source.name}", Work(paperboy.polling[source.name], LONGEST_DUMP)
        yield "handing out", Work(paperboy.handing_out, LONGEST_PARTY)
    if Role.PLAN in paperboy.roles:
        yield "planning", Work(paperboy.planner.strides, LONGEST_PARTY)
        if paperboy.queue:
            yield "looking for jobs", Work(paperboy.queue.strides)
    if Role.DELIVER in paperboy.roles:
        yield "delivering", Work(paperboy.deliverer.strides)
        yield "sending", Work(paperboy.deliverer.sending, LONGEST_TRY)
    if paperboy.ranks and paperboy.database.is_shared:
        yield "keeping up", Work(paperboy.keeping_up, LONGEST_PARTY)
