"""Each chosen local day has one row in the ledger, whatever calendars, readers and clocks do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lived_days import Life, life, utc

TABLE = Path(__file__).with_name("calendar.txt")
READ = {"hour": int, "days": lambda bits: int(bits, 2), "quiet_until": date.fromisoformat}
VERBS: dict[str, Callable[[Life, str], Awaitable[None]]] = {
    "choose": lambda lived, told: lived.choose(**read_settings(told)),
    "clock": lambda lived, told: lived.set_clock(utc(told)),
    "list": lambda lived, _: lived.see_list(),
    "move": lambda lived, told: lived.move(int(told)),
    "oversleep": lambda lived, told: lived.oversleep(utc(told)),
    "pause": lambda lived, _: lived.pause(),
    "resume": lambda lived, _: lived.resume(),
    "sleep": lambda lived, told: lived.sleep_until(utc(told)),
    "wait": lambda lived, told: lived.choose(on_arrival=told == "for lists"),
}


@dataclass(frozen=True)
class Case:
    """A reader's settings, what happens from ``start`` to ``end``, and what the ledger says then."""

    name: str
    settings: dict[str, Any]
    start: str
    end: str
    events: tuple[tuple[str, str], ...]
    ledger: tuple[str, ...]


def read_case(block: str) -> Case:
    name, span, settings, *lines = (line.strip() for line in block.strip().splitlines())
    start, end = span.split(" to ")
    events = tuple((line[2:18], line[19:]) for line in lines if line.startswith("@"))
    ledger = tuple(line[2:] for line in lines if line.startswith("="))
    return Case(name, read_settings(settings), start, end, events, ledger)


def read_settings(written: str) -> dict[str, Any]:
    pairs = (setting.split("=") for setting in written.split())
    return {name: READ.get(name, str)(value) for name, value in pairs}


CASES = [read_case(block) for block in TABLE.read_text("utf-8").split("\n\n")[1:]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_each_chosen_day_has_its_row(case: Case, empty_file: Path, tmp_path: Path) -> None:
    async with life(empty_file, tmp_path, utc(case.start), **case.settings) as lived:
        for moment, event in case.events:
            await lived.live_until(utc(moment))
            verb, _, told = event.partition(" ")
            await VERBS[verb](lived, told)
        await lived.live_until(utc(case.end))
        assert tuple(map(str, await lived.entries())) == case.ledger
