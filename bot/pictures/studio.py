"""Has pictures drawn by a process of its own, one at a time, within bounds of time.

It knows neither what a picture shows nor how it is drawn.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.pictures.scene import Scene, pack

SECONDS = 20.0  # the first picture of a machine takes a few: matplotlib then lists the fonts
_DRAW = (sys.executable, "-m", "bot.pictures.draw")
_TOLD = 500  # characters of the last words of a process that failed


@dataclass(frozen=True, slots=True)
class NotDrawn:
    """Why there is no picture, in words for the log; none of a scene's texts is in them."""

    why: str


class Studio:
    """Draws scenes. However many ask at once, one process at a time leaves the machine to the others."""

    def __init__(self, command: Sequence[str] = _DRAW, seconds: float = SECONDS) -> None:
        self._command = command
        self._seconds = seconds
        self._free = asyncio.Semaphore(1)

    async def draw(self, scene: Scene) -> bytes | NotDrawn:
        """Draw a scene as a PNG; what is too slow is stopped with all that it started."""
        async with self._free:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True
            )
            try:
                async with asyncio.timeout(self._seconds):
                    png, complaint = await process.communicate(pack(scene))
            except TimeoutError:
                return NotDrawn(f"it took more than {self._seconds:g} s")
            finally:
                await _stop(process)
        if process.returncode or not png:
            return NotDrawn(f"exit {process.returncode}: {_last_line(complaint)}")
        return png


async def _stop(process: Process) -> None:
    """Kill a process and its group, if it still runs, and wait until it is gone."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _last_line(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:_TOLD] if lines else "no word"
