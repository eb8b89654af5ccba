"""/reset and /forget: asked before, done once, complete."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from town import Town, buttons, eventually, titles

from recommender.first_history import state
from recommender.interests import Interests
from recommender.rules import Rule, RuleKind
from storage import history, inbox, interests, ledger, readers, rules, saved, votes
from storage.tables import metadata

OWN = "chat_id", "person_id"


async def tell_much(town: Town, chat_id: int) -> None:
    now = town.clock()
    async with town.bot.database.writing() as session:
        await votes.put(session, chat_id, chat_id, 1, up=True, now=now)
        await saved.put(session, chat_id, 2, now)
        await interests.put(session, chat_id, state(Interests(("robots",))), now)
        await rules.put(session, chat_id, Rule(RuleKind.MUTE, "law"), now)


async def rows_of(town: Town, chat_id: int) -> dict[str, int]:
    """Count what every table holds of a chat, or of the person whose private chat it is, once all is done."""
    found: dict[str, int] = {}
    await eventually(lambda: _is_done(town), "all that was said carried out")
    async with town.bot.database.reading() as session:
        for table in metadata.sorted_tables:
            for column in (table.c[name] for name in OWN if name in table.c):
                rows = (await session.execute(select(column).where(column == chat_id))).all()
                found[f"{table.name}.{column.name}"] = len(rows)
    return found


async def _is_done(town: Town) -> bool | None:
    async with town.bot.database.reading() as session:
        return None if await inbox.waiting(session) else True


async def is_gone(town: Town, chat_id: int) -> bool | None:
    return True if not any((await rows_of(town, chat_id)).values()) else None


def data_of(message: dict[str, Any], label: str) -> str:
    return next(b["callback_data"] for b in buttons(message) if label in b["text"])


async def test_reset_forgets_the_taste_and_keeps_the_rest(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    await tell_much(town, 7)
    sent = titles(await chat.wait_for("fresh off the press"))
    await chat.say("/reset")
    asked = await chat.wait_for("1 vote and 1 interest would be gone")
    await chat.press(asked, "Forget it")
    await chat.wait_for("♻️ Forgotten.")
    rows = await rows_of(town, 7)
    assert (rows["votes.chat_id"], rows["interests.chat_id"]) == (0, 0)
    assert (rows["saved.chat_id"], rows["rules.chat_id"], rows["readers.chat_id"]) == (1, 1, 1)
    await chat.say("/today")
    assert not set(titles(await chat.wait_for("fresh off the press", 2))) & set(sent)


async def test_reset_without_a_taste_has_nothing_to_ask(town: Town) -> None:
    await town.chat().say("/reset")
    await town.chat().wait_for("There is nothing to forget")


async def test_forget_leaves_nothing_of_the_chat_in_any_table(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    await tell_much(town, 7)
    await tell_much(town, 8)
    async with town.bot.database.writing() as session:
        await votes.put(session, -100500, 7, 3, up=True, now=town.clock())
    others = await rows_of(town, 8)
    assert (await rows_of(town, 7))["digests.chat_id"] == 1
    await chat.say("/forget")
    await chat.press(await chat.wait_for("delete all that I know of you"), "Delete everything")
    await chat.wait_for("/start begins anew")
    assert await is_gone(town, 7)
    assert await rows_of(town, 8) == others
    await chat.say("/start")
    await chat.wait_for("What do you like to read?")


@pytest.mark.parametrize("command", ["/reset", "/forget"])
async def test_who_keeps_it_loses_nothing(town: Town, command: str) -> None:
    chat = town.chat()
    await tell_much(town, 7)
    await chat.say(command)
    asked = await chat.wait_for("Shall I")
    before = await rows_of(town, 7)
    yes = data_of(asked, "Forget it" if command == "/reset" else "Delete")
    await chat.press(asked, "Keep it")
    await chat.wait_for("Nothing was deleted.")
    answer = await chat.press_data(await town.forge_button(7, yes), yes)
    assert "no longer open" in answer["text"]
    assert await rows_of(town, 7) == before | {"readers.chat_id": 1}


async def test_a_confirmation_works_once(town: Town) -> None:
    chat = town.chat()
    await tell_much(town, 7)
    await chat.say("/reset")
    asked = await chat.wait_for("Shall I")
    yes = data_of(asked, "Forget it")
    await chat.press(asked, "Forget it")
    await chat.wait_for("♻️ Forgotten.")
    await tell_much(town, 7)
    answer = await chat.press_data(await town.forge_button(7, yes), yes)
    assert "no longer open" in answer["text"]
    assert (await rows_of(town, 7))["votes.chat_id"] == 1


async def test_a_confirmation_is_open_for_ten_minutes(town: Town) -> None:
    chat = town.chat()
    await tell_much(town, 7)
    await chat.say("/forget")
    asked = await chat.wait_for("Shall I")
    town.clock.pass_by(minutes=10, seconds=1)
    assert "no longer open" in (await chat.press(asked, "Delete everything"))["text"]
    assert (await rows_of(town, 7))["votes.chat_id"] == 1


async def test_forged_confirmations_delete_nothing(town: Town) -> None:
    """Neither without a question, nor of another chat's, nor of another kind, nor of any other moment."""
    await tell_much(town, 7)
    await tell_much(town, 8)
    await town.chat(8).say("/reset")
    theirs = data_of(await town.chat(8).wait_for("Shall I"), "Forget it")
    moment = int(theirs.rsplit(":", maxsplit=1)[-1])
    await town.chat().say("/interests")
    for data in (
        theirs,
        f"data:forget:{moment}",
        "data:reset:999999999999",
        "data:reset:",
        "data:forget:²",
        "data:keep:",
    ):
        for chat_id in (7, 8) if data != theirs else (7,):
            forged = await town.forge_button(chat_id, data)
            answer = await town.chat(chat_id).press_data(forged, data)
            assert "no longer open" in answer["text"], data
    for chat_id in (7, 8):
        assert (await rows_of(town, chat_id))["votes.chat_id"] == 1


