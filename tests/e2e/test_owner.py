import re
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime

import httpx
import pytest
from town import Json, Town, buttons

from benchmarks.newsstand import Newsstand, invent
from bot.process.running import metrics_open
from storage import notices, readers

OWNER = 1
NOT_UNDERSTOOD = "I only understand commands"


@pytest.fixture
async def owned(asleep: Town) -> AsyncIterator[Town]:
    """A town whose bot has an owner."""
    asleep.settings = asleep.settings.model_copy(update={"admin_ids": (OWNER,)})
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        yield asleep


async def subscribe(town: Town, *chat_ids: int) -> None:
    async with town.bot.database.writing() as session:
        for chat_id in chat_ids:
            await readers.subscribe(session, chat_id, "private", town.clock())


async def draft(town: Town, text: str) -> Json:
    """Have the owner write to all; give the question whether to send it."""
    owner = town.chat(OWNER)
    await owner.say("/admin broadcast")
    await owner.wait_for("What shall I tell all readers?")
    await owner.say(text)
    return await owner.wait_for("Shall I send it?")


async def test_the_owner_sees_how_the_bot_does(owned: Town) -> None:
    """Readers, messages, failures with their reason, sources, likes by slot; and sees it anew by a press."""
    chat, owner = owned.chat(7), owned.chat(OWNER)
    await chat.say("/today")
    digest = await chat.wait_for("fresh off the press")
    await chat.press(digest, "👍 1")
    await owned.fault(
        method="sendMessage", chat_id=7, kind="bad_request", description="Bad Request: nonsense"
    )
    await chat.say("/today")
    await chat.say("/rules")
    await chat.wait_for("no rules yet")
    await owner.say("/admin")
    seen = (await owner.wait_for("Paperboy, at 09:30 UTC"))["text"]
    for line in (
        "Private chats: 1 active",
        "1 new reader in the last 7 days",
        "1 sent, 1 failed",
        "1 failed: Nonsense",
        "Trending: 100% of 1 voted on were liked; 3 shown",
    ):
        assert line in seen
    assert "\nSources\n✅ " in seen
    assert "read 1 second ago, last new paper 1 second ago" in seen
    owned.clock.pass_by(hours=2)
    await owner.press(await owner.wait_for("Paperboy, at"), "Refresh")
    later = (await owner.wait_for("Paperboy, at 11:30 UTC"))["text"]
    assert "\nSources\n⚠️ " in later
    assert "read 2 hours ago, last new paper 2 hours ago\nIt should have been read since." in later


async def test_the_owner_sees_which_source_fails_and_which_days_held_what(asleep: Town) -> None:
    """A day with nothing is told apart from one that could not be read."""
    asleep.clock.now = datetime(2026, 11, 18, 12, tzinfo=UTC)
    async with Newsstand(invent(date(2026, 11, 16), 7), asleep.clock) as stand:
        changed = {"admin_ids": (OWNER,), "sources": ("huggingface",), "hf_endpoint": stand.url}
        asleep.settings = asleep.settings.model_copy(update=changed)
        async with asleep.bot_awake() as paperboy:
            await paperboy.poll_round()
            asleep.clock.pass_by(days=2)
            stand.answer_status(404)
            await paperboy.poll_round()
            await asleep.chat(OWNER).say("/admin")
            seen = (await asleep.chat(OWNER).wait_for("Paperboy, at"))["text"].split("Sources")[1]
    failing = "❌ huggingface: read 2 days ago, last new paper 2 days ago\n"
    seen = seen.replace("\N{NO-BREAK SPACE}", " ")
    week = r"Fr \d+ · Sa 0 · Su 0 · Mo \d+ · Tu \d+ · We \d+\+ · Th –\n"
    assert re.search(failing + week + r"1 day is still to be read\. 1 try failed: http.*404", seen), seen
    assert "– not read, + read before the day was over" in seen


async def test_prometheus_is_served_where_a_port_is_set_for_it(owned: Town) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = owned.settings.model_copy(update={"metrics_port": port})
    async with metrics_open(replace(owned.bot, settings=settings)), httpx.AsyncClient() as http:
        told = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
    assert "\npaperboy_papers 10.0\n" in told
    assert f'paperboy_source_lag_seconds{{source="{settings.dumps_dir}"}} 0.0\n' in told


