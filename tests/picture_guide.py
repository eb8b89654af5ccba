"""Takes the pictures of docs/guide.md: the real bot with the sample papers, in Chromium, at a phone's width.

Run as ``python tests/picture_guide.py``. Needs no network; writes over docs/guide/*.png.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from chat_page import ChatPage, open_browser
from PIL import Image
from playwright.async_api import Browser, expect
from town import TOKEN, Clock, Town

from bot.playground.server import Playground
from bot.settings import Settings

PICTURES = Path(__file__).parents[1] / "docs" / "guide"
FRONT = PICTURES.parent / "chat.png"  # what the README shows
FRONT_HEIGHT, GAP = 1240, 36
EVENING = datetime(2026, 11, 19, 18, 20, tzinfo=UTC)  # a Thursday; the sample papers are of these weeks
GROUP = -100500
WIDTH = 375
COLOURS = 128  # of a picture: enough for letters and emoji, and a third of the size


@dataclass(frozen=True)
class Photographer:
    """Opens chats of a town and takes their pictures."""

    town: Town
    browser: Browser

    async def open(self, chat_id: int) -> ChatPage:
        address = f"{self.town.telegram.url}/?chat={chat_id}"
        return await ChatPage.open(self.browser, address, device_scale_factor=2)

    async def take(self, chat: ChatPage, name: str, height: int, top: str = "") -> None:
        """Take a picture of the newest messages, or of what begins with the newest that has these words."""
        await chat.page.set_viewport_size({"width": WIDTH, "height": height})
        await chat.page.mouse.move(1, 1)
        await expect(chat.page.locator(".toast")).to_have_count(0)
        if top:
            await chat.told(top).evaluate("message => message.scrollIntoView()")
        file = PICTURES / f"{name}.png"
        await chat.page.screenshot(path=file)
        with Image.open(file) as taken:
            taken.convert("RGB").quantize(COLOURS).save(file, optimize=True)


@asynccontextmanager
async def open_town() -> AsyncIterator[Town]:
    """Wake a bot that knows the sample papers; the playground's clock is the town's."""
    with TemporaryDirectory() as folder:
        settings = Settings(
            _env_file=None,
            data_dir=Path(folder),
            dumps_dir=None,
            sources=(),
            embedding_model="off",
            telegram_bot_token=None,
            database_url=None,
        )
        clock = Clock(EVENING)
        telegram = Playground(TOKEN, port=0, clock=lambda: clock().timestamp())
        await telegram.start()
        try:
            async with httpx.AsyncClient(base_url=telegram.url, timeout=20) as http:
                town = Town(telegram, http, settings, clock)
                async with town.bot_awake() as paperboy:
                    await paperboy.stock_up()
                    yield town
        finally:
            await telegram.stop()


async def picture_first_minute(photographer: Photographer, chat: ChatPage) -> None:
    """Tell interests, an hour and a city; like what comes."""
    await chat.start()
    await chat.hear("What do you like to read?")
    await photographer.take(chat, "start", 702)
    await chat.say("video diffusion and robot grasping, no medical imaging")
    await chat.press("Go on", under="This is what I understood.")
    await chat.press("08:00", under="At which hour")
    await chat.hear("Where are you?")
    await chat.say("Potsdam")
    await chat.press("Potsdam", under="Which one is it?")
    await chat.hear("fresh off the press")
    await like(chat, 3)


async def like(chat: ChatPage, count: int) -> None:
    """Give the first picks of the newest digest a thumb up."""
    for number in range(1, count + 1):
        await chat.press(f"👍 {number}")
        await expect(chat.key(f"✅ 👍 {number}")).to_be_visible()


async def picture_morning(photographer: Photographer, chat: ChatPage) -> None:
    """Read the morning's digest, vote, save, and ask why."""
    await begin_day(photographer.town, chat, 20)
    await photographer.take(chat, "morning", 740, top="☀️")
    for pressed in ("👍 1", "👎 3", "🔖"):
        await chat.press(pressed)
        await expect(chat.key(f"✅ {pressed}")).to_be_visible()
    await photographer.take(chat, "buttons", 520)
    await chat.told("☀️").locator(".key", has_text="⋯").first.click()
    await chat.press("Why this?")
    await chat.hear("% because")
    await photographer.take(chat, "why", 620)


