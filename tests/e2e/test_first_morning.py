"""What a newcomer lives through: /start, /today, two thumbs, /today again."""

import pytest
from town import Town, eventually, titles

from bot.messages.introduction import list_commands
from bot.messages.language import ENGLISH, known_codes, speak


async def test_two_thumbs_change_the_next_digest_and_are_its_reason(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.wait_for("I am Paperboy")

    await chat.say("/today")
    first = await chat.wait_for("Trending")
    bees = [n for n, title in enumerate(titles(first), start=1) if "bees" in title]
    assert len(titles(first)) == 3
    for n in bees[:2]:
        await chat.press(first, f"👍 {n}")

    await chat.say("/today")
    second = await chat.wait_for("Because you liked")
    assert not set(titles(first)) & set(titles(second))
    assert all("bees" in title for title in titles(second)[: 5 - len(bees)])
    liked = [titles(first)[n - 1] for n in bees[:2]]
    assert any(title in second["text"] for title in liked)


async def test_no_paper_comes_twice_and_the_end_is_told(town: Town) -> None:
    chat = town.chat()
    seen: list[str] = []
    for count in range(1, 5):
        await chat.say("/today")
        seen += titles(await chat.wait_for("fresh off the press", count))
    assert len(seen) == len(set(seen)) == 10
    await chat.say("/today")
    await chat.wait_for("You have seen every paper")


async def test_today_without_start_works(town: Town) -> None:
    await town.chat(99).say("/today")
    assert len(titles(await town.chat(99).wait_for("Trending"))) == 3


async def test_a_pick_tells_what_is_known_and_folds_its_abstract(town: Town) -> None:
    chat = town.chat()
    await chat.say("/today")
    digest = await chat.wait_for("Trending")
    assert "18 Nov 2026 · Ada First, Bo Two" in digest["text"]
    assert "First thoughts on boats <&_> 0" in digest["text"]
    kinds = [entity["type"] for entity in digest["entities"]]
    assert kinds.count("expandable_blockquote") == 3
    assert digest["link_preview_options"]["is_disabled"]
    assert any(e.get("url") == "https://arxiv.org/abs/2601.10500" for e in digest["entities"])
    rows = [[f"👍 {n}", f"👎 {n}", "🔖", "⋯"] for n in (1, 2, 3)]
    assert [[b["text"] for b in row] for row in digest["reply_markup"]["inline_keyboard"]] == rows


async def test_an_empty_shelf_is_told_apart_from_one_that_was_read_through(asleep: Town) -> None:
    async with asleep.bot_awake():
        await asleep.chat().say("/today")
        await asleep.chat().wait_for("I have no papers yet")


@pytest.mark.parametrize("code", known_codes())
async def test_the_command_list_is_told_to_telegram_in_each_language(town: Town, code: str) -> None:
    told = (await town.http.get("/user/commands", params={"language_code": code})).json()
    assert [(c["command"], c["description"]) for c in told] == list_commands(speak(code))


@pytest.mark.parametrize("words", [*(f"/{name}" for name, _ in list_commands(ENGLISH)), "/start", "hello"])
async def test_every_listed_command_is_answered(town: Town, words: str) -> None:
    await town.chat().say(words)

    async def answered() -> bool | None:
        return bool(await town.chat().from_bot()) or None

    await eventually(answered, f"an answer to {words}")
    await town.chat().say("/help")
    assert "went wrong" not in (await town.chat().wait_for("/today · "))["text"]
    assert not await town.chat().from_bot("went wrong")


async def test_in_a_group_only_administrators_pause(town: Town) -> None:
    group = -100500
    await town.chat(group, user=1).do("add")
    ada, bo = town.chat(group, user=1), town.chat(group, user=2)
    await bo.say("/pause")
    await bo.wait_for("Only the administrators")
    await ada.say("/pause")
    await ada.wait_for("Paused")
