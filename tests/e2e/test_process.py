"""Processes: one bot a database file, and an end in order whenever it is asked for."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from commands import Shell, ended
from town import TOKEN, Chat, Json, papers_on

from benchmarks.child.nursery import Forked
from bot.playground.server import Playground

SOON = 10.0  # a stop is over before a container would be killed
READY = b"Paperboy answers as"


@dataclass
class Desk:
    """A folder in which bots are started, and a Telegram for them."""

    shell: Shell
    telegram: Playground
    http: httpx.AsyncClient
    started: list[Forked] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.shell.folder

    @property
    def file(self) -> Path:
        return self.folder / "data" / "paperboy.db"

    async def start(self, *arguments: str, **settings: str) -> Forked:
        own = {
            "EMBEDDING_MODEL": "off",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram.url,
        }
        process = await self.shell.start(*(arguments or ("run",)), **(own | settings))
        self.started.append(process)
        return process

    async def start_ready(self) -> Forked:
        process = await self.start()
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        assert line.startswith(READY), await ended(process)
        return process

    async def until(self, look: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not look():  # noqa: ASYNC110 - it is looked at from outside
                await asyncio.sleep(0.05)

    async def requests(self, method: str) -> list[Json]:
        log = (await self.http.get("/user/requests")).json()["requests"]
        return [each for each in log if each["method"].lower() == method.lower()]


@pytest.fixture
async def desk(shell: Shell) -> AsyncIterator[Desk]:
    (shell.folder / "dumps").mkdir()
    (shell.folder / "dumps" / "list.json").write_text(json.dumps(papers_on("boats")))
    os.utime(shell.folder / "dumps" / "list.json", (0, 0))  # of one just written, a bot waits for the rest
    telegram = Playground(TOKEN, port=0)
    await telegram.start()
    async with httpx.AsyncClient(base_url=telegram.url, timeout=20) as http:
        desk = Desk(shell, telegram, http)
        yield desk
        for process in desk.started:
            process.send_signal(signal.SIGKILL)
            await process.wait()
    await telegram.stop()


async def stopped(process: Forked, number: int = signal.SIGTERM) -> tuple[float, str]:
    """Have a process end, well and without a traceback; tell how long it took, and what it wrote."""
    told_at = time.monotonic()
    process.send_signal(number)
    end = await ended(process)
    assert end.returncode == 0, end
    assert "Traceback" not in end.stderr
    return time.monotonic() - told_at, end.stderr


async def ask_of_a_slow_telegram(desk: Desk, seconds: float) -> None:
    """Ask for a digest whose sending takes so long, and wait until it is on its way."""
    chat = Chat(7, desk.http)
    await chat.say("/start")
    await chat.wait_for("What do you like to read?")
    fault = {"method": "sendMessage", "kind": "slow", "seconds": seconds, "times": 9}
    await desk.http.post("/faults", json=fault)
    await chat.say("/today")
    await desk.until(lambda: count(desk.file, "digests WHERE state = 'sending'") == 1)


async def test_a_second_bot_on_one_database_says_so_and_ends(desk: Desk) -> None:
    """Whatever it calls the file; it speaks to Telegram of nothing, and the first one goes on."""
    (desk.folder / "elsewhere").symlink_to(desk.folder / "data")
    first = await desk.start_ready()
    greeted = len(await desk.requests("getMe"))
    for second in (
        await desk.start(),
        await desk.start("run", DATABASE_URL=f"sqlite:///{desk.folder}/elsewhere/../elsewhere/paperboy.db"),
        await desk.start("playground", TELEGRAM_BOT_TOKEN="", PLAYGROUND_PORT="0"),
        await desk.start("restore", str(desk.file)),
    ):
        end = await ended(second)
        assert end.returncode == 2, end
        assert "paperboy.db is in use by a Paperboy that is running: end that one first" in end.stderr
        assert "Traceback" not in end.stderr
    assert len(await desk.requests("getMe")) == greeted
    await stopped(first)


async def test_a_bot_that_was_killed_keeps_nobody_out(desk: Desk) -> None:
    """Its lock ended with it, though the lock's file is still there."""
    first = await desk.start_ready()
    first.send_signal(signal.SIGKILL)
    await first.wait()
    assert desk.file.with_name("paperboy.db.lock").exists()
    await stopped(await desk.start_ready())


