"""The reader's whole way in a real browser: page, HTTP, bot and SQLite are real, only the clock is moved."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chat_page import ChatPage, open_browser
from chromium import in_chromium
from playwright.async_api import Browser, expect
from town import BOT_ID, Town, papers_on

from bot.formats.exporting import gather_all
from sources.parsing import parse

GROUP = -100500
WORDS = "honey bees and pollen, no sailing boats"
DAILY_LISTS = Path(__file__).parents[2] / "../shared/data/huggingface"
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
QUIET_DAY = "Saturday"
ON_PICTURES = re.compile(r"video|image|visual|vision|diffusion|3d|motion", re.IGNORECASE)
SHOWN_ON_A_PHONE = {
    "/settings": "every day at",
    "/liked": "You like 1 paper",
    "/history": "I brought you",
    "/trending": "on the list",
    "/search boats": "🔎 boats",
    "/mute " + "Donaudampfschifffahrt" * 4: "Muted",
    "/rules": "You have 1 rule",
    "/export": "All that you told me",
    "/stats": "On the map",
    "/help": "How I pick",
}
OpenChat = Callable[..., Awaitable[ChatPage]]

pytestmark = [*in_chromium, pytest.mark.usefixtures("any_database")]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as browser:
        yield browser


@pytest.fixture
async def open_chat(asleep: Town, browser: Browser) -> AsyncIterator[OpenChat]:
    """Return what opens a chat of the town in a window; an error in the page's own code fails the test."""
    opened: list[ChatPage] = []

    async def open_one(chat_id: int = 7, **device: object) -> ChatPage:
        opened.append(await ChatPage.open(browser, f"{asleep.telegram.url}/?chat={chat_id}", **device))
        return opened[-1]

    yield open_one
    assert [chat.complaints for chat in opened] == [[] for _ in opened]


async def settle(chat: ChatPage) -> None:
    """Come from the question of the start to the first digest, with a city typed."""
    await chat.press("08:00", under="At which hour")
    await chat.hear("Where are you?")
    await chat.say("Potsdam")
    await chat.press("Potsdam", under="Which one is it?")
    await chat.hear("every day at 08:00")
    await chat.hear("fresh off the press")


async def like(chat: ChatPage, number: int) -> None:
    """Give a thumb up in the newest digest, and see it there."""
    await chat.press(f"👍 {number}")
    await expect(chat.key(f"✅ 👍 {number}")).to_be_visible()


async def test_words_and_a_typed_city_end_in_a_digest_that_follows_them(
    town: Town, open_chat: OpenChat
) -> None:
    chat = await open_chat()
    await chat.start()
    await chat.hear("What do you like to read?")
    await chat.say(WORDS)
    await chat.press("Go on", under="This is what I understood.")
    await settle(chat)
    titles = await chat.titles("fresh off the press")
    assert len(titles) == 3
    assert all("bees" in title for title in titles)


async def test_five_cards_end_in_a_digest_that_follows_them(town: Town, open_chat: OpenChat) -> None:
    chat = await open_chat()
    await chat.start()
    await chat.press("Vote on five papers")
    liked = []
    for number in range(1, 6):
        await chat.hear(f"Paper {number} of 5")
        title = (await chat.titles(f"Paper {number} of 5"))[0]
        liked += [title] if "bees" in title else []
        await chat.press("👍" if "bees" in title else "👎")
    await chat.press("Go on", under="Thank you.")
    await settle(chat)
    assert 0 < len(liked) < 5
    digest = await chat.hear("Because you liked")
    reasons = await digest.inner_text()
    assert any(title in reasons for title in liked)


