"""The daily push: at the reader's hour, once a local day, whatever happened in between."""

import asyncio
from dataclasses import asdict, replace
from datetime import UTC, datetime

from town import Town, eventually, titles

from bot.planning import BATCH
from storage import ledger, readers
from storage.ledger import State
from storage.readers import Reader, ReaderState
from storage.tables import READERS


async def subscribe(town: Town, hour: str = "08:00", place: str = "Berlin", chat_id: int = 7) -> None:
    await town.chat(chat_id).settle(hour, place)


async def states(town: Town) -> dict[State, int]:
    async with town.bot.database.reading() as session:
        return await ledger.counts(session, datetime.min.replace(tzinfo=UTC))


async def state_of(town: Town, chat_id: int) -> ReaderState:
    async with town.bot.database.reading() as session:
        reader = await readers.get(session, chat_id)
    assert reader is not None
    return reader.state


async def test_a_digest_comes_at_the_chosen_hour_and_only_then(town: Town) -> None:
    await subscribe(town)
    await town.bot.digest_round()
    assert not await town.chat().from_bot("☀️")
    town.clock.pass_by(hours=21, minutes=29)  # Saturday, 07:59 in Berlin
    await town.bot.digest_round()
    assert not await town.chat().from_bot("☀️")
    town.clock.pass_by(minutes=1)
    await town.bot.digest_round()
    assert len(titles(await town.chat().wait_for("☀️ Saturday, 21 November"))) == 3


async def test_one_digest_a_day_however_often_the_clock_ticks(town: Town) -> None:
    await subscribe(town)
    for _ in range(8):
        town.clock.pass_by(hours=6)
        await town.bot.digest_round()
        await town.bot.digest_round()
    days = [message["text"].splitlines()[0] for message in await town.chat().from_bot("☀️")]
    assert days == ["☀️ Saturday, 21 November", "☀️ Sunday, 22 November"]


async def test_a_digest_that_fell_due_while_the_bot_was_down_comes_once_at_the_start(asleep: Town) -> None:
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await subscribe(asleep)
    asleep.clock.pass_by(hours=25)  # three hours after the hour
    async with asleep.bot_awake() as paperboy:
        await paperboy.digest_round()
        await paperboy.digest_round()
    assert len(await asleep.chat().from_bot("☀️")) == 1


async def test_three_days_of_sleep_bring_no_flood(asleep: Town) -> None:
    """Two of the three days are skipped as late; the third is within its twelve hours."""
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await subscribe(asleep)
    asleep.clock.pass_by(days=3)
    async with asleep.bot_awake() as paperboy:
        await paperboy.digest_round()
    assert [m["text"][:20] for m in await asleep.chat().from_bot("☀️")] == ["☀️ Monday, 23 Novembe"[:20]]


async def test_a_day_with_nothing_new_is_told_once_and_can_be_silenced(town: Town) -> None:
    await subscribe(town)
    chat = town.chat()
    for _ in range(4):
        await chat.say("/today")
    await chat.wait_for("fresh off the press", 4)
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    await town.bot.digest_round()
    told = await chat.wait_for("Nothing new for you today")
    await chat.press(told, "silent")
    await chat.wait_for("Settings", 2)
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    assert not await chat.from_bot("Nothing new for you today")  # the first one has become the settings
    assert (await states(town))[State.SKIPPED] == 1


async def test_pause_stops_the_push_and_resume_brings_it_back(town: Town) -> None:
    await subscribe(town)
    chat = town.chat()
    await chat.say("/pause")
    await chat.wait_for("Paused")
    town.clock.pass_by(days=2)
    await town.bot.digest_round()
    await chat.say("/resume")
    await chat.wait_for("comes again")
    await town.bot.digest_round()
    assert not await chat.from_bot("☀️")
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    assert len(await chat.from_bot("☀️")) == 1


async def test_whoever_blocks_the_bot_is_let_be_until_start(town: Town) -> None:
    await subscribe(town)
    chat = town.chat()
    await chat.do("block")
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    assert len([r for r in await town.requests("sendMessage") if "☀️" in r["parameters"]["text"]]) <= 1
    await chat.do("unblock")
    await chat.say("/start")
    await chat.wait_for("Good to see you again")
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    await chat.wait_for("☀️")


async def flood_over() -> None:
    """Wait for the end of a pause of a second: Telegram's patience runs by no clock that a test moves."""
    await asyncio.sleep(1.1)