async def test_no_port_is_opened_unasked(owned: Town) -> None:
    async with metrics_open(owned.bot) as nothing:
        assert nothing is None


@pytest.mark.parametrize("words", ["", " broadcast", " invite", " invites"])
async def test_for_anyone_else_it_is_an_unknown_command(owned: Town, words: str) -> None:
    await owned.chat(7).say(f"/admin{words}")
    await owned.chat(7).wait_for("I do not know /admin. /help tells")


async def test_in_a_group_the_owner_is_nobody_special(owned: Town) -> None:
    group = owned.chat(-100500, user=OWNER)
    await group.say("/admin")
    await group.say("/rules")
    await group.wait_for("no rules yet")
    assert len(await group.from_bot()) == 1


@pytest.mark.parametrize("what", ["refresh", "send:1", "cancel:1", "quit", "revoke:code", "send:x", ""])
async def test_the_owner_s_buttons_do_nothing_for_others(owned: Town, what: str) -> None:
    await draft(owned, "Hello all")
    await owned.chat(7).say("/rules")
    await owned.chat(7).wait_for("no rules yet")
    forged = await owned.forge_button(7, f"admin:{what}")
    assert "no longer know" in (await owned.chat(7).press_data(forged, f"admin:{what}"))["text"]
    async with owned.bot.database.reading() as session:
        assert await notices.get(session, 1) == "Hello all"
        assert await notices.last_progress(session) is None


async def test_a_broadcast_is_shown_as_it_will_be_read_and_sent_to_all_once(owned: Town) -> None:
    """Signs of HTML stay as they are; a second press, or one on another phone, sends nothing."""
    await subscribe(owned, 7, 8)
    for chat_id in (7, 8):
        await owned.chat(chat_id).say("/rules")
        await owned.chat(chat_id).wait_for("no rules yet")
    text = "New: <b>rules</b> & more, https://example.org/news"
    asked = await draft(owned, text)
    assert "what 3 readers will see" in asked["text"]
    assert (await owned.chat(OWNER).wait_for(text))["text"] == text
    send = next(b["callback_data"] for b in buttons(asked) if "Send" in b["text"])
    await owned.chat(OWNER).press_data(asked["message_id"], send)
    await owned.chat(OWNER).wait_for("On its way to 3 readers")
    forged = await owned.forge_button(OWNER, send)
    assert "before" in (await owned.chat(OWNER).press_data(forged, send))["text"]
    await owned.bot.digest_round()
    for chat_id in (7, 8):
        assert [m["text"] for m in await owned.chat(chat_id).from_bot("New:")] == [text]
    await owned.chat(OWNER).say("/admin")
    await owned.chat(OWNER).wait_for("3 sent, 0 waiting, 0 not delivered")


async def test_a_cancelled_broadcast_is_sent_by_no_button(owned: Town) -> None:
    asked = await draft(owned, "Hello all")
    send = next(b["callback_data"] for b in buttons(asked) if "Send" in b["text"])
    await owned.chat(OWNER).press(asked, "Cancel")
    await owned.chat(OWNER).wait_for("Cancelled: nobody gets it.")
    forged = await owned.forge_button(OWNER, send)
    assert "before" in (await owned.chat(OWNER).press_data(forged, send))["text"]
    await owned.bot.digest_round()
    assert len(await owned.chat(OWNER).from_bot("Hello all")) == 1


async def test_a_broadcast_may_be_thought_better_of(owned: Town) -> None:
    owner = owned.chat(OWNER)
    await owner.say("/admin broadcast")
    await owner.press(await owner.wait_for("What shall I tell"), "Never mind")
    await owner.wait_for("Cancelled")
    await owner.say("Hello all")
    await owner.wait_for(NOT_UNDERSTOOD)


async def test_a_broadcast_asked_for_before_a_restart_is_taken_after_it(asleep: Town) -> None:
    asleep.settings = asleep.settings.model_copy(update={"admin_ids": (OWNER,)})
    async with asleep.bot_awake():
        await asleep.chat(OWNER).say("/admin broadcast")
        await asleep.chat(OWNER).wait_for("What shall I tell")
    async with asleep.bot_awake():
        await asleep.chat(OWNER).say("Hello all")
        await asleep.chat(OWNER).wait_for("Shall I send it?")