async def test_in_a_group_only_administrators_delete(town: Town) -> None:
    maker, member = town.chat(-100500, user=1), town.chat(-100500, user=2)
    await maker.say("hello")
    await tell_much(town, -100500)
    for number, command in enumerate(("/reset", "/forget"), 1):
        await member.say(command)
        await member.wait_for("Only the administrators", number)
    await maker.say("/forget")
    asked = await maker.wait_for("delete all that I know of this group")
    for label in ("Delete everything", "Keep it"):
        assert "administrators" in (await member.press(asked, label))["text"]
    assert (await rows_of(town, -100500))["votes.chat_id"] == 1
    await maker.press(asked, "Delete everything")
    await eventually(lambda: is_gone(town, -100500), "the group forgotten")


async def test_a_digest_that_was_due_does_not_bring_a_forgotten_chat_back(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    await chat.say("/forget")
    await chat.press(await chat.wait_for("Shall I"), "Delete everything")
    await chat.wait_for("/start begins anew")
    town.clock.pass_by(days=2)
    await town.bot.digest_round()
    async with town.bot.database.reading() as session:
        assert await readers.get(session, 7) is None
        assert await history.count(session, 7) == 0


async def test_a_chat_forgotten_while_its_digest_is_on_its_way_is_no_fault(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    chat = town.chat()
    await chat.settle()
    town.clock.pass_by(hours=23)
    await chat.say("/forget")
    asked = await chat.wait_for("Shall I")
    async with town.bot.database.writing() as session:
        reader = await readers.get(session, 7)
        assert reader
        await readers.save(session, replace(reader, next_due_at=town.clock()))
    await town.fault(kind="slow", method="sendmessage", chat_id=7, seconds=1)
    sending = asyncio.create_task(town.bot.digest_round())
    await eventually(lambda: is_being_sent(town), "a digest on its way")
    await chat.press(asked, "Delete everything")
    await sending
    assert await is_gone(town, 7)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def is_being_sent(town: Town) -> bool | None:
    async with town.bot.database.reading() as session:
        counted = await ledger.counts(session, town.clock() - timedelta(hours=1))
    return True if counted[ledger.State.SENDING] else None


@pytest.mark.parametrize("act", ["up", "down", "save"])
async def test_what_an_old_button_keeps_after_all_was_forgotten_belongs_to_a_reader(
    town: Town, act: str
) -> None:
    """Nothing is kept of a chat that is no reader, for only readers follow their group, or are counted."""
    chat, data = town.chat(), f"paper:1:{act}"
    await chat.say("/forget")
    await chat.press(await chat.wait_for("Shall I"), "Delete everything")
    await chat.wait_for("/start begins anew")
    await chat.press_data(await town.forge_button(7, data), data)
    async with town.bot.database.reading() as session:
        assert await readers.get(session, 7)