async def begin_day(town: Town, chat: ChatPage, day: int) -> None:
    """Let it be eight in the morning in Berlin, and the digest come."""
    town.clock.now = EVENING.replace(day=day, hour=7, minute=0)
    await town.bot.digest_round()
    await chat.hear(f"☀️ {town.clock.now:%A}")


async def picture_finding(photographer: Photographer, chat: ChatPage) -> None:
    """Search, open what was found, save it and note why."""
    await chat.say("/search robot after:2026-11-04")
    await chat.hear("🔎")
    await photographer.take(chat, "search", 760)
    await chat.press("1", under="🔎")
    await chat.press("🔖", under="More like this")
    await chat.press("📝 Note")
    await chat.hear("What shall I note on")
    await chat.say("For Monday's reading group.")
    await chat.hear("Noted.")
    await photographer.take(chat, "card", 760)


async def picture_stats(photographer: Photographer, chat: ChatPage) -> None:
    """Like what follows the taste for a few days, and look at the map of it."""
    for day in range(21, 25):
        await begin_day(photographer.town, chat, day)
        digest = await chat.hear("☀️")
        await like(chat, await digest.get_by_text("Because").count())
    await chat.say("/stats")
    await expect(chat.told("On the map").locator("img")).to_have_js_property("complete", value=True)
    await photographer.take(chat, "stats", 640, top="On the map")


async def picture_group(photographer: Photographer) -> None:
    """Let three people vote on one paper."""
    town = photographer.town
    await town.chat(GROUP, user=1).do("add", title="Reading club", first_name="Ada")
    for user, name in enumerate(("Ben", "Chloe"), start=2):
        await town.chat(GROUP, user=user).do("people", first_name=name)
    chat = await photographer.open(GROUP)
    await chat.act_as("Ada")
    await chat.say("/today")
    await chat.hear("fresh off the press")
    for count, name in enumerate(("Ada", "Ben", "Chloe"), start=1):
        await chat.act_as(name)
        await chat.press("👍 1")
        await expect(chat.key(f"👍 1 · {count}")).to_be_visible()
    await chat.press("👎 2")
    await expect(chat.key("👎 2 · 1")).to_be_visible()
    await photographer.take(chat, "group", 700)


def join_for_readme() -> None:
    """Set three pictures of the guide side by side, each from its top, at half their size."""
    shown = [Image.open(PICTURES / f"{name}.png").convert("RGB") for name in ("start", "morning", "stats")]
    width = sum(picture.width for picture in shown) + GAP * (len(shown) - 1)
    front = Image.new("RGB", (width, FRONT_HEIGHT), "white")
    left = 0
    for picture in shown:
        front.paste(picture.crop((0, 0, picture.width, FRONT_HEIGHT)), (left, 0))
        left += picture.width + GAP
    half = front.resize((width // 2, FRONT_HEIGHT // 2), Image.Resampling.LANCZOS)
    half.quantize(COLOURS).save(FRONT, optimize=True)


async def picture_all() -> None:
    """Walk a reader's way, and take a picture at each of its turns."""
    PICTURES.mkdir(exist_ok=True)
    async with open_town() as town, open_browser() as browser:
        photographer = Photographer(town, browser)
        chat = await photographer.open(1)
        await picture_first_minute(photographer, chat)
        await picture_morning(photographer, chat)
        await picture_finding(photographer, chat)
        await picture_stats(photographer, chat)
        await picture_group(photographer)


if __name__ == "__main__":
    asyncio.run(picture_all())
    join_for_readme()
