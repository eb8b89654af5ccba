"""A child's life: started, asked how it does, told to stop, killed. What it wrote is kept."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.child.shared_clock import SharedClock
from bot.roles import Role

READY_SECONDS = 60.0
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
LONGEST_LINE = 2**20


@dataclass(frozen=True, slots=True)
class Upbringing:
    """What a child is told at its start.

    Attributes:
        api_url: Where its Telegram answers.
        folder: Where its database is; its dumps come from ``dumps`` in it, if that is there.
        clock: The clock that it lives by; None for the real one.
        tick: Seconds between two looks for what is due.
        is_paced: Whether it keeps to Telegram's limits.
        roles: The parts of the work that it takes on; none for all.
        lease: Seconds that one that led, or sends, is believed to do so yet; None for as long as usual.
        settings: More of its environment.
    """

    api_url: str
    folder: Path
    clock: SharedClock | None = None
    tick: float = 0.2
    is_paced: bool = True
    roles: tuple[Role, ...] = ()
    lease: float | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The file of its database."""
        return self.folder / "paperboy.db"

    @property
    def command(self) -> list[str]:
        """How it is started."""
        clock = ["--clock", str(self.clock.file)] if self.clock else []
        pace = [] if self.is_paced else ["--unlimited"]
        roles = [word for role in self.roles for word in ("--role", role)]
        lease = ["--lease", str(self.lease)] if self.lease else []
        tick = ["--tick", str(self.tick)]
        return [sys.executable, "-m", "benchmarks.child", *tick, *lease, *roles, *clock, *pace]

    @property
    def environment(self) -> dict[str, str]:
        """Its settings: nothing of the owner's own, no network, no model."""
        dumps = self.folder / "dumps"
        chosen = {
            "TELEGRAM_API_URL": self.api_url,
            "DATABASE_URL": "",
            "DATA_DIR": str(self.folder),
            "DUMPS_DIR": str(dumps) if dumps.is_dir() else "",
            "SOURCES": "",
            "ARXIV_LOOKUP": "false",
            "EMBEDDING_MODEL": "off",
            "METRICS_PORT": "",
            "LOG_LEVEL": "WARNING",
            "OPENBLAS_NUM_THREADS": "1",  # as bot.cli sets it
        }
        return {**os.environ, **chosen, **self.settings}


class Process(Protocol):
    """What a child needs of its process, as `asyncio.subprocess.Process` has it."""

    @property
    def pid(self) -> int:
        """Its number."""

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it runs, as far as has been heard."""

    @property
    def stdout(self) -> asyncio.StreamReader | None:
        """What it prints."""

    @property
    def stderr(self) -> asyncio.StreamReader | None:
        """What it logs."""

    def send_signal(self, number: int, /) -> None:
        """Send a signal."""

    async def wait(self) -> int:
        """Wait for its end; tell its exit code, below zero for a signal."""


async def begin_process(upbringing: Upbringing) -> Process:
    """Start a bot from nothing, as a service manager does."""
    return await asyncio.create_subprocess_exec(
        *upbringing.command,
        env=upbringing.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )


class Child:
    """The bot in a process of its own.

    Args:
        upbringing: What it is told.
        begin: What starts its process; `benchmarks.child.nursery` has a faster way.

    Attributes:
        words: What it wrote to standard error, line by line, in all its lives.
        starts: How often it was started.
    """

    def __init__(
        self, upbringing: Upbringing, begin: Callable[[Upbringing], Awaitable[Process]] = begin_process
    ) -> None:
        self.upbringing = upbringing
        self._begin = begin
        self.words: list[str] = []
        self.starts = 0
        self._process: Process | None = None
        self._listening: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process, "it was never started"
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it runs, as far as has been heard."""
        return self._process is not None and self._process.returncode is None

    async def start(self, *, until_ready: bool = True) -> None:
        """Start it, and wait until it answers.

        Raises:
            RuntimeError: It ended before that; says in its own words why.
        """
        self._process = await self._begin(self.upbringing)
        self.starts += 1
        self._listening = asyncio.create_task(self._listen(self._process))
        if until_ready and await self._read() != "ready":
            await self.wait()
            raise RuntimeError("the bot did not start:\n" + "".join(self.words[-20:]))

    async def wait(self) -> int:
        """Wait for its end; tell its exit code, below zero for a signal."""
        assert self._process
        assert self._listening
        code = await self._process.wait()
        await asyncio.shield(self._listening)  # who gives up waiting does not give up its words
        return code

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.send(signal.SIGKILL)
        await self.wait()

    async def stop(self) -> int:
        """Tell it to end, as a service manager does; tell its exit code."""
        self.send(signal.SIGTERM)
        return await self.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing where it has ended."""
        assert self._process
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def count_tasks(self) -> int:
        """Ask how many tasks its event loop has."""
        self.send(signal.SIGUSR1)
        return int(await self._read())

    def count_files(self, name: str = "") -> int:
        """Count its open files, or those whose path has this in it."""
        count = 0
        for link in Path(f"/proc/{self.pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                count += name in str(link.readlink())
        return count

    def count_threads(self) -> int:
        """Count its threads."""
        return int(self._status()["Threads"])

    def resident_mb(self) -> float:
        """Tell how much memory it holds."""
        return int(self._status()["VmRSS"].split()[0]) / 1024

    def peak_mb(self) -> float:
        """Tell how much memory it held at most."""
        return int(self._status()["VmHWM"].split()[0]) / 1024

    def cpu_seconds(self) -> float:
        """Tell how much processor time it has had."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / _TICKS_A_SECOND

    def _status(self) -> dict[str, str]:
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    async def _read(self) -> str:
        assert self._process
        assert self._process.stdout
        line = await asyncio.wait_for(self._process.stdout.readline(), READY_SECONDS)
        return line.decode().strip()

    async def _listen(self, process: Process) -> None:
        assert process.stderr
        async for line in process.stderr:
            self.words.append(line.decode(errors="replace"))


@asynccontextmanager
async def raised(upbringing: Upbringing) -> AsyncIterator[Child]:
    """Start a child, and see to its end."""
    child = Child(upbringing)
    await child.start()
    try:
        yield child
    finally:
        if child.is_alive:
            await child.stop()
