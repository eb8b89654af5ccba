"""A bot that moves to PostgreSQL goes on there where it left off."""

from __future__ import annotations

from pathlib import Path

import pytest
from town import Town, buttons, titles

from bot.commands.migrate import move_to
from storage.solitude import InUseError, alone_with


async def test_votes_promises_and_old_buttons_hold_after_the_move(
    asleep: Town, file: Path, bare_postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was liked is known, what was sent comes not again, and a thumb under an old digest counts."""
    chat = asleep.chat()
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await chat.settle()
        first = await chat.wait_for("fresh off the press")
        await chat.press(first, "👍 1")
    await move_to(asleep.settings, bare_postgres_url)
    assert "Now set DATABASE_URL" in capsys.readouterr().out
    asleep.settings = asleep.settings.model_copy(update={"database_url": bare_postgres_url})
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await chat.press(first, "👍 2")
        asleep.clock.pass_by(days=1)
        await paperboy.digest_round()
        second = (await chat.from_bot("thoughts on"))[-1]
        await chat.say("/liked")
        liked = await chat.wait_for("You like 2 papers")
    assert titles(second)
    assert not {*titles(second)} & {*titles(first)}
    assert {*titles(liked)} == {*titles(first)[:2]}
    assert buttons(second)


async def test_a_bot_that_runs_is_not_moved(asleep: Town, file: Path, bare_postgres_url: str) -> None:
    """What it would write meanwhile would be left behind."""
    assert asleep.settings.database_url
    with alone_with(asleep.settings.database), pytest.raises(InUseError, match="is in use by a Paperboy"):
        await move_to(asleep.settings, bare_postgres_url)
