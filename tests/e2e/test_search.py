"""/search as readers use it: by words, by filters, page after page."""

import json
from importlib import resources

from town import Town, buttons, papers_on, titles

GROUP = -100500


def labels(message: dict) -> list[str]:
    return [button["text"] for button in buttons(message)]


async def test_words_find_papers_and_a_number_opens_one(town: Town) -> None:
    chat = town.chat()
    await chat.say("/search nectar and pollen")
    found = await chat.wait_for("🔎 nectar and pollen")
    assert len(titles(found)) == 5
    assert all("bees" in title for title in titles(found))
    await chat.press(found, "1")
    card = await chat.wait_for(titles(found)[0], 2)
    assert labels(card)[:3] == ["👍", "👎", "🔖"]


async def test_without_words_the_next_text_is_searched_for(town: Town) -> None:
    chat = town.chat()
    await chat.say("/search")
    await chat.wait_for("What shall I look for?")
    await chat.say("after:2026-13 nectar")
    await chat.wait_for("I do not understand that date")
    await chat.say("after:2026-11 nectar")
    await chat.wait_for("🔎 after:2026-11 nectar")
    await chat.say("pollen")
    await chat.wait_for("I only understand commands")


async def test_an_author_and_a_date_narrow_it_down(town: Town) -> None:
    chat = town.chat()
    await chat.say('/search author:"Ada Third"')
    assert all("Third" in title for title in titles(await chat.wait_for("🔎 author")))
    await chat.say("/search nectar author:Third")
    assert titles(await chat.wait_for("🔎 nectar author"))[0] == "Third thoughts on bees <&_> 2"
    await chat.say("/search nectar after:2027")
    await chat.wait_for("I found no paper")


async def test_liked_looks_among_the_chat_s_own_likes(town: Town) -> None:
    chat = town.chat()
    await chat.say("/search nectar")
    found = await chat.wait_for("🔎 nectar")
    await chat.press(found, "2")
    await chat.press(await chat.wait_for(titles(found)[1], 2), "👍")
    await chat.say("/search liked: nectar")
    assert titles(await chat.wait_for("🔎 liked: nectar")) == [titles(found)[1]]
    await town.chat(8).say("/search liked: nectar")
    await town.chat(8).wait_for("I found no paper")


async def test_meaning_finds_what_words_do_not_and_keeps_to_the_filters(town: Town) -> None:
    """A paper on jailbreaks is found for chatbots, a word that no paper uses."""
    sample = resources.files("bot.polling").joinpath("sample.json").read_bytes()
    (town.settings.dumps_dir / "sample.json").write_bytes(sample)
    await town.bot.poll_round()
    chat = town.chat()
    await chat.say("/search jailbreak attacks on chatbots")
    found = await chat.wait_for("🔎 jailbreak attacks on chatbots")
    assert "Jailbreaks Leave Fingerprints" in found["text"]
    await chat.say("/search liked: jailbreak attacks on chatbots")
    await chat.wait_for("I found no paper")


async def test_wrong_searches_say_what_to_write(town: Town) -> None:
    chat = town.chat()
    for asked, answer in (
        ("author:", "Whose papers?"),
        ("after:soon boats", "I do not understand that date"),
        ("x" * 201, "at most 200 characters"),
        ("zebras", "I found no paper"),
        ("???", "I found no paper"),
        ('<b>"&', "I found no paper"),
        ("a OR b* NEAR(c)", "I found no paper"),
    ):
        await chat.say(f"/search {asked}")
        await chat.wait_for(answer)


async def test_pages_are_turned_by_the_search_that_the_message_holds(town: Town) -> None:
    """Whatever was asked since, and after a restart: nothing of it is remembered."""
    (town.settings.dumps_dir / "more.json").write_text(json.dumps(papers_on("bees", prefix="More ")))
    await town.bot.poll_round()
    chat = town.chat()
    await chat.say("/search   thoughts  “nectar”")
    found = await chat.wait_for('🔎 thoughts "nectar"')
    await chat.say("/search boats")
    await chat.wait_for("🔎 boats")
    await chat.press(found, "›")
    second = await chat.wait_for_label(found, "2/2")
    assert second["text"].startswith('🔎 thoughts "nectar"')
    assert not {*titles(found)} & {*titles(second)}
    await chat.press(second, "‹")
    first = await chat.wait_for_label(found, "1/2")
    assert titles(first) == titles(found)


async def test_a_page_that_holds_no_search_is_not_turned(town: Town) -> None:
    chat = town.chat()
    await chat.say("/search boats")
    await chat.wait_for("🔎 boats")
    for data in ("search:1", "search:x", "search:"):
        forged = await town.forge_button(7, data)
        assert "Please /search again" in (await chat.press_data(forged, data))["text"]


async def test_in_a_group_talk_is_no_search_and_a_reply_is(town: Town) -> None:
    ada = town.chat(GROUP, 1)
    await ada.say("/search")
    asked = await ada.wait_for("What shall I look for?")
    await ada.say("nectar")
    await ada.reply(asked, "rudder")
    await ada.wait_for("🔎 rudder")
    assert not await ada.from_bot("🔎 nectar")
