"""The pace by the real clock: what a turn costs, and how well 30 a second are kept on a busy event loop.

A push for each of many chats waits all the time, and somebody taps now and then. A request counts where the
connection would take it, some steps of the event loop after its turn; its answer comes 20 ms later.

With a PostgreSQL server, what several processes send that share the pace there is counted where it arrives.

    python -m benchmarks.pace [--seconds 20] [--json] [--postgres URL [--processes 4]]
"""

from __future__ import annotations

import argparse
import asyncio
import time
from bisect import bisect_left
from dataclasses import dataclass, field

from benchmarks import shared_pace
from benchmarks.report import Figure, report
from bot.pacing.limiter import Limiter
from bot.pacing.limits import NO_LIMITS, Limits, Urgency

REQUESTS = 20_000
LANE = 500  # pushes that wait all the time
TAP_PAUSE = 0.25
SLICE, SHARE = 0.05, 0.4  # the busy loop does nothing else for so long at a time, for that part of all time
STEPS_TO_THE_WIRE = 3
ROUND_TRIP = 0.02


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--postgres", help="a server on which a database may be made")
    parser.add_argument("--processes", type=int, default=4, help="how many push, beside one that answers")
    arguments = parser.parse_args()
    if arguments.postgres:
        shared = shared_pace.measure(arguments.postgres, arguments.processes, arguments.seconds)
        report(asyncio.run(shared), as_json=arguments.json)
        return
    figures = [Figure("a turn, no limits", 1e6 * asyncio.run(_time_turns()), "µs")]
    figures += asyncio.run(_keep_pace("idle loop", arguments.seconds, share=0.0))
    figures += asyncio.run(_keep_pace("busy loop", arguments.seconds, share=SHARE))
    report(figures, as_json=arguments.json)


@dataclass
class _Office:
    """Takes messages by way of a limiter, and writes down when each arrived and how long answers waited."""

    limiter: Limiter
    arrivals: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def send(self, chat: int, urgency: Urgency) -> None:
        come = (time.perf_counter(), urgency)
        await self.limiter.process_request(self._take, come, {}, "sendMessage", {"chat_id": chat}, urgency)

    async def _take(self, begun: float, urgency: Urgency) -> bool:
        if urgency is Urgency.ANSWER:
            self.waits.append(time.perf_counter() - begun)
        for _ in range(STEPS_TO_THE_WIRE):
            await asyncio.sleep(0)
        self.arrivals.append(time.perf_counter())
        await asyncio.sleep(ROUND_TRIP)
        return True


async def _time_turns() -> float:
    """Time a request that has nothing to wait for: the processor's time, whatever else the machine does."""
    limiter = Limiter(NO_LIMITS)

    async def answer() -> bool:
        return True

    begun = time.process_time()
    for number in range(REQUESTS):
        await limiter.process_request(answer, (), {}, "sendMessage", {"chat_id": number % 1000}, None)
    return (time.process_time() - begun) / REQUESTS


async def _keep_pace(name: str, seconds: float, share: float) -> list[Figure]:
    office = _Office(Limiter(Limits()))
    chats = iter(range(1, 10**9))

    async def push_on() -> None:
        while True:
            await office.send(next(chats), Urgency.PUSH)

    async def keep_busy() -> None:
        while share:
            time.sleep(SLICE)  # noqa: ASYNC251 - it is what blocks the loop
            await asyncio.sleep(SLICE / share - SLICE)

    tasks = [asyncio.create_task(keep_busy()), *(asyncio.create_task(push_on()) for _ in range(LANE))]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        await office.send(-next(chats), Urgency.ANSWER)
        await asyncio.sleep(TAP_PAUSE)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return _tell(name, sorted(office.arrivals), sorted(office.waits))


def _tell(name: str, arrivals: list[float], waits: list[float]) -> list[Figure]:
    rate = (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])
    most = max(bisect_left(arrivals, first + 1) - place for place, first in enumerate(arrivals))
    return [
        Figure(f"{name}: messages a second", rate, "/s", "29.4 to 30"),
        Figure(f"{name}: most in any second", most, "", "at most 30"),
        Figure(f"{name}: an answer waits, 99th percentile", 1000 * waits[int(0.99 * len(waits))], "ms"),
    ]


if __name__ == "__main__":
    main()
