"""The chat page as a reader uses it in a browser: writes, presses, attaches, and reads the newest message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chromium import CHROMIUM, FLAGS
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

PHONE = {"width": 375, "height": 700}
_STICKING_OUT = """() => {
    const sideways = [document.documentElement, document.getElementById("scroll")];
    const parts = [...document.querySelectorAll(".bubble, .key, .photo, .foot *")];
    const seen = parts.filter((one) => one.checkVisibility());
    return [
        ...sideways.filter((one) => one.scrollWidth > one.clientWidth),
        ...seen.filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5),
    ].map((one) => one.outerHTML.slice(0, 200));
}"""


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start Chromium, and close it at the end."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(frozen=True)
class ChatPage:
    """One chat in a window of its own. ``complaints`` gathers what goes wrong in the page's own code."""

    page: Page
    complaints: list[str]

    @classmethod
    async def open(cls, browser: Browser, address: str, **device: Any) -> ChatPage:
        """Open a chat, by default on a phone; who knows neither language nor place is in Berlin."""
        wanted = {"viewport": PHONE, "locale": "en-GB", "timezone_id": "Europe/Berlin", **device}
        page = await browser.new_page(reduced_motion="reduce", **wanted)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        await page.goto(address)
        return cls(page, complaints)

    async def start(self) -> None:
        await self.page.get_by_role("button", name="START", exact=True).click()

    async def say(self, words: str) -> None:
        await self.page.get_by_role("textbox", name="Message").fill(words)
        await self.page.keyboard.press("Enter")

    async def begin(self, words: str) -> None:
        """Press START in a new chat, and then say something else."""
        await self.start()
        await self.hear("What do you like to read?")
        await self.say(words)

    async def attach(self, file: Path) -> None:
        await self.page.get_by_label("Attach a file").set_input_files(file)

    def told(self, words: str = "") -> Locator:
        """Find the bot's newest message with these words."""
        return self.page.locator("li.message:not(.mine)", has_text=words).last

    async def hear(self, words: str) -> Locator:
        """Wait for a message of the bot with these words."""
        await expect(self.told(words)).to_be_visible()
        return self.told(words)

    async def titles(self, words: str) -> list[str]:
        """Read the titles of the papers in the newest message with these words."""
        papers = (await self.hear(words)).locator("a[href*='arxiv.org'], a[href*='huggingface.co/papers']")
        return [title.strip() for title in await papers.all_inner_texts()]

    def key(self, label: str, under: str = "") -> Locator:
        """Find a button by words of its label, in the newest message with certain words that has one."""
        return self.page.locator("li.message", has_text=under).locator(".key", has_text=label).last

    async def press(self, label: str, under: str = "") -> None:
        await self.key(label, under).click()

    async def act_as(self, name: str) -> None:
        """Be another person of this group."""
        await self.page.get_by_role("radio", name=name).check(force=True)

    async def react(self, words: str, emoji: str) -> None:
        """React to the newest message with these words; ``emoji`` is named in words."""
        await self.told(words).get_by_role("button", name="React, reply and more").focus()
        await self.page.keyboard.press("Enter")
        await self.page.get_by_role("button", name=f"React with {emoji}").click()

    async def download(self, name: str, into: Path) -> Path:
        """Save the newest document whose name holds this."""
        async with self.page.expect_download() as download:
            await self.page.get_by_role("link", name=name).last.click()
        await (await download.value).save_as(into)
        return into

    async def sticking_out(self) -> list[str]:
        """List what is wider than the window."""
        return list(await self.page.evaluate(_STICKING_OUT))
