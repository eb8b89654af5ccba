"""`paperboy poll` as its user meets it: a process of its own, and a server that plays Hugging Face."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from commands import Ended, Shell, ended

from benchmarks.child.nursery import Forked
from benchmarks.newsstand import Newsstand, invent

API = "/api/daily_papers"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Desk:
    """A folder in which commands are run, and the server that they meet."""

    shell: Shell
    stand: Newsstand

    async def start(self, *arguments: str) -> Forked:
        told = {"SOURCES": "huggingface", "HF_ENDPOINT": self.stand.url, "DUMPS_DIR": ""}
        return await self.shell.start(*arguments, **told)

    async def run(self, *arguments: str) -> Ended:
        return await end(await self.start(*arguments))

    async def asked_for(self, requests: int) -> None:
        """Wait until the server was asked so often."""
        async with asyncio.timeout(30):
            while self.stand.count() < requests:  # noqa: ASYNC110 - it is looked at from outside
                await asyncio.sleep(0.02)


async def end(process: Forked) -> Ended:
    """Wait for the end of a command, and read what it wrote with all blanks alike."""
    end = await ended(process)
    assert "Traceback" not in end.stderr, end.stderr
    return Ended(end.returncode, " ".join(end.stdout.split()), " ".join(end.stderr.split()))


@pytest.fixture
async def desk(shell: Shell) -> AsyncIterator[Desk]:
    world = invent(now().date() - timedelta(days=60), 70, a_day=4)
    async with Newsstand(world, now) as stand:
        yield Desk(shell, stand)


async def test_so_many_days_are_read_as_are_asked_for_and_only_once(desk: Desk) -> None:
    first = await desk.run("poll", "--backfill", "4w")
    assert first.returncode == 0
    assert "huggingface: 29 of 29," in first.stderr
    assert desk.stand.count(API) == 29
    again = await desk.run("poll", "--backfill", "28")
    assert again.returncode == 0
    assert desk.stand.count(API) == 30  # today's list, which still grows


async def test_a_day_with_nothing_is_told_apart_from_one_that_failed(desk: Desk) -> None:
    today = now().date()
    desk.stand.answer_status(404, path=API, requests=1)  # today's, which is asked for first
    desk.stand.answer_status(404, path="/papers/date/")
    report = await desk.run("poll", "--backfill", "9d")
    assert report.returncode == 0
    empty = [day for day, listed in desk.stand.world.days.items() if not listed and day < today][-1]
    failed, _, nothing = report.stdout.partition("nothing so far on")
    assert "404" in failed
    assert str(empty) in nothing
    assert str(today) not in nothing


async def test_other_words_than_days_are_refused(desk: Desk) -> None:
    refused = await desk.run("poll", "--backfill=soon")
    assert refused.returncode == 2
    assert "as in 30d or 4w" in refused.stderr
    assert desk.stand.count() == 0


async def test_ctrl_c_ends_a_poll_in_words_and_the_next_goes_on_from_there(desk: Desk) -> None:
    desk.stand.drip(0.4, path=API)
    process = await desk.start("poll", "--backfill", "30d")
    await desk.asked_for(13)
    process.send_signal(signal.SIGINT)
    stopped = await end(process)
    assert stopped.returncode == 130
    assert "What was read is kept" in stopped.stdout
    desk.stand.come_back()
    asked = desk.stand.count(API)
    rest = await desk.run("poll", "--backfill", "30d")
    assert rest.returncode == 0
    assert "31 of 31," in rest.stderr
    assert desk.stand.count(API) - asked <= 31 - 4  # the first four were kept at the least


async def test_a_source_that_asked_to_be_left_alone_is_left_alone_in_words(desk: Desk) -> None:
    desk.stand.answer_status(429, retry_after="3600")
    first = await desk.run("poll")
    assert first.returncode == 1
    asked = desk.stand.count()
    assert asked <= 4
    second = await desk.run("poll")
    assert second.returncode == 1
    assert "huggingface is left alone until" in second.stdout
    assert "as it asked for" in second.stdout
    assert desk.stand.count() == asked


async def test_an_outage_is_one_message_and_ends_after_a_few_tries(desk: Desk) -> None:
    desk.stand.answer_status(404)
    report = await desk.run("poll", "--backfill", "30d")
    assert report.returncode == 1
    assert len(re.findall(r"\b404\b", report.stdout)) == 1  # the port of the server may hold it too
    assert "failures more" in report.stdout
    assert "more were not asked for" in report.stdout
    assert desk.stand.count(API) <= 6
