"""From a dump in the folder to a candidate: once, whole, and whatever lies beside it."""

import asyncio
import json
from dataclasses import replace

from town import Town, papers_on, titles

from storage import papers


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


async def test_a_stop_while_the_model_reads_is_no_failure(town: Town) -> None:
    """The reading round ends when it is told to, and nothing is logged as lost."""

    class Reading:
        async def read_unread(self) -> None:
            await asyncio.Event().wait()

    reading = asyncio.create_task(replace(town.bot, ranker=Reading()).reading_round())
    await asyncio.sleep(0)
    reading.cancel()
    await reading
