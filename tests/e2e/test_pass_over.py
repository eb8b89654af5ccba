"""A database that other tools restored: what was due by then is let go, what comes after is sent as ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from town import Town

from bot.commands.backups import pass_over


async def test_nobody_gets_again_what_was_due_before(
    asleep: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """A digest that was planned and one that was due were sent since the dump was made, for all one knows."""
    planned, due = asleep.chat(7), asleep.chat(8)
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await planned.settle("08:00")
        await due.settle("12:00")
        asleep.clock.pass_by(days=1)
        await paperboy.plan_round()
        sent = len(await asleep.requests("sendMessage"))
    asleep.clock.pass_by(hours=2)
    await pass_over(asleep.settings, asleep.clock.now)
    assert "Now start the bot" in capsys.readouterr().out
    async with asleep.bot_awake() as paperboy:
        await paperboy.digest_round()
        assert len(await asleep.requests("sendMessage")) == sent
        asleep.clock.now += timedelta(days=1)
        await paperboy.digest_round()
        assert len(await asleep.requests("sendMessage")) == sent + 2
