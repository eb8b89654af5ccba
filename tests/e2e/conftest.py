from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from town import TOKEN, Town, check_against_schema, papers_on

from bot.playground.server import Playground
from bot.settings import Settings


@pytest.fixture
async def asleep(empty_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town whose bot sleeps, with five papers on boats and five on bees in its folder."""
    dumps = tmp_path / "dumps"
    dumps.mkdir()
    (dumps / "list.json").write_text(json.dumps([*papers_on("boats"), *papers_on("bees")]))
    os.utime(dumps / "list.json", (0, 0))  # of one just written, the bot waits to see whether it still grows
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        dumps_dir=dumps,
        sources=(),
        arxiv_lookup=False,
        embedding_model="off",
        telegram_bot_token=None,
        database_url=empty_url,
    )
    telegram = Playground(TOKEN, port=0)
    await telegram.start()
    try:
        async with httpx.AsyncClient(base_url=telegram.url, timeout=20) as http:
            yield Town(telegram, http, settings)
            await check_against_schema(http)
    finally:
        await telegram.stop()


@pytest.fixture
async def town(asleep: Town) -> AsyncIterator[Town]:
    """A town whose bot is awake and has read its folder."""
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        yield asleep
