"""The chat page in a real browser: what a reader sees and does."""

from __future__ import annotations

import asyncio

from chromium import in_chromium
from playwright.async_api import Page, Route, expect

from bot.playground import Playground
from tests.playground.conftest import BotSide, People

pytestmark = in_chromium


async def send_digest(bot: BotSide) -> int:
    """Send a message with a link, a long quote, something that looks like HTML, and a button."""
    abstract = "A <script>alert(1)</script> &amp; more. ".replace("<", "&lt;") * 20
    text = f'<b>1. <a href="https://a.bc/1">😀 Title</a></b>\n<blockquote expandable>{abstract}</blockquote>'
    keyboard = {"inline_keyboard": [[{"text": "👍 1", "callback_data": "up:1"}]]}
    sent = await bot.call("sendMessage", chat_id=7, text=text, parse_mode="HTML", reply_markup=keyboard)
    return int(sent["message_id"])


async def test_a_newcomer_starts_and_picks_a_command(page: Page, bot: BotSide, people: People) -> None:
    """START sends /start; the menu of commands opens by a slash and by its button."""
    await bot.call("setMyCommands", commands=[{"command": "today", "description": "A digest now"}])
    await page.get_by_role("button", name="START").click()
    await expect(page.locator(".message.mine .text")).to_have_text("/start")
    await page.get_by_role("textbox").fill("/to")
    await expect(page.get_by_role("option")).to_have_text("/todayA digest now")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.mine")).to_have_count(2)
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("option").click()
    await expect(page.locator(".message.mine")).to_have_count(3)
    assert [message["text"] for message in await people.see(7)] == ["/start", "/today", "/today"]


async def test_the_bot_hears_and_is_read_in_the_language_of_the_browser(
    page: Page, bot: BotSide, playground: Playground
) -> None:
    """Before Start the bot describes itself in it; what is written tells the bot which it is."""
    await bot.call("setMyDescription", description="Papers, daily.")
    await bot.call("setMyDescription", description="每日论文。", language_code="zh")
    browser = page.context.browser
    assert browser is not None
    for locale, code, words in (("en-GB", "en", "Papers, daily."), ("zh-CN", "zh", "每日论文。")):
        theirs = await browser.new_page(locale=locale)
        await theirs.goto(f"{playground.url}/?chat={len(words)}")
        await expect(theirs.locator("#welcome-words")).to_have_text(words)
        await theirs.get_by_role("button", name="START").click()
        update = (await bot.updates(timeout=5))[-1]
        assert update["message"]["from"]["language_code"] == code
        await theirs.close()


async def test_a_command_in_haste_is_sent_as_typed(page: Page, bot: BotSide, people: People) -> None:
    """A list of commands that comes after the line was sent, or is a moment behind it, picks none."""
    told = [{"command": name, "description": "A thing"} for name in ("liked", "saved")]
    await bot.call("setMyCommands", commands=told)
    await people.write(7, "/start")
    late: list[Route] = []

    async def hold(route: Route) -> None:
        late.append(route)

    await page.route("**/user/commands*", hold)
    for command in ("/liked", "/saved"):
        await page.get_by_role("textbox").fill(command)
        await page.keyboard.press("Enter")
        await expect(page.locator(".message.mine .text").last).to_have_text(command)
        for route in late:
            await route.continue_()
        late.clear()
        await expect(page.get_by_role("listbox")).to_be_hidden()


async def test_a_digest_is_read_and_voted_on(page: Page, bot: BotSide, people: People) -> None:
    """Links lead away safely, quotes unfold, an edit keeps them open, the answer to a press is shown."""
    await people.write(7, "/today")
    message_id = await send_digest(bot)
    title = page.get_by_role("link", name="😀 Title")
    await expect(title).to_have_attribute("href", "https://a.bc/1")
    await expect(title).to_have_attribute("rel", "noopener noreferrer")
    quote = page.locator("blockquote")
    await expect(quote).to_contain_text("<script>alert(1)</script> & more.")
    await expect(quote).to_have_attribute("aria-expanded", "false")
    await quote.focus()
    await page.keyboard.press("Enter")
    await expect(quote).to_have_attribute("aria-expanded", "true")
    await page.get_by_role("button", name="👍 1").click()
    *_, update = await bot.updates(timeout=5)
    query_id = update["callback_query"]["id"]
    keyboard = {"inline_keyboard": [[{"text": "👍 1 ✓", "callback_data": "up:1"}]]}
    await bot.call("editMessageReplyMarkup", chat_id=7, message_id=message_id, reply_markup=keyboard)
    await bot.call("answerCallbackQuery", callback_query_id=query_id, text="Noted", show_alert=True)
    await expect(page.get_by_role("dialog")).to_contain_text("Noted")
    await page.get_by_role("button", name="OK").click()
    await expect(page.get_by_role("button", name="👍 1 ✓")).to_be_visible()
    await expect(quote).to_have_attribute("aria-expanded", "true")


async def test_the_page_follows_the_chat(page: Page, bot: BotSide, people: People) -> None:
    """Typing shows, deleted messages go, and a reader who scrolled up is not torn away but told."""
    for number in range(30):
        await people.write(7, f"line {number}")
    await expect(page.get_by_text("line 29")).to_be_in_viewport()
    await bot.call("sendChatAction", chat_id=7, action="typing")
    await expect(page.get_by_role("status").first).to_have_text("typing …")
    await page.locator("#scroll").evaluate("area => area.scrollTo({ top: 0, behavior: 'instant' })")
    await expect(page.get_by_text("line 0", exact=True)).to_be_in_viewport()
    sent = await bot.call("sendMessage", chat_id=7, text="news")
    jump = page.get_by_role("button", name="newest message")
    await expect(jump).to_have_text("1")
    await jump.click()
    await expect(page.get_by_text("news")).to_be_in_viewport()
    await bot.call("deleteMessage", chat_id=7, message_id=sent["message_id"])
    await expect(page.get_by_text("news")).to_have_count(0)


async def test_nothing_is_lost_while_the_page_loads(page: Page, people: People) -> None:
    """A message that comes while the list of messages is on its way is shown after that list."""
    await people.write(7, "before")
    said: list[str] = []

    async def delay(route: Route) -> None:
        response = await route.fetch()
        if not said:
            said.append("meanwhile")
            await people.write(7, "meanwhile")
        await asyncio.sleep(0.3)
        await route.fulfill(response=response)

    await page.route("**/messages", delay)
    await page.reload()
    await expect(page.locator(".message .text")).to_have_text(["before", "meanwhile"])


async def test_light_and_dark(page: Page) -> None:
    """The page begins as the system does, and keeps what the reader chose."""
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "light")
    await page.get_by_role("button", name="light and dark").click()
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "dark")