async def test_a_flood_answer_is_waited_out(town: Town) -> None:
    await subscribe(town)
    town.clock.pass_by(days=1)
    await town.fault(method="sendMessage", kind="flood", retry_after=1)
    await town.bot.digest_round()
    town.clock.pass_by(seconds=2)
    await town.bot.digest_round()
    assert not await town.chat().from_bot("☀️")
    await flood_over()
    town.clock.pass_by(seconds=2)
    await town.bot.digest_round()
    assert len(await town.chat().from_bot("☀️")) == 1


async def test_a_fault_of_telegram_is_tried_again(town: Town) -> None:
    await subscribe(town)
    town.clock.pass_by(days=1)
    await town.fault(method="sendMessage", kind="server_error", times=2)
    for _ in range(4):
        await town.bot.digest_round()
        town.clock.pass_by(minutes=1)
    assert len(await town.chat().from_bot("☀️")) == 1


async def test_a_refused_digest_does_not_hold_up_the_next_reader(town: Town) -> None:
    await subscribe(town, chat_id=7)
    await subscribe(town, chat_id=8)
    town.clock.pass_by(days=1)
    await town.fault(method="sendMessage", kind="bad_request", chat_id=7)
    await town.bot.digest_round()
    assert not await town.chat(7).from_bot("☀️")
    assert len(await town.chat(8).from_bot("☀️")) == 1


async def test_a_chat_that_is_gone_is_let_be_after_three_days(town: Town) -> None:
    await subscribe(town)
    await town.fault(method="sendMessage", kind="chat_not_found", chat_id=7, times=9)
    for _ in range(5):
        town.clock.pass_by(days=1)
        await town.bot.digest_round()
    assert len([r for r in await town.requests("sendMessage") if "☀️" in r["parameters"]["text"]]) == 3


async def test_a_group_that_becomes_a_supergroup_keeps_its_digest(town: Town) -> None:
    await subscribe(town, chat_id=-500)
    await town.chat(-500).do("migrate")
    chats = (await town.http.get("/user/chats")).json()
    new = min(chat["chat"]["id"] for chat in chats)
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    await town.bot.digest_round()
    assert len(await town.chat(new).from_bot("☀️")) == 1


async def test_readers_in_different_places_are_due_at_different_times(town: Town) -> None:
    await subscribe(town, place="Tokyo", chat_id=7)
    await subscribe(town, place="New York", chat_id=8)
    town.clock.pass_by(hours=3, minutes=30)  # Friday 13:00 UTC: 08:00 in New York, 22:00 in Tokyo
    await town.bot.digest_round()
    assert len(await town.chat(8).from_bot("☀️ Friday")) == 1
    assert not await town.chat(7).from_bot("☀️")
    town.clock.pass_by(hours=10)  # 08:00 on Saturday in Tokyo
    await town.bot.digest_round()
    assert len(await town.chat(7).from_bot("☀️ Saturday")) == 1
    assert len(await town.chat(8).from_bot("☀️")) == 1


async def test_many_readers_of_one_hour_all_get_their_digest(asleep: Town) -> None:
    """More of them than are read from the database at once, and one whose settings cannot be planned with."""
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        now = asleep.clock()
        due = Reader(chat_id=1, kind="private", hour=9, timezone="UTC", next_due_at=now)
        crowd = [replace(due, chat_id=chat_id) for chat_id in range(1, BATCH + 3)]
        crowd[1] = replace(crowd[1], timezone="Mars/Base")
        async with paperboy.database.writing() as session:
            rows = [asdict(reader) | {"subscribed_at": now} for reader in crowd]
            await session.execute(READERS.insert(), rows)
        assert await paperboy.planner.plan_due(now) == BATCH + 1
        async with paperboy.database.reading() as session:
            counts = await ledger.counts(session, now)
    assert counts[State.PLANNED] == BATCH + 1


async def test_a_long_outage_delays_a_digest_and_does_not_lose_it(town: Town) -> None:
    await subscribe(town)
    town.clock.pass_by(days=1)
    await town.fault(method="sendMessage", kind="server_error", times=1000)
    for _ in range(30):
        await town.bot.digest_round()
        town.clock.pass_by(minutes=5)
    await town.http.delete("/faults")
    town.clock.pass_by(minutes=15)
    await town.bot.digest_round()
    assert len(await town.chat().from_bot("☀️ Saturday")) == 1


async def test_a_digest_that_waits_too_long_is_skipped_and_no_flood_follows(town: Town) -> None:
    await subscribe(town)
    town.clock.pass_by(days=1)
    await town.fault(method="sendMessage", kind="flood", retry_after=1)
    await town.bot.digest_round()
    await flood_over()
    town.clock.pass_by(days=3)
    await town.bot.digest_round()
    assert [m["text"][:11] for m in await town.chat().from_bot("☀️")] == ["☀️ Tuesday,"]


