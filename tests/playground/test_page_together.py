"""The chat page where several people meet: groups, topics, channels, reactions, files."""

from __future__ import annotations

import base64

import pytest
from chromium import in_chromium
from playwright.async_api import Page, expect

from bot.playground import Playground
from tests.playground.conftest import BotSide, People

pytestmark = in_chromium

FORUM = -1000000000009
CHANNEL = -1000000000010
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
async def forum(people: People) -> int:
    """Return a group with topics, of Ada (1) and Ben (2)."""
    await people.act(FORUM, "add", title="Lab", user_id=1, first_name="Ada")
    await people.act(FORUM, "people", user_id=2, first_name="Ben")
    await people.write(FORUM, "Which boat?", user_id=1)
    return FORUM


async def say(page: Page, words: str) -> None:
    """Write a message and send it."""
    await page.get_by_role("textbox", name="Message").fill(words)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(words, exact=True)).to_be_visible()


async def open_picker(page: Page, words: str) -> None:
    """Open the picker of a message, by keyboard."""
    await page.locator(".message", has_text=words).get_by_role("button", name="React, reply and more").focus()
    await page.keyboard.press("Enter")


async def test_three_people_in_a_group(page: Page, bot: BotSide, people: People) -> None:
    """A group is made on the page; each of its three people writes there, and a reload keeps who one is."""
    await people.write(7, "/start", first_name="Reader")
    await page.get_by_role("button", name="Chats", exact=True).click()
    await page.get_by_role("button", name="New chat").click()
    await page.get_by_role("textbox", name="Name", exact=True).fill("Reading group")
    await expect(page.get_by_role("textbox", name="People")).to_have_value("Reader, Ben, Chloe")
    await page.get_by_role("button", name="Create").click()
    await expect(page.get_by_role("heading", name="Reading group")).to_be_visible()
    await expect(page.get_by_role("status").first).to_have_text("group, 3 people")
    for name in ("Reader", "Ben", "Chloe"):
        await page.get_by_role("radio", name=name).check(force=True)
        await say(page, f"I am {name}")
    await page.reload()
    await expect(page.get_by_role("radio", name="Chloe")).to_be_checked()
    await expect(page.locator(".message.mine .text")).to_have_text("I am Chloe")
    said = [update["message"] for update in await bot.updates() if "text" in update.get("message", {})]
    assert [message["from"]["first_name"] for message in said[1:]] == ["Reader", "Ben", "Chloe"]


async def test_reactions_are_given_counted_and_taken_back(
    page: Page, playground: Playground, people: People, forum: int
) -> None:
    """By keyboard through the picker, then by the count below the message; others' reactions show at once."""
    await page.goto(f"{playground.url}/?chat={forum}&as=2")
    await open_picker(page, "Which boat?")
    await expect(page.get_by_role("button", name="React with thumbs up")).to_be_focused()
    await page.get_by_role("button", name="React with heart").click()
    mine = page.get_by_role("button", name="heart, 1 reaction")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await people.act(forum, "reactions", message_id=2, emoji="❤", user_id=1)
    await page.get_by_role("button", name="heart, 2 reactions").click()
    await expect(mine).to_have_attribute("aria-pressed", "false")
    assert (await people.see(forum))[-1]["reactions"] == [{"emoji": "❤", "user_ids": [1]}]


async def test_a_long_press_opens_the_picker(
    page: Page, playground: Playground, people: People, forum: int
) -> None:
    """A finger that rests on a bubble does what the button beside it does; a short touch does nothing."""
    await page.goto(f"{playground.url}/?chat={forum}")
    bubble = page.locator(".bubble", has_text="Which boat?")
    await bubble.dispatch_event("touchstart")
    await bubble.dispatch_event("touchend")
    await page.wait_for_timeout(600)
    await expect(page.get_by_role("button", name="Reply", exact=True)).to_be_hidden()
    await bubble.dispatch_event("touchstart")
    await expect(page.get_by_role("button", name="Reply", exact=True)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Reply", exact=True)).to_be_hidden()


async def test_answering_forwarding_and_deleting(
    page: Page, playground: Playground, people: People, forum: int
) -> None:
    """A message is answered, forwarded to a person and deleted from its picker."""
    await people.write(7, "/start", first_name="Ada")
    await page.goto(f"{playground.url}/?chat={forum}")
    await open_picker(page, "Which boat?")
    await page.get_by_role("button", name="Reply", exact=True).click()
    await say(page, "The red one")
    assert (await people.see(forum))[-1]["reply_to_message"]["text"] == "Which boat?"
    await open_picker(page, "The red one")
    await page.get_by_role("button", name="Forward").click()
    await page.get_by_role("dialog").get_by_role("button", name="Ada").click()
    await expect(page.get_by_text("Forwarded to Ada")).to_be_visible()
    assert (await people.see(7))[-1]["forward_origin"]["sender_user"]["id"] == 1
    await open_picker(page, "The red one")
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("The red one")).to_have_count(0)
    assert len(await people.see(forum)) == 2


