"""A clock that is moved by hand, with what is to be called at its times."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

BREATHS = 20  # turns of the event loop: more than any chain of calls that the tests begin


@dataclass(eq=False)
class HandAlarm:
    """A call that is yet to come."""

    when: float
    callback: Callable[[], object]
    clock: HandClock

    def cancel(self) -> None:
        if self in self.clock.alarms:
            self.clock.alarms.remove(self)


@dataclass
class HandClock:
    """Stands still until it is moved. It begins at no round number, as the clock of a machine does."""

    now: float = 1000.25
    alarms: list[HandAlarm] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], object], /) -> HandAlarm:
        alarm = HandAlarm(when, callback, self)
        self.alarms.append(alarm)
        return alarm

    async def pass_by(self, seconds: float) -> None:
        """Let time pass, with each call at its own time, and all that comes of it."""
        end = self.now + seconds
        await breathe()
        while due := [alarm for alarm in self.alarms if alarm.when <= end]:
            alarm = min(due, key=lambda one: one.when)
            alarm.cancel()
            self.now = max(self.now, alarm.when)
            alarm.callback()
            await breathe()
        self.now = end
        await breathe()


async def breathe() -> None:
    """Let everything go on that can."""
    for _ in range(BREATHS):
        await asyncio.sleep(0)
