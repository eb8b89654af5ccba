"""Starts programs fast: a process that has loaded all their code forks one after another.

Loading takes a bot two seconds and more, a fork some milliseconds. It matters where a bot is started hundreds
of times.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, NoReturn, Protocol

from benchmarks.child.process import LONGEST_LINE

_BOT = "benchmarks.child.__main__"
_MOST_BYTES = 2**20


class Asked(Protocol):
    """What is started."""

    @property
    def command(self) -> Sequence[str]:
        """Its interpreter, ``-m``, its module, and what it is told."""

    @property
    def environment(self) -> dict[str, str]:
        """All its environment."""


class Forked:
    """A forked program, with what `asyncio.subprocess.Process` has of a started one."""

    def __init__(
        self, told: asyncio.StreamReader, stdout: asyncio.StreamReader, stderr: asyncio.StreamReader
    ) -> None:
        self._told = told
        self.stdout = stdout
        self.stderr = stderr
        self.pid = 0
        self.returncode: int | None = None

    async def begin(self) -> None:
        """Hear of its birth."""
        self.pid = int(await self._told.readline())
        self._ending = asyncio.create_task(self._hear_of_end())

    async def wait(self) -> int:
        """Wait for its end; tell its exit code, below zero for a signal."""
        return await asyncio.shield(self._ending)

    def send_signal(self, number: int) -> None:
        """Send a signal; nothing where it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    async def _hear_of_end(self) -> int:
        self.returncode = int(await self._told.read())
        return self.returncode


class Nursery:
    """The process that forks, seen from outside."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    async def bear(self, asked: Asked, folder: Path | None = None) -> Forked:
        """Fork a program, to work in a folder; where none is told, in this process's own."""
        pipes = [os.pipe() for _ in range(3)]
        told = json.dumps([asked.command, asked.environment, str(folder or Path.cwd())]).encode()
        socket.send_fds(self._line, [told], [write for _, write in pipes])
        for _, write in pipes:
            os.close(write)
        forked = Forked(*[await _reader(os.fdopen(read, "rb", 0)) for read, _ in pipes])
        await forked.begin()
        return forked


@asynccontextmanager
async def nursery_open(*modules: str) -> AsyncIterator[Nursery]:
    """Start the process that forks, and end it; its programs are for others to end.

    Args:
        modules: The one that has the program's ``main``, and what else is loaded before any fork; where none
            is named, the bot of `benchmarks.child`.

    Raises:
        RuntimeError: It cannot load them.
    """
    loaded = modules or (_BOT,)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", f"from {__name__} import fork_often; fork_often()"),
                *(str(theirs.fileno()), *loaded),
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # threads do not survive a fork
                pass_fds=[theirs.fileno()],
            )
        ours.settimeout(0)
        if not await asyncio.get_running_loop().sock_recv(ours, _MOST_BYTES):
            raise RuntimeError(f"{loaded[0]} cannot be loaded")
        yield Nursery(ours)
    await process.wait()


async def _reader(pipe: BinaryIO) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader


def fork_often() -> None:
    """Load everything, then fork at each word on an inherited socket, until nobody is there to say one."""
    number, *names = sys.argv[1:]
    program, *_ = [import_module(name) for name in names]
    gc.freeze()  # what is shared is no fork's to look through, when it ends above all
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are nobody's to wait for
    with socket.socket(fileno=int(number)) as line:
        line.send(b"ready")
        while True:
            asked, pipes, *_ = socket.recv_fds(line, _MOST_BYTES, 3)
            if not asked:
                return
            if os.fork() == 0:
                line.close()
                _keep(program, asked, pipes)
            for pipe in pipes:
                os.close(pipe)


def _keep(program: ModuleType, asked: bytes, pipes: Sequence[int]) -> NoReturn:
    """Fork the program and tell of its birth and end: of an end only a parent hears."""
    told, stdout, stderr = pipes
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(told)
        _become(program, asked, stdout, stderr)
    os.close(stdout)
    os.close(stderr)
    with suppress(BrokenPipeError):
        os.write(told, b"%d\n" % pid)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.write(told, b"%d\n" % code)
    os._exit(0)


def _become(program: ModuleType, asked: bytes, stdout: int, stderr: int) -> NoReturn:
    command, environment, folder = json.loads(asked)
    os.dup2(stdout, sys.stdout.fileno())
    os.dup2(stderr, sys.stderr.fileno())
    os.close(stdout)
    os.close(stderr)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has its background jobs ignore it
    sys.argv = command[2:]  # as `python -m` would have it
    program.main()
    sys.exit()
