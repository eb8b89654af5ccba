"""What the log tells of a whole day, errors and all, holds no secret and nothing that anybody wrote."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import update
from town import SUBJECTS, TOKEN, Town

from bot.chat.application import TelegramAccess
from bot.process.app import assembled
from bot.settings import Settings, load_settings
from bot.telling.logs import Format, configure_logging
from storage import saved
from storage.database import StorageError
from storage.tables import READERS

NOTE, INTEREST, PHRASE, SEARCHED = (
    "zebras on my desk",
    "quiet lighthouses",
    "loud gramophones",
    "odd umbrellas",
)
SAID = "my dog is called Rex"
PASSWORD, KEY = "s3cret-of-the-database", "key-of-a-source"
WRITTEN = (NOTE, INTEREST, PHRASE, SEARCHED, SAID, *SUBJECTS.values(), "thoughts on")
SECRETS = (TOKEN, TOKEN.partition(":")[2], PASSWORD, KEY)


@contextmanager
def logging_as_it_runs(format_: Format) -> Iterator[None]:
    """Log as `paperboy run` does with LOG_LEVEL=DEBUG; put back what was there."""
    root, ours = logging.getLogger(), ("bot", "sources", "storage", "recommender", "apscheduler.scheduler")
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ours}
    root.handlers.clear()  # else they would be closed
    configure_logging("DEBUG", format_)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)


async def live_a_day(town: Town) -> None:
    """Say, press and search for all that a reader may."""
    chat = town.chat()
    await chat.say("/today")
    digest = await chat.wait_for("fresh off the press")
    await chat.press(digest, "👍 1")
    async with town.bot.database.writing() as session:
        await saved.put(session, 7, 1, town.clock())
    await chat.press_data(await town.forge_button(7, "paper:1:note"), "paper:1:note")
    await chat.say(NOTE)
    await chat.wait_for("Noted")
    await chat.say(f"/interests {INTEREST}")
    await chat.wait_for(INTEREST)
    await chat.say(f"/mute {PHRASE}")
    await chat.wait_for(PHRASE)
    await chat.say(f"/search {SEARCHED}")
    await chat.wait_for("I found no paper")
    await chat.say(SAID)
    await chat.wait_for("I only understand commands")


async def fail_in_many_ways(town: Town) -> None:
    """Have Telegram refuse and quote, a list break off, and a handler fail over what stands in a row."""
    chat = town.chat()
    quoting = f'Bad Request: can\'t parse entities: unsupported start tag "{SAID}" at byte offset 3'
    await town.fault(method="sendMessage", kind="bad_request", description=quoting, times=1)
    await chat.say("/rules")
    assert town.settings.dumps_dir
    (town.settings.dumps_dir / "broken.json").write_text('[{"paper": {"title": "' + SUBJECTS["boats"])
    await town.bot.poll_round()
    async with town.bot.database.writing() as session:
        await session.execute(update(READERS).values(timezone=INTEREST))
    await chat.say("/history")
    await chat.wait_for("went wrong on my side")


@pytest.mark.parametrize("format_", ["pretty", "json"])
async def test_a_day_with_all_its_errors_tells_the_log_nothing_that_was_written(
    asleep: Town, capfd: pytest.CaptureFixture[str], format_: Format
) -> None:
    asleep.settings = asleep.settings.model_copy(
        update={"sources": (f"http://reader:{PASSWORD}@127.0.0.1:9/list?key={KEY}",), "log_level": "DEBUG"}
    )
    with logging_as_it_runs(format_):
        async with asleep.bot_awake() as paperboy:
            await paperboy.poll_round()
            await live_a_day(asleep)
            await fail_in_many_ways(asleep)
    told = "".join(capfd.readouterr()).lower()
    assert "zoneinfonotfounderror" in told, "the errors are told of"
    assert "127.0.0.1" in told, "as is the source that failed"
    assert [each for each in (*WRITTEN, *SECRETS) if each.lower() in told] == []


async def test_a_database_that_cannot_be_reached_is_named_without_its_password(asleep: Town) -> None:
    address = f"postgresql://paperboy:{PASSWORD}@127.0.0.1:9/papers"
    settings = asleep.settings.model_copy(update={"database_url": address})
    with pytest.raises(StorageError) as raised:
        async with assembled(settings, TelegramAccess(TOKEN, asleep.telegram.url)):
            pass
    assert "papers on 127.0.0.1" in str(raised.value)
    assert PASSWORD not in str(raised.value)


def test_settings_that_are_wrong_are_named_without_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a token nor an address with a password is told; nor is a token in the settings' repr."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", f"wrong {TOKEN}")
    monkeypatch.setenv("DATABASE_URL", f"mysql://paperboy:{PASSWORD}@db/papers")
    with pytest.raises(Exception, match="TELEGRAM_BOT_TOKEN") as raised:
        load_settings()
    assert not [each for each in SECRETS if each in str(raised.value)]
    assert TOKEN not in repr(Settings(_env_file=None, telegram_bot_token=TOKEN, database_url=None))
