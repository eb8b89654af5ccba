import json

import pytest
from town import Json, Town, buttons, papers_on, titles

from recommender.rules import Rule, RuleKind
from storage import rules

ADMINS_ONLY = "Only the administrators here can change that."


def data_of(message: Json, label: str) -> str:
    return next(b["callback_data"] for b in buttons(message) if label in b["text"])


async def mute_words(town: Town, count: int) -> None:
    """Keep so many rules for chat 7, as so many commands would."""
    async with town.bot.database.writing() as session:
        for number in range(count):
            await rules.put(session, 7, Rule(RuleKind.MUTE, f"word{number}"), town.clock())


async def test_a_mute_keeps_papers_away(town: Town) -> None:
    """It says what it does and how many papers of the week it meets, and holds from the next digest on."""
    chat = town.chat()
    await chat.say("/mute boats")
    told = await chat.wait_for("Muted")
    assert told["text"].splitlines() == [
        "🔇 Muted: papers that mention boats come no longer.",
        "5 papers of the last week are met by it.",
    ]
    await chat.say("/today")
    assert all("bees" in title for title in titles(await chat.wait_for("fresh off the press")))


async def test_a_boost_lifts_papers(town: Town) -> None:
    """Without it boats come first."""
    chat = town.chat()
    await chat.say("/boost bees")
    await chat.wait_for("Boosted: papers that mention bees rank higher.")
    await chat.say("/today")
    assert "First thoughts on bees" in titles(await chat.wait_for("fresh off the press"))[0]


async def test_an_author_is_followed(town: Town) -> None:
    chat = town.chat()
    await chat.say("/follow ada  THIRD")
    told = await chat.wait_for("Followed: papers by ada THIRD rank higher")
    assert "2 papers of the last week are met by it." in told["text"]
    await chat.say("/today")
    picked = titles(await chat.wait_for("fresh off the press"))
    assert sum("Third thoughts" in title for title in picked) == 2


async def test_a_prefix_chooses_where_to_look(town: Town) -> None:
    """Authors are not looked for in titles, nor titles among authors."""
    chat = town.chat()
    await chat.say("/mute author: boats")
    assert "No paper of the last week" in (await chat.wait_for("Muted: papers by boats"))["text"]
    await chat.say("/mute ORG:boats")
    assert "No paper of the last week" in (await chat.wait_for("Muted: papers from boats"))["text"]


async def test_a_new_rule_can_be_undone_once(town: Town) -> None:
    chat = town.chat()
    await chat.say("/mute boats")
    told = await chat.wait_for("Muted")
    undo = data_of(told, "Undo")
    await chat.press_data(told["message_id"], undo)
    await chat.wait_for("Taken back: “boats” is a rule no more.")
    forged = await town.forge_button(7, undo)
    assert (await chat.press_data(forged, undo))["text"] == "This rule is gone already."
    await chat.say("/rules")
    await chat.wait_for("You have no rules yet.")


async def test_the_same_rule_in_other_capitals_is_known(town: Town) -> None:
    chat = town.chat()
    await chat.say("/mute Boats")
    await chat.wait_for("Muted")
    await chat.say("/mute boATS")
    await chat.wait_for("That is a rule of yours already.")


@pytest.mark.parametrize(
    ("written", "said"),
    [("!?", "no letter or digit"), ("author:", "no letter or digit"), ("x" * 101, "longer than 100")],
)
async def test_what_can_be_no_rule_is_refused_with_a_reason(town: Town, written: str, said: str) -> None:
    chat = town.chat()
    await chat.say(f"/boost {written}")
    await chat.wait_for(said)


async def test_a_phrase_is_no_pattern(town: Town) -> None:
    """Signs of regular expressions mean nothing, and those of HTML are shown as they were written."""
    chat = town.chat()
    await chat.say("/mute bo.ts | <b>b</b>")
    told = await chat.wait_for("Muted: papers that mention bo.ts | <b>b</b> come no longer.")
    assert "No paper of the last week" in told["text"]


async def test_there_is_an_end_to_rules(town: Town) -> None:
    chat = town.chat()
    await mute_words(town, 100)
    await chat.say("/mute one more")
    await chat.wait_for("You have 100 rules, and there is no room for more.")


async def test_without_words_they_are_asked_for(town: Town) -> None:
    """A text that can be no rule is asked for again; the next one counts, and the one after is no answer."""
    chat = town.chat()
    await chat.say("/mute")
    await chat.wait_for("What shall I keep from you?")
    await chat.say("…")
    await chat.wait_for("no letter or digit")
    await chat.say("boats")
    await chat.wait_for("Muted: papers that mention boats")
    await chat.say("bees")
    await chat.wait_for("I only understand commands")


