"""The doctor at a bot's bed: what it says of Telegram, and of the way that Telegram comes in."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from town import TOKEN, Town

from bot.checkups.doctor import examine


@pytest.mark.parametrize(
    ("hook", "words"),
    [
        (None, "none: the bot asks Telegram for updates; 0 updates wait with Telegram"),
        ("http://127.0.0.1:8081/updates", "Telegram goes to nowhere as yet; `paperboy run` has it come to"),
    ],
)
async def test_telegram_is_asked_where_it_goes(
    asleep: Town,
    hook: str | None,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    named = {
        "telegram_bot_token": SecretStr(TOKEN),
        "telegram_api_url": asleep.telegram.url,
        "webhook_url": hook,
    }
    assert await examine(asleep.settings.model_copy(update=named))
    told = capsys.readouterr().out
    assert "answers, and knows the bot as @" in told
    assert words in told
    assert TOKEN not in told