async def test_other_commands_work_beside_a_bot(desk: Desk) -> None:
    """What reads, polls or backs up need not wait for its end."""
    bot = await desk.start_ready()
    for arguments in (("poll",), ("doctor",), ("backup", "copy.db")):
        end = await ended(await desk.start(*arguments, TELEGRAM_BOT_TOKEN=""))
        assert end.returncode == 0, end
    with closing(sqlite3.connect(desk.folder / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM papers").fetchone() == (5,)
    await stopped(bot)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_bot_that_is_told_to_ends_soon_and_well(desk: Desk, number: int) -> None:
    took, _ = await stopped(await desk.start_ready(), number)
    assert took < SOON


async def test_what_is_in_hand_at_the_end_is_finished(desk: Desk) -> None:
    """A press that waits for Telegram's answer is carried out, and a digest that is on its way is settled."""
    bot = await desk.start_ready()
    await ask_of_a_slow_telegram(desk, seconds=1.5)
    took, _ = await stopped(bot)
    assert took < SOON
    assert count(desk.file, "digests WHERE state = 'sent' AND message_id IS NOT NULL") == 1


async def test_a_second_signal_ends_at_once(desk: Desk) -> None:
    bot = await desk.start_ready()
    await ask_of_a_slow_telegram(desk, seconds=60)
    bot.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.5)
    assert bot.returncode is None
    bot.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(bot.wait(), 3) == -signal.SIGTERM


async def test_an_answer_that_never_comes_holds_up_no_end(desk: Desk) -> None:
    """What could not be settled is as after a crash: it is taken up at the next start."""
    bot = await desk.start_ready()
    await ask_of_a_slow_telegram(desk, seconds=60)
    took, wrote = await stopped(bot)
    assert took < SOON
    assert "goes on at the next start" in wrote


async def test_a_bot_that_seeks_telegram_in_vain_ends_when_told(desk: Desk, unused_tcp_port: int) -> None:
    bot = await desk.start("run", TELEGRAM_API_URL=f"http://127.0.0.1:{unused_tcp_port}")
    async with asyncio.timeout(60):
        while b"cannot be reached" not in await bot.stderr.readline():
            pass
    took, _ = await stopped(bot)
    assert took < SOON


async def test_a_bot_that_waits_for_its_database_ends_when_told(desk: Desk) -> None:
    """Before it could even look at it: the thread that waits for the lock is not waited for."""
    await stopped(await desk.start_ready())
    lock = desk.file.with_name("paperboy.db.lock")
    lock.unlink()
    with closing(sqlite3.connect(desk.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        bot = await desk.start()
        await desk.until(lock.exists)
        await asyncio.sleep(0.3)
        took, _ = await stopped(bot)
    assert took < 4


async def test_a_database_that_is_held_too_long_is_named_at_the_start(desk: Desk) -> None:
    await stopped(await desk.start_ready())
    with closing(sqlite3.connect(desk.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        end = await ended(await desk.start())
    assert end.returncode == 2
    assert "paperboy.db is locked by another program" in end.stderr
    assert "Traceback" not in end.stderr


def count(file: Path, what: str) -> int:
    """Count rows, from outside."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0]  # noqa: S608 - our own words


async def test_a_process_tells_how_it_does_and_logs_as_it_is_told_to(desk: Desk) -> None:
    """The pages are served before Telegram is met; each line of the log is one JSON object that names it."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    process = await desk.start(METRICS_PORT=str(port), LOG_FORMAT="json")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http, asyncio.timeout(60):
        while await status(http, "/readyz") != HTTPStatus.OK:  # noqa: ASYNC110 - it is asked from outside
            await asyncio.sleep(0.05)
        assert await status(http, "/healthz") == HTTPStatus.OK
    process.send_signal(signal.SIGTERM)
    lines = [json.loads(line) for line in (await ended(process)).stderr.splitlines()]
    assert "new papers" in "".join(line["event"] for line in lines)
    assert {(line["role"], line["pid"]) for line in lines} == {("chat+deliver+plan+poll", process.pid)}


async def status(http: httpx.AsyncClient, page: str) -> int | None:
    """Ask for a page; None where nobody listens yet."""
    try:
        return (await http.get(page)).status_code
    except httpx.TransportError:
        return None
