"""A chat that is slow holds up no other, and nothing of it is lost."""

import asyncio

from town import Town

SLOW = -100500


async def test_a_slow_chat_keeps_no_other_waiting(town: Town) -> None:
    slow, quick = town.chat(SLOW, user=1), town.chat(7)
    await quick.say("/rules")
    await quick.wait_for("no rules yet")
    await town.fault(kind="slow", method="sendmessage", chat_id=SLOW, seconds=4)
    await slow.say("/rules")
    await asyncio.sleep(0.2)
    await quick.say("/privacy")
    await quick.say("/rules")
    await quick.wait_for("no rules yet", 2)
    assert not await slow.from_bot("no rules yet")
    await slow.wait_for("no rules yet")


async def test_what_a_chat_says_is_answered_in_order(town: Town) -> None:
    chat = town.chat(SLOW, user=1)
    await town.fault(kind="slow", method="sendmessage", chat_id=SLOW, seconds=1.5)
    await chat.say("/rules")
    await asyncio.sleep(0.2)
    await chat.say("/privacy")
    await chat.wait_for("no rules yet")
    await chat.wait_for("/forget")
    assert "no rules yet" in (await chat.from_bot())[0]["text"]


async def test_a_hundred_updates_of_one_chat_leave_room_for_others(town: Town) -> None:
    """Telegram tells of no more at once, so that these are confirmed before they are carried out."""
    slow, quick = town.chat(SLOW, user=1), town.chat(7)
    await town.fault(kind="slow", method="sendmessage", chat_id=SLOW, seconds=2.5, times=3)
    for said in ["/rules"] * 3 + ["talk"] * 110:
        await slow.say(said)
    await quick.say("/rules")
    await quick.wait_for("no rules yet")
    assert len(await slow.from_bot("no rules yet")) < 3