async def test_a_digest_is_sent_twice_at_most_where_telegram_takes_it_and_does_not_answer(town: Town) -> None:
    await subscribe(town)
    town.clock.pass_by(days=1)
    await town.fault(method="sendMessage", kind="drop_after", times=10)
    for _ in range(6):
        await town.bot.digest_round()
        town.clock.pass_by(minutes=15)
    assert len(await town.chat().from_bot("☀️")) == 2


async def test_a_pause_also_holds_a_digest_that_is_waiting(town: Town) -> None:
    await subscribe(town)
    town.clock.pass_by(days=1)
    await town.fault(method="sendMessage", kind="flood", retry_after=1)
    await town.bot.digest_round()
    await town.chat().say("/pause")
    await town.chat().wait_for("Paused")
    town.clock.pass_by(minutes=1)
    await town.bot.digest_round()
    assert not await town.chat().from_bot("☀️")


async def test_whoever_comes_back_gets_the_daily_digest_again(town: Town) -> None:
    """A command is enough: the chat is reachable, so the digest is due again."""
    await subscribe(town)
    chat = town.chat()
    await chat.do("block")
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    await chat.do("unblock")
    await chat.say("/today")
    await chat.wait_for("fresh off the press", 2)
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    await chat.wait_for("☀️")


async def test_a_later_hour_on_the_same_day_promises_the_next_day(town: Town) -> None:
    """Saturday's digest came at 08:00; moving the hour to 20:00 does not make Saturday due again."""
    await subscribe(town)
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    chat = town.chat()
    await chat.say("/settings")
    await chat.press(await chat.wait_for("⚙️ Settings", 2), "Hour")
    await chat.press(await chat.wait_for("At which hour"), "20:00")
    await chat.wait_for("every day at 20:00, Berlin time. Next: tomorrow at 20:00 in Berlin.")


async def test_what_fell_due_is_picked_from_papers_that_came_meanwhile(asleep: Town) -> None:
    async with asleep.bot_awake() as paperboy:
        await subscribe(asleep)
    asleep.clock.pass_by(hours=23)
    async with asleep.bot_awake() as paperboy:
        await paperboy.wake()
        await paperboy.deliver_round()
    assert len(titles((await asleep.chat().from_bot("☀️"))[0])) == 3


async def test_two_plans_at_once_never_promise_one_paper_twice(town: Town) -> None:
    await town.chat().ask_for_hour()
    async with town.bot.database.reading() as session:
        reader = await readers.get(session, 7)
        assert reader is not None
    planner = town.bot.planner
    asked = [planner.plan_asked(reader, update_id, town.clock()) for update_id in (1, 2, 3)]
    ids = await asyncio.gather(*asked)
    async with town.bot.database.reading() as session:
        digests = [await ledger.get(session, 7, digest_id) for planned in ids for digest_id in planned]
    picked = [pick.paper_id for digest in digests if digest for pick in digest.picks]
    assert len(picked) == len(set(picked)) >= 3


async def test_a_403_alone_lets_the_reader_be(town: Town) -> None:
    """Where no update tells of the block, the refusal of a digest does."""
    await subscribe(town)
    town.clock.pass_by(days=1)
    await town.fault(method="sendMessage", kind="blocked", chat_id=7)
    await town.bot.digest_round()
    assert await state_of(town, 7) is ReaderState.BLOCKED


async def test_a_block_alone_lets_the_reader_be(town: Town) -> None:
    """No digest is needed to learn of it."""
    await subscribe(town)
    await town.chat().do("block")

    async def blocked() -> bool | None:
        return await state_of(town, 7) is ReaderState.BLOCKED or None

    await eventually(blocked, "the reader blocked")


async def test_a_migration_learnt_from_a_refusal_alone_moves_the_reader(asleep: Town) -> None:
    """The update that tells of it may come later than the next digest."""
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await subscribe(asleep, chat_id=-500)
    await asleep.chat(-500).do("migrate")
    new = min(chat["chat"]["id"] for chat in (await asleep.http.get("/user/chats")).json())
    asleep.clock.pass_by(days=1)
    async with asleep.bot_awake(listening=False) as paperboy:
        await paperboy.digest_round()
        await paperboy.digest_round()
    assert len(await asleep.chat(new).from_bot("☀️")) == 1
