"""What Paperboy serves, it serves to this machine alone, and to no page of another site."""

from __future__ import annotations

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.commands.playground import run_playground
from bot.playground.server import Playground
from bot.settings import Settings, SettingsError
from bot.watching.server import served

TOKEN = "123456789:a-token-of-a-bot-that-is-not-there"


async def test_the_metrics_listen_on_this_machine_alone_and_know_no_other_name() -> None:
    """As long as the owner does not set another address."""
    settings = Settings(_env_file=None, telegram_bot_token=None, database_url=None, metrics_port=None)
    async with served(settings.metrics_host, 0, [Route("/", PlainTextResponse("1"))]) as address:
        assert address.startswith("http://127.0.0.1:")
        async with httpx.AsyncClient(base_url=address) as http:
            assert (await http.get("/")).status_code == 200
            assert (await http.get("/", headers={"Host": "evil.example"})).status_code == 400


async def test_the_playground_listens_on_this_machine_alone() -> None:
    telegram = Playground(TOKEN, port=0)
    assert telegram.url.startswith("http://127.0.0.1:")


async def test_the_playground_refuses_to_write_among_real_readers() -> None:
    """Before it opens a port or a database, and with what to do instead."""
    settings = Settings(_env_file=None, telegram_bot_token=TOKEN, database_url=None)
    said: list[str] = []
    with pytest.raises(SettingsError, match=r"paperboy run\n.*TELEGRAM_BOT_TOKEN= ") as raised:
        await run_playground(settings, said.append)
    assert not said
    assert TOKEN not in str(raised.value)
