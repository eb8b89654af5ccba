"""A newcomer's first minute in a real browser: `paperboy playground` in an empty folder, and its page."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import CHROMIUM, FLAGS, in_chromium
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.settings import Settings

PATIENCE = 30.0

pytestmark = in_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Start the playground as `make run` does without a token, in an empty folder and without network."""
    inherited = {k: v for k, v in os.environ.items() if k.lower() not in Settings.model_fields}
    said = tmp_path / "said"
    with said.open("wb") as out:
        playground = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "playground"],
            cwd=tmp_path,
            env=inherited | {"SOURCES": "", "PLAYGROUND_PORT": "0"},
            stdout=out,
        )
        try:
            yield wait_for_address(said, playground)
        finally:
            playground.send_signal(signal.SIGTERM)
            assert playground.wait(PATIENCE) == 0


def wait_for_address(said: Path, playground: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and playground.poll() is None:
        if found := re.search(r"http://[\d.]+:\d+", said.read_text()):
            return found[0]
        time.sleep(0.1)
    raise AssertionError("the playground told no address")


def open_page(browser: Browser, address: str, **device: object) -> tuple[Page, list[str]]:
    page = browser.new_context(**device).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.goto(address)
    return page, complaints


def say(page: Page, words: str) -> None:
    page.get_by_role("textbox").fill(words)
    page.keyboard.press("Enter")


def test_start_first_digest_two_thumbs_today(browser: Browser, address: str) -> None:
    """Other picks, with reasons that name the liked papers, and not a complaint in the console."""
    page, complaints = open_page(browser, address)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Hello, I am Paperboy.")).to_be_visible()
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name="08:00").click()
    expect(page.get_by_text("Where are you?")).to_be_visible()
    page.get_by_role("button", name="Berlin").click()
    expect(page.get_by_text("3 picks every day at 08:00, Berlin time.")).to_be_visible()
    expect(page.get_by_text("🔥 Trending")).to_have_count(3)
    first = page.locator("a[href*='arxiv.org']").all_inner_texts()
    for thumb in ("👍 1", "👍 2"):
        page.get_by_role("button", name=thumb, exact=True).click()
        expect(page.get_by_role("button", name=f"✅ {thumb}")).to_be_visible()

    say(page, "/today")
    expect(page.get_by_text("Because you liked")).not_to_have_count(0)
    titles = page.locator("a[href*='arxiv.org']").all_inner_texts()
    assert titles[:3] == first
    assert len(set(titles)) == len(titles) == 6
    reasons = page.get_by_text(re.compile("Because you liked")).all_inner_texts()
    assert any(title in reason for reason in reasons for title in first[:2])
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_phone(browser: Browser, address: str, scheme: str) -> None:
    page, _ = open_page(
        browser, address, viewport={"width": 375, "height": 700}, color_scheme=scheme, has_touch=True
    )
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("button", name="23:00")).to_be_visible()
    say(page, "/today")
    expect(page.get_by_role("button", name="👍 3", exact=True)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_chat_is_still_there_after_a_reload(browser: Browser, address: str) -> None:
    page, _ = open_page(browser, address)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Hello, I am Paperboy.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Hello, I am Paperboy.")).to_be_visible()