async def test_topics_are_made_and_kept_apart(
    page: Page, playground: Playground, bot: BotSide, people: People, forum: int
) -> None:
    """A new topic holds what is written there and the bot's answers; elsewhere neither is shown."""
    await page.goto(f"{playground.url}/?chat={forum}")
    await page.get_by_role("button", name="New topic").click()
    await page.get_by_role("textbox", name="Name", exact=True).fill("Boats")
    await page.get_by_role("button", name="Create").click()
    await expect(page.get_by_text("Which boat?")).to_be_hidden()
    await say(page, "/today")
    thread = (await people.see(forum))[-1]["message_thread_id"]
    await bot.call("sendMessage", chat_id=forum, text="A digest", message_thread_id=thread)
    await expect(page.get_by_text("A digest")).to_be_visible()
    await page.get_by_role("radio", name="General").check(force=True)
    await expect(page.get_by_text("A digest")).to_be_hidden()
    await expect(page.get_by_text("Which boat?")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("radio", name="# Boats")).to_be_visible()


async def test_a_channel_is_read_by_most_and_written_by_few(
    page: Page, playground: Playground, bot: BotSide, people: People
) -> None:
    """Its owner posts, its reader only reacts, until made an administrator."""
    await people.act(CHANNEL, "add", kind="channel", title="Papers", user_id=1, first_name="Ada")
    await people.act(CHANNEL, "people", user_id=2, first_name="Ben")
    await page.goto(f"{playground.url}/?chat={CHANNEL}")
    await say(page, "Welcome")
    await page.get_by_role("radio", name="Ben").check(force=True)
    await expect(page.get_by_text("Only administrators write in this channel.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Message")).to_be_hidden()
    await page.get_by_role("button", name="People of this chat").click()
    await page.get_by_label("Role of Ben").select_option("Administrator")
    await page.get_by_role("button", name="Done").click()
    await say(page, "Hello from Ben")
    await expect(page.locator(".sender").first).to_have_text("Papers")


async def test_files_are_attached_dropped_and_seen_large(page: Page, people: People) -> None:
    """The button takes a document, a drop a picture that opens at full size; documents are for saving."""
    await people.write(7, "/import")
    await page.get_by_label("Attach a file").set_input_files(
        {"name": "liked.bib", "mimeType": "text/plain", "buffer": b"@article{a}"}
    )
    async with page.expect_download() as download:
        await page.get_by_role("link", name="liked.bib").click()
    assert (await download.value).suggested_filename == "liked.bib"
    dropped = await page.evaluate_handle(
        """body => {
            const files = new DataTransfer();
            const bytes = Uint8Array.from(atob(body), (sign) => sign.charCodeAt(0));
            files.items.add(new File([bytes], "a.png", { type: "image/png" }));
            return files;
        }""",
        base64.b64encode(PIXEL).decode(),
    )
    await page.dispatch_event("#app", "dragover", {"dataTransfer": dropped})
    await expect(page.get_by_text("Drop to send")).to_be_visible()
    await page.dispatch_event("#app", "drop", {"dataTransfer": dropped})
    await page.get_by_role("button", name="Open the photo").click()
    await expect(page.get_by_role("dialog", name="Photo")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("Drop to send")).to_be_hidden()
    assert [list(message)[4] for message in await people.see(7)] == ["text", "document", "photo"]


async def test_a_deep_link_starts_with_its_code(page: Page, playground: Playground, people: People) -> None:
    """START stands there again, sends the code once, and a code that Telegram would not take is none."""
    await people.write(7, "/start")
    await page.goto(f"{playground.url}/?chat=7&start=not a code")
    await expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    await page.goto(f"{playground.url}/?chat=7&start=invite-1_A")
    await page.get_by_role("button", name="START", exact=True).click()
    await expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    assert (await people.see(7))[-1]["text"] == "/start invite-1_A"
    await page.reload()
    await expect(page.get_by_role("button", name="START", exact=True)).to_be_hidden()


async def test_one_moves_between_chats_by_keyboard(
    page: Page, playground: Playground, people: People, forum: int
) -> None:
    """The list opens over the chat on a phone, holds the focus, closes by Escape, and leads to the others."""
    await people.write(7, "/start", first_name="Ada")
    await page.goto(f"{playground.url}/?chat=7")
    chats = page.get_by_role("button", name="Chats", exact=True)
    await expect(page.locator("#chats").get_by_role("link", name="Lab")).to_be_hidden()
    await chats.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Close the list")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(chats).to_be_focused()
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Lab").click()
    await expect(page.get_by_text("Which boat?")).to_be_visible()


async def test_new_buttons_are_not_called_an_edit(page: Page, bot: BotSide, people: People) -> None:
    """Only other words make a message an edited one to its readers."""
    await people.write(7, "/start")
    here = {
        "chat_id": 7,
        "message_id": (await bot.call("sendMessage", chat_id=7, text="A paper"))["message_id"],
    }
    keyboard = {"inline_keyboard": [[{"text": "✅", "callback_data": "x"}]]}
    await bot.call("editMessageReplyMarkup", **here, reply_markup=keyboard)
    await expect(page.get_by_role("button", name="✅")).to_be_visible()
    await expect(page.get_by_text("edited")).to_have_count(0)
    await bot.call("editMessageText", **here, text="Another paper")
    await expect(page.get_by_text("edited")).to_have_count(1)
