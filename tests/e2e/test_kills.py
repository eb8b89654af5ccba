"""The bot is killed in the middle of everything; `python -m benchmarks.crash` does it hundreds of times."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.crash.ordeal import Orders, undergo

ORDERS = Orders(kills=6, readers=40, seed=6)


@pytest.mark.timeout(300)
async def test_kills_lose_nothing_and_repeat_no_more_than_was_in_flight(tmp_path: Path) -> None:
    """Each due day has its digest, each press counted once, and a kill repeats at most one digest a chat."""
    aftermath = await undergo(tmp_path, ORDERS)
    verdict = aftermath.verdict
    assert list(verdict.broken) == []
    assert len(verdict.duplicates) <= aftermath.in_flight
    assert aftermath.kills == ORDERS.kills
    assert verdict.due > ORDERS.readers / 2
    assert aftermath.votes > 0
