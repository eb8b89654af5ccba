"""What a newcomer lives through: /start, /today, two thumbs, /today again."""

from town import Town, titles


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
    assert any(e.get("url") == "https://arxiv.org/abs/2600.10500" for e in digest["entities"])
    rows = [[f"👍 {n}", f"👎 {n}", "🔖", "⋯"] for n in (1, 2, 3)]
    assert [[b["text"] for b in row] for row in digest["reply_markup"]["inline_keyboard"]] == rows


async def test_an_empty_shelf_is_told_apart_from_one_that_was_read_through(asleep: Town) -> None:
    async with asleep.bot_awake():
        await asleep.chat().say("/today")
        await asleep.chat().wait_for("I have no papers yet")


async def test_the_command_list_is_told_to_telegram(town: Town) -> None:
    commands = [command["command"] for command in (await town.http.get("/user/commands")).json()]
    assert commands == ["today", "settings", "liked", "pause", "resume", "privacy", "help"]


async def test_every_listed_command_is_answered(town: Town) -> None:
    chat = town.chat()
    for words in ("/settings", "/liked", "/pause", "/resume", "/privacy", "/help", "/start", "hello"):
        before = len(await chat.from_bot())
        await chat.say(words)
        await chat.wait_for("", before + 1)