async def test_who_changes_their_mind_is_asked_no_more(town: Town) -> None:
    chat = town.chat()
    await chat.say("/follow")
    asked = await chat.wait_for("Whom shall I follow?")
    await chat.press(asked, "Never mind")
    await chat.wait_for("You have no rules yet.")
    await chat.say("Ada First")
    await chat.wait_for("I only understand commands")


async def test_rules_are_listed_by_the_page_and_removed_in_place(town: Town) -> None:
    chat = town.chat()
    await mute_words(town, 10)
    await chat.say("/rules")
    first = await chat.wait_for("You have 10 rules")
    assert "word7" in first["text"]
    assert "word8" not in first["text"]
    await chat.press(first, "›")
    await chat.press(await chat.wait_for("word8"), "word8")
    await chat.wait_for("You have 9 rules")
    await chat.press(await chat.wait_for("word9"), "word9")
    assert "word0" in (await chat.wait_for("You have 8 rules"))["text"]


async def test_what_a_paper_is_about_can_be_muted(town: Town) -> None:
    """The buttons below "Less of this" name a term by its place, the first author, the organization."""
    chat = town.chat()
    await chat.say("/today")
    first = await chat.wait_for("fresh off the press")
    assert "First thoughts on boats" in titles(first)[0]
    for data in ("rule:less:1:author", "rule:less:1:t0"):
        await chat.press_data(await town.forge_button(7, data), data)
    await chat.wait_for("Muted: papers by Ada First come no longer.")
    await chat.wait_for("Muted: papers that mention")


@pytest.mark.parametrize(
    "data",
    [
        "rule:less:999:author",
        "rule:less:1:org",
        "rule:less:1:t9",
        "rule:undo:x",
        "rule:",
        "rule:drop:1:99999",
    ],
)
async def test_a_forged_button_does_nothing(town: Town, data: str) -> None:
    chat = town.chat()
    await chat.say("/rules")
    await chat.wait_for("You have no rules yet.")
    assert "no longer know" in (await chat.press_data(await town.forge_button(7, data), data))["text"]


async def test_nobody_removes_another_chat_s_rule(town: Town) -> None:
    mine, other = town.chat(7), town.chat(8)
    await mine.say("/mute boats")
    undo = data_of(await mine.wait_for("Muted"), "Undo")
    await other.say("/rules")
    await other.wait_for("no rules yet")
    pressed = await other.press_data(await town.forge_button(8, undo), undo)
    assert pressed["text"] == "This rule is gone already."
    await mine.say("/rules")
    await mine.wait_for("You have 1 rule")


async def test_in_a_group_only_administrators_make_and_remove_rules(town: Town) -> None:
    ada, bo = town.chat(-100500, user=1), town.chat(-100500, user=2)
    await ada.say("/mute boats")
    told = await ada.wait_for("Muted")
    for said in ("/mute bees", "/mute", "/follow Ada First"):
        await bo.say(said)
    await bo.wait_for(ADMINS_ONLY, count=3)
    assert (await bo.press(told, "Undo"))["text"] == ADMINS_ONLY
    await bo.say("/rules")
    await bo.wait_for("You have 1 rule")


async def test_in_a_group_only_an_administrator_s_reply_is_an_answer(town: Town) -> None:
    ada, bo = town.chat(-100500, user=1), town.chat(-100500, user=2)
    await ada.say("/mute")
    asked = await ada.wait_for("Please reply to this message.")
    await ada.say("boats")
    await bo.reply(asked, "boats")
    await bo.wait_for(ADMINS_ONLY)
    await ada.reply(asked, "bees")
    await ada.wait_for("Muted: papers that mention bees")
    assert not await ada.from_bot("boats")


async def test_a_rule_meets_what_a_later_list_tells_of_a_paper(asleep: Town) -> None:
    """Its authors came with the second dump, after the rules had been held against the first."""
    folder, chat = asleep.settings.dumps_dir, asleep.chat()
    assert folder
    told = [*papers_on("boats"), *papers_on("bees")]
    unsigned = [{**entry, "paper": {**entry["paper"], "authors": []}} for entry in told]
    (folder / "list.json").write_text(json.dumps(unsigned))
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await chat.say("/follow Ada Second")
        await chat.wait_for("No paper of the last week")
        (folder / "list.json").write_text(json.dumps(told))
        await paperboy.poll_round()
        await chat.say("/today")
        assert "By Ada Second, whom you follow" in (await chat.wait_for("fresh off the press"))["text"]
