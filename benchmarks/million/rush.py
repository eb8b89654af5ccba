"""The rush: what is planned is sent, by several processes at once, of which one is killed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import asyncpg

from benchmarks.child import Child
from benchmarks.load.stage import until
from benchmarks.million.crew import Workplace, crew
from benchmarks.million.server import Server
from benchmarks.million.town import DUE
from benchmarks.postoffice import PostOffice
from benchmarks.report import Figure
from bot.delivering.delivery import PLACES
from bot.roles import Role

DELIVERERS = 4
KILLED_AFTER = 0.4  # of the letters
PER_SECOND = 30.0
_SETTLING_SECONDS = 2.0  # and the living have settled all that they sent
_PATIENCE = 900.0


@dataclass(frozen=True, slots=True)
class Rush:
    """What came of a rush.

    Attributes:
        left: What the one that was killed had in hand; it waits for the end of its lease.
        lost: Readers to whom nothing came.
        twice: Messages that had come before.
        settled: How many digests are in each state.
    """

    letters: int
    seconds: float
    left: int
    lost: int
    twice: int
    settled: Counter[str]

    def figures(self) -> Iterator[Figure]:
        """Put it into figures."""
        yield Figure("digests sent by 4 processes, one killed", self.letters, "")
        yield Figure("messages a second, before the lease is waited out", self.letters / self.seconds, "1/s")
        yield Figure("left in hand by the killed one", self.left, "", f"at most {PLACES}")
        yield Figure("lost", self.lost, "", "0")
        yield Figure("came twice", self.twice, "", f"at most {PLACES}: what was in flight at the kill")
        yield Figure("not settled in the ledger", self.settled["planned"] + self.settled["sending"], "", "0")


async def rush(server: Server, place: Workplace, office: PostOffice, digests: int) -> Rush:
    """Send so many as fast as it goes, kill a deliverer in the middle, and let its lease run out."""
    async with server.connected() as connection:
        await connection.execute(_PUT_OFF, digests)
        chats = {row["chat_id"] for row in await connection.fetch(_CHOSEN, DUE)}
        before = len(office.letters)
        async with crew(place, [Role.DELIVER] * DELIVERERS) as deliverers:
            await _kill_amid(deliverers, office, before + KILLED_AFTER * len(chats))
            assert await until(lambda: _reached(office, before) >= len(chats) - PLACES, _PATIENCE)
            seconds = office.letters[-1].at - office.letters[before].at
            await asyncio.sleep(_SETTLING_SECONDS)
            left = await connection.fetchval(_LEFT)
            await _wait_until_settled(connection)
        letters = Counter(letter.chat_id for letter in office.letters[before:])
        settled = Counter({row["state"]: row["n"] for row in await connection.fetch(_STATES, list(chats))})
        twice = sum(count - 1 for count in letters.values())
        return Rush(letters.total(), seconds, left, len(chats - letters.keys()), twice, settled)


async def keep_pace(server: Server, place: Workplace, office: PostOffice, seconds: float) -> Sequence[Figure]:
    """Send what is left with the limits on, and tell how even that is."""
    async with server.connected() as connection:
        await connection.execute(_HURRY, int(2 * PER_SECOND * seconds))
        async with crew(place, [Role.DELIVER] * DELIVERERS, is_paced=True):
            before = len(office.letters)
            assert await until(lambda: len(office.letters) > before + PER_SECOND, _PATIENCE)
            begun, first = time.monotonic(), len(office.letters)
            await asyncio.sleep(seconds)
            rate = (len(office.letters) - first) / (time.monotonic() - begun)
        return [
            Figure("messages a second of 4 processes, limits on", rate, "1/s", "29.4 to 30"),
            Figure("most in any second", most_in_a_second([each.at for each in office.letters[first:]]), ""),
        ]


def most_in_a_second(moments: Sequence[float]) -> int:
    """Count the most moments, in order, that lie within one second."""
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


async def _kill_amid(deliverers: Sequence[Child], office: PostOffice, letters: float) -> None:
    assert await until(lambda: len(office.letters) >= letters, _PATIENCE), "the rush does not begin"
    await deliverers[0].kill()


def _reached(office: PostOffice, before: int) -> int:
    return len({letter.chat_id for letter in office.letters[before:]})


async def _wait_until_settled(connection: asyncpg.Connection) -> None:
    ends = time.monotonic() + _PATIENCE
    while await connection.fetchval(_IS_OPEN, DUE):
        assert time.monotonic() < ends, "the rush does not end"
        await asyncio.sleep(0.1)


# All but so many wait for another age; they stay in the table and in its indexes. Leases end by PostgreSQL's
# own clock, which may be days ahead of the one that the processes share here.
_PUT_OFF = """
UPDATE digests SET due_at = due_at + interval '100 years'
WHERE due_at IS NOT NULL AND id NOT IN (
    SELECT id FROM digests WHERE state = 'planned' AND layout = 'list' ORDER BY id LIMIT $1)
"""
_HURRY = """
UPDATE digests SET due_at = planned_at
WHERE id IN (SELECT id FROM digests WHERE state = 'planned' AND layout = 'list' ORDER BY id LIMIT $1)
"""
_CHOSEN = "SELECT chat_id FROM digests WHERE state = 'planned' AND due_at <= $1"
_LEFT = "SELECT count(*) FROM digests WHERE state = 'sending'"
_IS_OPEN = "SELECT 1 FROM digests WHERE due_at < $1::timestamptz + interval '50 years' LIMIT 1"
_STATES = "SELECT state, count(*) AS n FROM digests WHERE chat_id = ANY($1) GROUP BY state"
