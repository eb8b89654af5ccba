from town import Json, Town, buttons


def labels(message: Json) -> list[str]:
    return [button["text"] for button in buttons(message)]


async def test_what_is_not_known_is_asked_for_hour_and_place_and_says_what_was_understood(town: Town) -> None:
    chat = town.chat()
    await chat.press(await chat.ask_for_hour(), "07:00")
    asked = await chat.wait_for("Where are you?")
    assert "Tokyo · 18:30" in labels(asked)
    await chat.press(asked, "Tokyo")
    await chat.wait_for("3 picks every day at 07:00, Tokyo time. Next: tomorrow at 07:00 in Tokyo.")


async def test_a_city_can_be_written_and_is_confirmed_before_it_counts(town: Town) -> None:
    chat = town.chat()
    await chat.press(await chat.ask_for_hour(), "08:00")
    await chat.wait_for("Where are you?")
    await chat.say("paris")
    found = await chat.wait_for("Which one is it?")
    assert labels(found)[:2] == ["Paris, France · 10:30", "Paris, TX, United States · 03:30"]
    assert not await chat.from_bot("every day at")
    await chat.press(found, "Paris, France")
    await chat.wait_for("every day at 08:00, Paris time")


async def test_an_unknown_city_is_said_to_be_unknown(town: Town) -> None:
    chat = town.chat()
    await chat.press(await chat.ask_for_hour(), "08:00")
    await chat.wait_for("Where are you?")
    await chat.say("Xyzzyville <b>")
    await chat.wait_for("I do not know that city")
    await chat.say("berlin")
    await chat.wait_for("Which one is it?")


async def test_an_hour_can_be_written(town: Town) -> None:
    chat = town.chat()
    await chat.ask_for_hour()
    await chat.say("half past nine")
    await chat.wait_for("I do not understand that hour")
    await chat.say("8 pm")
    await chat.press(await chat.wait_for("Where are you?"), "Berlin")
    await chat.wait_for("every day at 20:00, Berlin time")


async def test_talk_in_a_group_is_no_answer(town: Town) -> None:
    """While a city is awaited only a reply to the bot is taken for one."""
    group = town.chat(-100500, user=1)
    await group.press(await group.ask_for_hour(), "08:00")
    asked = await group.wait_for("as a reply to this message")
    await group.say("Hello Paris")
    await group.reply(asked, "Tokyo")
    await group.wait_for("Which one is it?")
    assert not await group.from_bot("I do not know that city")


async def test_words_that_were_not_asked_for_are_no_city(town: Town) -> None:
    chat = town.chat()
    await chat.say("Berlin")
    await chat.wait_for("I only understand commands")


async def test_settings_are_changed_in_place(town: Town) -> None:
    chat = town.chat()
    await chat.say("/settings")
    home = await chat.wait_for("Settings")
    await chat.press(home, "Picks a day: 3")
    await chat.press(await chat.wait_for("How many papers a day?"), "5")
    changed = await chat.wait_for("Settings")
    assert changed["message_id"] == home["message_id"]
    assert "🔢 Picks a day: 5" in labels(changed)
    await chat.press(changed, "Nothing new: tell me")
    await chat.wait_for_label(changed, "🔕 Nothing new: be silent")


async def test_the_number_of_picks_is_kept_to(town: Town) -> None:
    chat = town.chat()
    await chat.say("/settings")
    await chat.press(await chat.wait_for("Settings"), "Picks a day")
    await chat.press(await chat.wait_for("How many"), "7")
    await chat.wait_for("Settings")
    await chat.say("/today")
    assert len(buttons(await chat.wait_for("fresh off the press"))) == 28


async def test_a_new_place_moves_the_next_digest(town: Town) -> None:
    chat = town.chat()
    await chat.press(await chat.ask_for_hour(), "20:00")
    await chat.press(await chat.wait_for("Where are you?"), "Berlin")
    home = await chat.wait_for("every day at 20:00, Berlin time. Next: today at 20:00 in Berlin.")
    await chat.press(home, "Zone")
    await chat.press(await chat.wait_for("Where are you?"), "Sydney")
    await chat.wait_for("every day at 20:00, Sydney time. Next: tomorrow at 20:00 in Sydney.")


async def test_forged_settings_change_nothing(town: Town) -> None:
    chat = town.chat()
    await chat.say("/settings")
    await chat.wait_for("Settings")
    for data in (
        "set:hour:24",
        "set:hour:²",
        "set:zone:Mars/Base",
        "set:picks:1000",
        "set:view:x",
        "set:",
        "set:x",
    ):
        forged = await town.forge_button(7, data)
        assert "older me" in (await chat.press_data(forged, data))["text"]


async def test_without_hour_and_place_nothing_is_pushed(town: Town) -> None:
    chat = town.chat()
    await chat.ask_for_hour()
    town.clock.pass_by(days=2)
    await town.bot.digest_round()
    assert not await chat.from_bot("☀️")


async def test_only_an_administrator_writes_a_groups_hour(town: Town) -> None:
    asked = await town.chat(-100500, user=1).ask_for_hour()
    member = town.chat(-100500, user=66)
    await member.do("people", role="member")
    await member.reply(asked, "8")
    await member.wait_for("Only the administrators")
    assert not await member.from_bot("Where are you?")
    await town.chat(-100500, user=1).reply(asked, "8")
    await member.wait_for("Where are you?")
