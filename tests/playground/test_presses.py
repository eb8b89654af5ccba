"""How long a press may be answered."""

import pytest

from bot.playground.errors import BadRequest
from bot.playground.presses import ANSWER_SECONDS, Presses


async def test_old_presses_are_forgotten() -> None:
    """A press can be answered for a minute, not longer, and its id is never given again."""
    presses = Presses()
    old, new = presses.add(7, 1000.0), presses.add(7, 1000.0)
    presses.answer(new.id, {}, 1000.0 + ANSWER_SECONDS)
    with pytest.raises(BadRequest, match="query is too old"):
        presses.answer(old.id, {}, 1001.0 + ANSWER_SECONDS)
    assert len({old.id, new.id, presses.add(7, 1000.0).id}) == 3
