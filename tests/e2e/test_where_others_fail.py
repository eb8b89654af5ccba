"""What other bots get wrong, each at one glance: the name tells their failure, the test that it is not ours.

The promises behind are tested at length elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from town import Json, Town, buttons, eventually, papers_on, titles

from bot.messages.digest import MAX_MESSAGE
from bot.messages.markup import utf16_length
from bot.planning import reschedule
from recommender.reasons import choose_terms
from storage import readers

BERLIN = "Europe/Berlin"
HOUR = 8  # on the first morning of a town it is 10:30 in Berlin
DAILY = "☀️"


async def subscribe(town: Town, *chat_ids: int, zone: str = BERLIN) -> None:
    """Have chats want a digest at eight."""
    async with town.bot.database.writing() as session:
        for chat_id in chat_ids:
            kind = "private" if chat_id > 0 else "group"
            reader, _ = await readers.subscribe(session, chat_id, kind, town.clock())
            wanting = replace(reader, hour=HOUR, timezone=zone)
            await readers.save(session, reschedule(wanting, town.clock(), None))


async def meet(town: Town, *chat_ids: int) -> None:
    """Have people write to the bot, for it can begin no chat."""
    for chat_id in chat_ids:
        await town.chat(chat_id).say("/rules")
        await town.chat(chat_id).wait_for("no rules yet")


async def settle_down(town: Town, *chat_ids: int) -> None:
    await meet(town, *chat_ids)
    await subscribe(town, *chat_ids)


async def wait_for_rounds(town: Town, count: int = 3) -> None:
    """Let the bot look for what is due, again and again."""
    for _ in range(count):
        await town.bot.digest_round()
        town.clock.pass_by(minutes=10)


async def digests(town: Town, chat_id: int = 7) -> list[Json]:
    return await town.chat(chat_id).from_bot(DAILY)


def put_down(town: Town, name: str, papers: Sequence[Json]) -> None:
    assert town.settings.dumps_dir
    (town.settings.dumps_dir / name).write_text(json.dumps(papers))


async def test_marked_seen_before_sending_a_crash_loses_them(asleep: Town) -> None:
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await settle_down(asleep, 7)
        asleep.clock.pass_by(days=1)
        await asleep.fault(method="sendMessage", kind="drop", times=1000)
        await paperboy.digest_round()
    await asleep.http.delete("/faults")
    asleep.clock.pass_by(hours=1)
    async with asleep.bot_awake():
        await wait_for_rounds(asleep)
        assert len(titles(await asleep.chat().wait_for(DAILY))) == 3


async def test_dated_after_the_whole_send_a_crash_in_the_middle_sends_twice(asleep: Town) -> None:
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await settle_down(asleep, 7, 8)
        asleep.clock.pass_by(days=1)
        await asleep.fault(method="sendMessage", kind="drop", chat_id=8, times=1000)
        await paperboy.digest_round()
        await asleep.chat(7).wait_for(DAILY)
    await asleep.http.delete("/faults")
    asleep.clock.pass_by(hours=1)
    async with asleep.bot_awake():
        await wait_for_rounds(asleep)
        await asleep.chat(8).wait_for(DAILY)
        assert (len(await digests(asleep, 7)), len(await digests(asleep, 8))) == (1, 1)


async def test_five_minutes_down_at_the_hour_and_no_digest_that_day(asleep: Town) -> None:
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await settle_down(asleep, 7)
        asleep.clock.pass_by(hours=21, minutes=28)  # 07:58
    asleep.clock.pass_by(minutes=5)
    async with asleep.bot_awake() as paperboy:
        await paperboy.digest_round()
        await asleep.chat().wait_for(f"{DAILY} Saturday, 21 November")


async def test_flood_control_two_tries_and_then_dropped(town: Town) -> None:
    await settle_down(town, 7)
    town.clock.pass_by(days=1)
    await town.fault(method="sendMessage", kind="flood", retry_after=1, times=3)

    async def brought() -> list[Json] | None:
        await wait_for_rounds(town, 1)
        return await digests(town) or None

    assert len(await eventually(brought, "a digest after three refusals")) == 1


async def test_blocked_readers_retried_for_ever(town: Town) -> None:
    await settle_down(town, 7)
    await town.fault(method="sendMessage", kind="blocked", times=1000)
    asked = len(await town.requests("sendMessage"))
    for _ in range(5):
        town.clock.pass_by(days=1)
        await wait_for_rounds(town, 2)
    assert len(await town.requests("sendMessage")) == asked + 1


async def test_a_group_became_a_supergroup_and_the_subscription_stays_behind(town: Town) -> None:
    await settle_down(town, -500)
    moved_to = (await town.chat(-500).do("migrate"))["chat_id"]
    town.clock.pass_by(days=1)
    await wait_for_rounds(town)
    await town.chat(moved_to).wait_for(DAILY)
    assert len(await digests(town, moved_to)) == 1


async def test_one_sign_of_markup_in_a_title_and_the_message_fails_silently(asleep: Town) -> None:
    signs = ["a < b", "snake_case_", "*R* & [x](y)", "</b>", "`&lt;`"]
    papers = papers_on("boats", upvotes=100)
    for paper, sign in zip(papers, signs, strict=True):
        paper["paper"]["title"] = f"Of boats and {sign}"
    put_down(asleep, "list.json", papers)
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        for count in (1, 2):
            await asleep.chat().say("/today")
            await asleep.chat().wait_for("fresh off the press", count)
        shown = [title for each in await asleep.chat().from_bot("fresh off") for title in titles(each)]
        assert {title.removeprefix("Of boats and ") for title in shown} == set(signs)


async def test_text_cut_after_escaping_or_in_the_middle_of_a_tag(asleep: Town) -> None:
    put_down(asleep, "list.json", papers_on("boats", said="A <b>&amp;</b> & B < C. " * 300))
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await asleep.chat().say("/today")
        shown = (await asleep.chat().wait_for("fresh off the press"))["text"]
    assert utf16_length(shown) <= MAX_MESSAGE
    assert "A <b>&amp;</b> & B < C." in shown


async def test_utc_only_and_the_zone_s_column_unused(town: Town) -> None:
    await meet(town, 7, 8)
    await subscribe(town, 7, zone="Asia/Tokyo")
    await subscribe(town, 8, zone="America/New_York")
    town.clock.pass_by(hours=3, minutes=31)  # 13:01 UTC is 08:01 in New York
    await town.bot.digest_round()
    await town.chat(8).wait_for(DAILY)
    assert not await digests(town, 7)
    town.clock.pass_by(hours=10)  # 23:01 UTC is 08:01 in Tokyo
    await town.bot.digest_round()
    await town.chat(7).wait_for(DAILY)


async def test_only_today_s_list_is_read_and_late_additions_are_lost(town: Town) -> None:
    await settle_down(town, 7)
    town.clock.pass_by(days=4)
    put_down(town, "late.json", papers_on("boats", prefix="Late ", upvotes=500, said="Kites fly high."))
    await town.bot.poll_round()
    await town.bot.digest_round()
    assert any("Late" in title for title in titles(await town.chat().wait_for(DAILY)))


async def test_the_same_paper_mailed_three_days_running(town: Town) -> None:
    await settle_down(town, 7)
    for day in range(3):
        town.clock.pass_by(days=1)
        await town.bot.digest_round()
        await town.chat().wait_for(DAILY, day + 1)
    brought = [title for each in await digests(town) for title in titles(each)]
    assert len(brought) == len(set(brought)) > 3


async def test_feedback_buttons_vanish_without_undo_or_visible_state(town: Town) -> None:
    chat = town.chat()
    await chat.say("/today")
    digest = await chat.wait_for("fresh off the press")
    await chat.press(digest, "👍 1")
    voted = await chat.wait_for_label(digest, "✅ 👍 1")
    assert len(buttons(voted)) == len(buttons(digest))
    await chat.press(voted, "👍 1")
    await chat.wait_for_label(digest, "👍 1")


def test_the_explanation_names_the_weakest_terms() -> None:
    shares = {"canvas": 0.01, "rudder": 0.4, "hull": 0.2, "tide": 0.3, "drag": 0.02}
    assert choose_terms(shares) == ("rudder", "tide", "hull")


async def test_scores_are_sorted_as_strings(asleep: Town) -> None:
    """As strings, 9 would come before 100 and 10."""
    papers = papers_on("boats")[:3]
    for paper, upvotes in zip(papers, (9, 100, 10), strict=True):
        paper["paper"]["upvotes"] = upvotes
    put_down(asleep, "list.json", papers)
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await asleep.chat().say("/today")
        ranked = titles(await asleep.chat().wait_for("fresh off the press"))
    assert ranked == [papers[place]["paper"]["title"] for place in (1, 2, 0)]


async def test_no_papers_and_broken_look_the_same(asleep: Town) -> None:
    changed = {"admin_ids": (1,), "sources": ("http://127.0.0.1:9/list",)}
    asleep.settings = asleep.settings.model_copy(update=changed)
    put_down(asleep, "list.json", [])
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await asleep.chat(1).say("/admin")
        seen = (await asleep.chat(1).wait_for("Paperboy, at"))["text"]
    assert "❌ http://127.0.0.1:9/list" in seen
    assert f"❌ {asleep.settings.dumps_dir}" not in seen
