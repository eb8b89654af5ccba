"""The commands of `paperboy`, each a process of its own, in a folder of its own, with settings of its own.

They are forked from one process that has loaded all of the program, since loading takes longer than most
commands do. It is the test process's, and ends with it. That a command loads by itself what it needs, other
tests ask of an interpreter of its own: those of the browser and of the webhook.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from benchmarks.child.nursery import Forked, Nursery, nursery_open
from bot.settings import Settings

LONGEST = 60.0
_LOADED_LATER = (  # by commands, when they are given
    *(
        "bot.process.running",
        "bot.commands.playground",
        "bot.commands.poll",
        "bot.commands.parse",
        "bot.commands.preview",
        "bot.checkups.doctor",
        "bot.commands.backups",
        "bot.commands.migrate",
    ),
    *("bot.measuring.hindsight_report", "bot.measuring.replay_report", "bot.commands.settings_table"),
    *("httpcore", "anyio._backends._asyncio"),
)


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Command:
    """A command with its settings."""

    arguments: tuple[str, ...]
    settings: dict[str, str]

    @property
    def command(self) -> list[str]:
        """How it would be started from nothing."""
        return [sys.executable, "-m", "bot.cli", *self.arguments]

    @property
    def environment(self) -> dict[str, str]:
        """What it inherits, without settings of whoever runs the tests."""
        inherited = {k: v for k, v in os.environ.items() if k.lower() not in Settings.model_fields}
        return inherited | {"SOURCES": "", "COLUMNS": "200"} | self.settings


@dataclass(frozen=True)
class Shell:
    """Runs commands in a folder."""

    folder: Path
    nursery: Nursery

    async def start(self, *arguments: str, **settings: str) -> Forked:
        """Start a command."""
        return await self.nursery.bear(Command(arguments, settings), self.folder)

    async def run(self, *arguments: str, **settings: str) -> Ended:
        """Run a command to its end."""
        return await ended(await self.start(*arguments, **settings))


async def ended(process: Forked) -> Ended:
    """Wait for the end of a process; one that goes on for too long is killed, and fails the test."""
    try:
        async with asyncio.timeout(LONGEST):
            out, err = await asyncio.gather(process.stdout.read(), process.stderr.read())
            return Ended(await process.wait(), out.decode(), err.decode())
    finally:
        process.send_signal(signal.SIGKILL)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def nursery() -> AsyncIterator[Nursery]:
    """Load all of the program once."""
    async with nursery_open("bot.cli", *_LOADED_LATER) as nursery:
        yield nursery


@pytest.fixture
def shell(nursery: Nursery, tmp_path: Path) -> Shell:
    """Run commands in an empty folder."""
    return Shell(tmp_path, nursery)