@pytest.mark.skipif(not DAILY_LISTS.is_dir(), reason="the daily lists of a real site are not here")
async def test_a_week_of_real_lists(asleep: Town, open_chat: OpenChat) -> None:
    """A digest a day but for the quiet one, no paper twice; thumbs steer, and reasons name what was liked."""
    asleep.clock.now = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # a Sunday evening
    first, second, third = sorted(DAILY_LISTS.glob("20*.json"))
    put_out(asleep, first)
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        chat = await open_chat()
        await chat.start()
        await chat.press("Skip")
        await settle(chat)
        seen, liked = await chat.titles("fresh off the press"), list[str]()
        asleep.clock.pass_by(hours=13)  # 08:00 in Berlin
        for day in WEEK:
            if arrived := {"Tuesday": second, "Thursday": third}.get(day):
                put_out(asleep, arrived)
            await paperboy.poll_round()
            for _ in range(2):
                await paperboy.digest_round()
            if day != QUIET_DAY:
                assert await named_as_liked(chat, day) <= set(liked)
                seen += (titles := await chat.titles(f"☀️ {day}"))
                liked += await like_those_on_pictures(chat, titles)
            if day == "Friday":
                await keep_quiet_for_a_day(chat)
            asleep.clock.pass_by(days=1)
        days = await chat.page.get_by_text(re.compile(r"^☀️")).all_inner_texts()
        reasons = await chat.page.get_by_text("Because you liked").count()
    assert [day.split()[1] for day in days] == [f"{day}," for day in WEEK if day != QUIET_DAY]
    assert len(seen) == len(set(seen)) == 3 * 7
    assert reasons > 0
    offered = [paper.title for each in (first, second, third) for paper in parse(each.read_bytes()).papers]
    assert share_on_pictures(seen[-12:]) > 1.5 * share_on_pictures(offered)


def put_out(town: Town, daily_list: Path) -> None:
    """Lay a list where the bot looks for them."""
    assert town.settings.dumps_dir
    (town.settings.dumps_dir / daily_list.name).write_bytes(daily_list.read_bytes())


async def named_as_liked(chat: ChatPage, day: str) -> set[str]:
    """Read which papers the reasons of a day's digest name."""
    digest = await chat.hear(f"☀️ {day}")
    return set(re.findall(r"Because you liked “(.+?)”", await digest.inner_text()))


async def like_those_on_pictures(chat: ChatPage, titles: list[str]) -> list[str]:
    liked = [(number, title) for number, title in enumerate(titles, start=1) if ON_PICTURES.search(title)]
    for number, _ in liked:
        await like(chat, number)
    return [title for _, title in liked]


def share_on_pictures(titles: list[str]) -> float:
    return sum(bool(ON_PICTURES.search(title)) for title in titles) / len(titles)


async def keep_quiet_for_a_day(chat: ChatPage) -> None:
    await chat.say("/settings")
    await chat.press("Quiet days")
    await chat.press("1 day", under="For how long")
    await expect(chat.key("Quiet: end it")).to_be_visible()


async def test_a_paper_is_found_opened_saved_noted_and_listed(town: Town, open_chat: OpenChat) -> None:
    chat = await open_chat()
    await chat.begin("/search bees author:First after:2026")
    assert await chat.titles("🔎") == ["First thoughts on bees <&_> 0"]
    await save_with_note(chat, "for <Monday>")
    await chat.say("/saved")
    await expect(chat.told("You saved 1 paper")).to_contain_text("📝 for <Monday>")


async def save_with_note(chat: ChatPage, note: str) -> None:
    """Open the first paper that was found, save it, and write a note."""
    await chat.press("1", under="🔎")
    await expect(chat.key("More like this")).to_be_visible()
    await chat.press("🔖")
    await expect(chat.key("✅ 🔖")).to_be_visible()
    await chat.press("📝 Note")
    await chat.hear("What shall I note on")
    await chat.say(note)
    await chat.hear("Noted.")


async def test_all_goes_from_one_reader_to_an_empty_one(
    town: Town, open_chat: OpenChat, tmp_path: Path
) -> None:
    """Likes, dislikes, saved papers, notes, interests and rules, by the very file that the page saves."""
    chat = await open_chat(7)
    await tell_much(chat)
    await chat.say("/export")
    await chat.press("JSON")
    await chat.hear("3 papers, 2 interests, 1 rule")
    exported = await chat.download(".json", tmp_path / "mine.json")

    empty = await open_chat(8)
    await empty.begin("/import")
    await empty.attach(exported)
    await empty.hear("I read 3 papers.")
    await empty.say("/saved")
    await expect(empty.told("You saved 1 paper")).to_contain_text("📝 compare")
    async with town.bot.database.reading() as session:
        assert await gather_all(session, 8) == await gather_all(session, 7)


