"""From a dump in the folder to a candidate: once, whole, and whatever lies beside it."""

import asyncio
import json
from dataclasses import replace

import pytest
from days_source import TODAY, DaysSource, days_ago, source_of
from town import Town, eventually, papers_on, titles

from bot.rounds import Paperboy
from storage import papers, readers


async def known(town: Town) -> int:
    async with town.bot.database.reading() as session:
        return await papers.count(session)


async def test_a_dump_put_down_later_is_picked_up(town: Town) -> None:
    (town.settings.dumps_dir / "later.json").write_text(json.dumps(papers_on("bees", "New ", upvotes=500)))
    await town.bot.poll_round()
    await town.chat().say("/today")
    assert all("New " in title for title in titles(await town.chat().wait_for("Trending")))


async def test_the_same_dump_twice_changes_nothing(town: Town) -> None:
    before = await known(town)
    await town.bot.poll_round()
    copy = town.settings.dumps_dir / "copy.json"
    copy.write_bytes((town.settings.dumps_dir / "list.json").read_bytes())
    await town.bot.poll_round()
    assert await known(town) == before == 10


async def test_rubbish_beside_a_dump_costs_nothing(town: Town) -> None:
    folder = town.settings.dumps_dir
    (folder / "a.txt").write_bytes(b"")
    (folder / "b.json").write_bytes(b"1")
    (folder / "c.txt").write_bytes(bytes(range(256)) * 10)
    (folder / "d.html").write_text("<html><body>502 Bad Gateway</body></html>")
    (folder / "e.json").write_text(json.dumps(papers_on("bees", "More "))[:-40])
    (folder / "f.json").write_text(json.dumps(papers_on("boats", "Good ")))
    await town.bot.poll_round()
    assert await known(town) >= 15


async def test_the_sample_stands_in_and_leaves_when_real_papers_come(asleep: Town) -> None:
    dump = asleep.settings.dumps_dir / "list.json"
    kept = dump.read_bytes()
    dump.unlink()
    async with asleep.bot_awake() as paperboy:
        await paperboy.stock_up()
        chat = asleep.chat()
        await chat.say("/today")
        assert "invented for Paperboy" in (await chat.wait_for("Trending"))["text"]
        dump.write_bytes(kept)
        await paperboy.poll_round()
        assert await known(asleep) == 10
        await chat.say("/today")
        assert "thoughts on" in (await chat.wait_for("Trending", 2))["text"]


async def test_no_sample_where_there_are_papers(asleep: Town) -> None:
    async with asleep.bot_awake() as paperboy:
        await paperboy.stock_up()
        assert await known(asleep) == 10


def with_sources(paperboy: Paperboy, *sources: DaysSource) -> Paperboy:
    """Give the bot other sources; all else is its own."""
    return replace(paperboy, sources=sources)


async def wants_digest(town: Town) -> bool:
    async with town.bot.database.reading() as session:
        return bool(await readers.due(session, town.clock.now, 10))


@pytest.fixture
async def waiting(town: Town) -> Town:
    """A town with a reader who wants the digest as soon as the list is out."""
    async with town.bot.database.writing() as session:
        reader, _ = await readers.subscribe(session, 7, "private", town.clock.now)
        await readers.save(session, replace(reader, timezone="UTC", hour=8, on_arrival=True))
    return town


async def test_lists_of_days_ago_wake_nobody_who_waits_for_the_list_of_today(waiting: Town) -> None:
    source = DaysSource()
    source.put(days_ago(3), *range(30))
    await with_sources(waiting.bot, source).poll_round()
    assert not await wants_digest(waiting)
    source.put(TODAY, *range(30, 36))
    await with_sources(waiting.bot, source).poll_round()
    assert await wants_digest(waiting)


async def test_a_few_late_papers_are_no_list(waiting: Town) -> None:
    await with_sources(waiting.bot, source_of(2, papers_a_day=2)).poll_round()
    assert not await wants_digest(waiting)


async def test_a_source_that_is_slow_holds_up_no_other(asleep: Town) -> None:
    """What one has brought can be picked while another still is read."""
    quick, slow = source_of(1, papers_a_day=9, name="quick"), source_of(1, name="slow")
    gate = slow.hold_back(TODAY)
    async with asleep.bot_awake() as paperboy:
        polling = asyncio.create_task(with_sources(paperboy, quick, slow).poll_round())

        async def ranked() -> bool | None:
            return paperboy.ranker.ready or None

        await eventually(ranked, "papers on the shelf")
        await asleep.chat().say("/today")
        assert len(titles(await asleep.chat().wait_for("Trending"))) == 3
        assert not polling.done()
        gate.set()
        await polling


async def test_a_source_that_is_slow_delays_no_poll_of_another(town: Town) -> None:
    quick, slow = source_of(1, name="quick"), source_of(1, name="slow")
    gate = slow.hold_back(TODAY)
    paperboy = with_sources(town.bot, quick, slow)
    polling = asyncio.create_task(paperboy.poll_round())
    for polls in (1, 2):
        while len(quick.asked) < polls:  # noqa: ASYNC110 - it is looked at from outside
            await asyncio.sleep(0.01)
        await paperboy.poll_round([quick])
    assert not polling.done()
    gate.set()
    await polling


async def test_a_first_poll_of_many_days_delays_no_answer(asleep: Town) -> None:
    """The newest list is there at once; what takes longer goes on after the first digests."""
    source = source_of(9, papers_a_day=5)
    gate = source.hold_back(days_ago(1))
    (asleep.settings.dumps_dir / "list.json").unlink()
    async with asleep.bot_awake() as paperboy:
        first = with_sources(paperboy, source)
        assert not await first.stock_up(seconds=1.5)
        assert await known(asleep) == 5
        await asleep.chat().say("/today")
        assert all("Kettle" in title for title in titles(await asleep.chat().wait_for("Trending")))
        waking = asyncio.create_task(first.wake(seconds=0.1))
        await asyncio.sleep(0.3)
        gate.set()
        await waking
        assert await known(asleep) == 45


async def test_polls_do_not_run_over_each_other(town: Town) -> None:
    source = source_of(9, at_once=1)
    paperboy = with_sources(town.bot, source)
    await asyncio.gather(paperboy.poll_round(), paperboy.poll_round())
    assert source.most_side_by_side == 1


async def test_the_log_tells_papers_lists_and_failures_and_no_title(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    source = source_of(4, papers_a_day=5)
    source.fail(days_ago(1))
    await with_sources(town.bot, source).poll_round()
    assert "days: 3 lists read, 1 failed; 15 new papers, 0 told of again" in caplog.text
    assert "Kettle" not in caplog.text


async def test_of_an_outage_the_log_tells_in_two_lines(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """The first reason stands for all, and what was not even asked for has not failed."""
    caplog.set_level("INFO")
    source = source_of(9, at_once=1)
    source.fail()
    await with_sources(town.bot, source).poll_round()
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "days: days is out of order; failed besides: 2, not asked for: 6",
        "days: 0 lists read, 3 failed; 0 new papers, 0 told of again",
    ]
