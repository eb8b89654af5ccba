from town import Json, Town, buttons, titles


async def digest_of(town: Town, chat_id: int = 7) -> Json:
    await town.chat(chat_id).say("/today")
    return await town.chat(chat_id).wait_for("fresh off the press")


async def test_a_thumb_shows_its_state_and_can_be_taken_back(town: Town) -> None:
    chat, digest = town.chat(), await digest_of(town)
    assert (await chat.press(digest, "👍 2"))[
        "text"
    ] == "Liked: papers like this one rank higher from now on."
    await chat.wait_for_label(digest, "✅ 👍 2")
    assert (await chat.press(digest, "👎 2"))[
        "text"
    ] == "Disliked: papers like this one rank lower from now on."
    changed = await chat.wait_for_label(digest, "✅ 👎 2")
    assert "👍 2" in [button["text"] for button in buttons(changed)]
    assert (await chat.press(digest, "👎 2"))["text"].startswith("Taken back")
    await chat.wait_for_label(digest, "👎 2")


async def test_what_is_liked_is_listed_and_what_is_taken_back_is_not(town: Town) -> None:
    chat, digest = town.chat(), await digest_of(town)
    await chat.press(digest, "👍 1")
    await chat.press(digest, "👍 3")
    await chat.say("/liked")
    listed = await chat.wait_for("You like 2 papers")
    assert titles(listed) == [titles(digest)[2], titles(digest)[0]]
    await chat.press(digest, "👍 1")
    await chat.say("/liked")
    assert titles(await chat.wait_for("You like 1 paper")) == [titles(digest)[2]]


async def test_a_dislike_keeps_its_like_away(town: Town) -> None:
    """Boats lead the trend; whoever dislikes two boats gets bees next."""
    chat, digest = town.chat(), await digest_of(town)
    disliked = "boats" if "boats" in titles(digest)[0] else "bees"
    for n, title in enumerate(titles(digest), start=1):
        if disliked in title:
            await chat.press(digest, f"👎 {n}")
    await chat.say("/today")
    following = await chat.wait_for("fresh off the press", 2)
    assert disliked not in titles(following)[0]


async def test_nobody_votes_on_another_chat_s_digest(town: Town) -> None:
    """A press with a button copied from another chat, or made up, changes nothing."""
    mine, _ = await digest_of(town, 7), await digest_of(town, 8)
    for data in (buttons(mine)[0]["callback_data"], "vote:1:9:up", "vote:x:0:up", "vote:1", "nonsense"):
        forged = await town.forge_button(8, data)
        assert "no longer know" in (await town.chat(8).press_data(forged, data))["text"]
    await town.chat(8).say("/liked")
    await town.chat(8).wait_for("not liked a paper yet")


async def test_members_of_a_group_vote_each_for_themselves(town: Town) -> None:
    group = -100500
    ada, bo = town.chat(group, user=1), town.chat(group, user=2)
    await ada.say("/today")
    digest = await ada.wait_for("fresh off the press")
    await ada.press(digest, "👍 1")
    await bo.press(digest, "👍 1")
    await ada.wait_for_label(digest, "👍 1 · 2")
    await ada.press(digest, "👍 1")
    await ada.wait_for_label(digest, "👍 1 · 1")


async def test_a_press_that_telegram_tells_again_after_a_crash_counts_once(asleep: Town) -> None:
    """The bot dies after the vote was kept and before the update was confirmed."""
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        digest = await digest_of(asleep)
        await asleep.fault(method="getUpdates", kind="drop", times=1000)
        await asleep.chat().press(digest, "👍 1")
    await asleep.http.delete("/faults")
    async with asleep.bot_awake():
        await asleep.chat().say("/liked")
        await asleep.chat().wait_for("You like 1 paper")


async def test_a_vote_outlives_a_restart(asleep: Town) -> None:
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        digest = await digest_of(asleep)
        await asleep.chat().press(digest, "👍 1")
    async with asleep.bot_awake():
        await asleep.chat().say("/liked")
        await asleep.chat().wait_for("You like 1 paper")


async def test_a_press_made_while_the_bot_was_down_counts(asleep: Town) -> None:
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        digest = await digest_of(asleep)
    await asleep.http.post(
        "/user/chats/7/presses",
        json={"message_id": digest["message_id"], "data": buttons(digest)[0]["callback_data"]},
    )
    async with asleep.bot_awake():
        await asleep.chat().wait_for_label(digest, "✅ 👍 1")