async def tell_much(chat: ChatPage) -> None:
    """Say something of each kind that an export holds."""
    await chat.begin("/today")
    await like(chat, 1)
    await chat.press("👎 2")
    await expect(chat.key("✅ 👎 2")).to_be_visible()
    await chat.say("/interests")
    await chat.press("Add")
    await chat.hear("What else?")
    await chat.say("robots, no law")
    await chat.hear("Your 2 interests")
    await chat.say("/follow Ada First")
    await chat.hear("Followed")
    await chat.say("/search bees author:Fifth")
    await save_with_note(chat, "compare")


async def test_stats_shows_a_picture_that_opens(town: Town, open_chat: OpenChat) -> None:
    chat = await open_chat()
    await chat.begin("/today")
    await like(chat, 1)
    await chat.say("/stats")
    picture = (await chat.hear("You like 1 paper")).locator("img.photo")
    await expect(picture).to_have_js_property("complete", value=True)
    assert await picture.evaluate("picture => picture.naturalWidth") > 500
    await picture.click()
    await expect(chat.page.get_by_role("dialog", name="Photo")).to_be_visible()


async def test_three_people_vote_together(town: Town, open_chat: OpenChat) -> None:
    """The buttons count presses and reactions of all three; what is the group's only its owner changes."""
    await gather_three_people(town)
    chat = await open_chat(GROUP)
    await chat.act_as("Ada")
    await chat.say("/settings")
    await chat.press("All in one message")
    await expect(chat.key("A message a pick")).to_be_visible()
    await chat.say("/today")
    await expect(chat.page.get_by_text("🔥 Trending")).to_have_count(3)
    await chat.press("👍")
    await expect(chat.key("👍 · 1")).to_be_visible()
    await chat.act_as("Ben")
    await chat.press("👍")
    await expect(chat.key("👍 · 2")).to_be_visible()
    await chat.act_as("Chloe")
    await chat.react("thoughts on", "heart")
    await expect(chat.key("👍 · 3")).to_be_visible()
    await chat.press("👎")
    await expect(chat.key("👍 · 2")).to_be_visible()
    await expect(chat.key("👎 · 1")).to_be_visible()
    await chat.say("/mute bees")
    await chat.hear("Only the administrators")


async def gather_three_people(town: Town) -> None:
    """Make a group of Ada, who owns it, Ben and Chloe, in which the bot sees reactions."""
    await town.chat(GROUP, user=1).do("add", title="Reading club", first_name="Ada")
    await town.chat(GROUP, user=2).do("people", first_name="Ben")
    await town.chat(GROUP, user=3).do("people", first_name="Chloe")
    await town.chat(GROUP, user=BOT_ID).do("people", role="administrator")
    await town.chat(GROUP, user=1).wait_for("Hello, I am Paperboy")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_is_wider_than_a_phone(town: Town, open_chat: OpenChat, scheme: str) -> None:
    """Not even a title in one long word, or the longest rows of buttons."""
    assert town.settings.dumps_dir
    endless = papers_on("boats", prefix="Donaudampfschifffahrtskapitän" * 4 + " ", upvotes=99)
    (town.settings.dumps_dir / "endless.json").write_text(json.dumps(endless))
    await town.bot.poll_round()
    chat = await open_chat(color_scheme=scheme)
    await expect(chat.page.locator("html")).to_have_attribute("data-theme", scheme)
    await chat.start()
    await chat.press("Skip")
    await settle(chat)
    await like(chat, 1)
    await chat.press("⋯")
    await chat.press("Why this?")
    await chat.hear("because")
    for command, answer in SHOWN_ON_A_PHONE.items():
        await chat.say(command)
        await chat.hear(answer)
        assert await chat.sticking_out() == [], command
