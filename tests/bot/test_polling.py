"""From a source's lists to the database, with a real SQLite file; only the source is a fake."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from days_source import TODAY, DaysSource, days_ago, invented, number_in, numbers_of, source_of
from sqlalchemy import text

from bot.polling.polled import Progress, SourceReport
from bot.polling.poller import poll
from recommender.values import Paper
from sources.folder import FolderSource
from storage import dumps, papers, polls
from storage.database import Database, StorageError
from storage.polls import Poll

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = datetime.combine(TODAY, time(12), UTC)
WITHDRAWN = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2611.00000v999</id>
<title>Kettle number 0 boils</title><summary>This paper has been withdrawn.</summary></entry></feed>"""


@dataclass
class Desk:
    """A database, a clock, and polls of them."""

    database: Database
    now: datetime = NOON
    told: list[Progress] = field(default_factory=list)

    async def poll(self, *sources: Any, backfill: timedelta = 30 * DAY, **options: Any) -> SourceReport:
        """Poll, and give the first source's report."""
        reports = await poll(
            sources,
            self.database,
            lambda: self.now,
            backfill,
            self.told.append,
            draw=lambda: 0.0,
            **options,
        )
        return reports[0]

    async def known(self) -> list[int]:
        """Read the papers' numbers, in the order in which they came."""
        return list(await self.first_seen())

    async def first_seen(self) -> dict[int, datetime]:
        """Read when each paper was first seen, by its number, in the order in which they came."""
        async with self.database.reading() as session:
            rows = await session.execute(text("SELECT title, first_seen FROM papers ORDER BY id"))
            return {number_in(row.title): _moment(row.first_seen) for row in rows}

    async def marked(self, source: str = "days") -> set[str]:
        async with self.database.reading() as session:
            return set(await dumps.marks(session, source))

    async def state(self, source: str = "days") -> Poll:
        async with self.database.reading() as session:
            known = await polls.get(session, source)
        assert known
        return known

    async def forbid(self, title: str) -> None:
        """Have the database refuse a paper, as a fault that nobody thought of would."""
        async with self.database.writing() as session:
            words = "CREATE TRIGGER forbid BEFORE INSERT ON papers WHEN new.title = '{}' BEGIN {}; END"
            await session.execute(text(words.format(title, "SELECT RAISE(ABORT, 'no such luck')")))


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    database = Database(f"sqlite:///{tmp_path / 'paperboy.db'}")
    await database.open()
    yield Desk(database)
    await database.close()


class TestReading:
    async def test_papers_come_in_the_order_of_the_listings_however_the_answers_come(
        self, desk: Desk
    ) -> None:
        source = source_of(60)
        gate = source.hold_back(TODAY)
        polling = asyncio.create_task(desk.poll(source, backfill=90 * DAY))
        while len(source.asked) < 50:  # noqa: ASYNC110 - looked at from outside
            await asyncio.sleep(0)
        gate.set()
        await polling
        assert await desk.known() == list(range(120))

    async def test_no_more_are_fetched_side_by_side_than_the_source_allows(self, desk: Desk) -> None:
        source = source_of(20, at_once=3)
        await desk.poll(source)
        assert source.most_side_by_side == 3

    async def test_what_is_due_and_unchanged_is_known_as_read_from_then_on(self, desk: Desk) -> None:
        source = source_of(1, fresh_for=2 * HOUR)
        await desk.poll(source)
        for hours in (3, 4):
            desk.now = NOON + hours * HOUR
            report = await desk.poll(source)
            assert (report.unchanged, report.dumps) == (1, ())
        assert len(source.asked) == 2  # the second reading is an hour old at the third poll

    async def test_equal_content_under_another_version_is_no_news(self, desk: Desk, tmp_path: Path) -> None:
        file = tmp_path / "list.json"
        file.write_bytes(source_of(1).days[TODAY])
        os_times = file.stat()
        await desk.poll(FolderSource(file))
        file.touch()
        assert file.stat().st_mtime_ns != os_times.st_mtime_ns
        report = await desk.poll(FolderSource(file))
        assert (report.unchanged, report.dumps) == (1, ())
        async with desk.database.reading() as session:
            mark = (await dumps.marks(session, str(file)))["list.json"]
        assert mark.version
        assert mark.version.endswith(str(file.stat().st_mtime_ns))

    async def test_the_days_of_an_outage_are_read_when_it_is_over(self, desk: Desk) -> None:
        source = source_of(60)
        await desk.poll(source, backfill=5 * DAY)
        desk.now += 20 * DAY
        source.put(days_ago(-3), 900)
        await desk.poll(source, backfill=5 * DAY)
        assert 900 in await desk.known()

    async def test_no_list_from_before_the_backfill_is_read(self, desk: Desk) -> None:
        source = source_of(60)
        await desk.poll(source, backfill=5 * DAY)
        assert sorted(source.asked) == sorted(map(days_ago, range(6)))

    async def test_a_list_is_looked_at_until_it_changes_no_more(self, desk: Desk) -> None:
        """However few days are read back: upvotes grow for days, and papers are added late."""
        source = source_of(1)
        for _ in range(7):
            await desk.poll(source, backfill=DAY)
            desk.now += DAY
        source.put(TODAY, 0, 901)
        await desk.poll(source, backfill=DAY)
        assert 901 in await desk.known()

    async def test_progress_is_told_up_to_the_end(self, desk: Desk) -> None:
        await desk.poll(source_of(7))
        assert desk.told[0] == Progress("days", 0, 7)
        assert desk.told[-1] == Progress("days", 7, 7, 14)
        assert [each.done for each in desk.told] == sorted(each.done for each in desk.told)

    async def test_a_day_with_nothing_is_read_and_is_no_failure(self, desk: Desk) -> None:
        source = DaysSource()
        source.put(TODAY)
        report = await desk.poll(source)
        assert [dump.is_empty_day for dump in report.dumps] == [True]
        assert report.reached
        assert await desk.marked() == {TODAY.isoformat()}


class TestFaults:
    async def test_one_dump_that_fails_stops_no_other_and_is_read_at_the_next_poll(self, desk: Desk) -> None:
        source = source_of(3)
        source.fail(days_ago(1))
        report = await desk.poll(source)
        assert report.why == f"{days_ago(1)} is out of order"
        assert await desk.known() == [0, 1, 4, 5]
        assert await desk.marked() == {TODAY.isoformat(), days_ago(2).isoformat()}
        source.recover()
        source.fresh_for = DAY
        source.forget_questions()
        await desk.poll(source)
        assert source.asked == [days_ago(1)]
        assert sorted(await desk.known()) == [0, 1, 2, 3, 4, 5]

    async def test_one_source_that_fails_stops_no_other(self, desk: Desk) -> None:
        broken = source_of(1, name="broken")
        broken.fail()
        report = await desk.poll(broken, source_of(1))
        assert report.why == "broken is out of order"
        assert await desk.known() == [0, 1]

    @pytest.mark.parametrize("body", [None, 7])
    async def test_a_fault_in_a_parser_fails_its_dump_alone(
        self, desk: Desk, caplog: pytest.LogCaptureFixture, body: Any
    ) -> None:
        """The log says where it was raised; any exception will do, here that a body is none."""
        source = source_of(3)
        source.days[days_ago(1)] = body
        report = await desk.poll(source)
        assert (
            report.why == f"{days_ago(1)} of days could not be read for a fault of Paperboy's own (TypeError)"
        )
        assert await desk.known() == [0, 1, 4, 5]
        assert "fetching.py" in caplog.text
        assert (await desk.state()).failures == 0  # the source did its part

    async def test_a_fault_in_a_source_is_told_without_its_message(
        self, desk: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A message may quote what was read."""
        source = source_of(2)
        source.raise_for(TODAY, RuntimeError("the text of an abstract"))
        report = await desk.poll(source)
        assert report.why == f"{TODAY} of days could not be read for a fault of Paperboy's own (RuntimeError)"
        assert "days_source.py" in caplog.text
        assert "the text of an abstract" not in caplog.text
        assert await desk.known() == [2, 3]

    async def test_a_paper_that_cannot_be_stored_fails_its_dump_alone(self, desk: Desk) -> None:
        await desk.forbid("Kettle number 3 boils")
        report = await desk.poll(source_of(4))
        assert (
            report.why
            == f"{days_ago(1)} of days could not be read for a fault of Paperboy's own (IntegrityError)"
        )
        assert await desk.known() == [0, 1, 4, 5, 6, 7]
        assert days_ago(1).isoformat() not in await desk.marked()
        assert (report.added, report.fresh) == (6, 2)

    async def test_a_database_that_cannot_be_used_is_no_fault_of_a_dump(
        self, desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        hasty = Database(f"sqlite:///{tmp_path / 'paperboy.db'}", patience=timedelta())
        other_program = sqlite3.connect(tmp_path / "paperboy.db", isolation_level=None)
        other_program.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked by another program"):
            await Desk(hasty, desk.now).poll(source_of(2))
        other_program.close()
        await hasty.close()
        assert "fault" not in caplog.text

    async def test_a_fault_that_strikes_every_dump_is_logged_once(
        self, desk: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        source = source_of(30)
        source.days.update(dict.fromkeys(source.days))
        report = await desk.poll(source)
        assert len(report.failed) == 30
        assert caplog.text.count("Traceback") + caplog.text.count("fetching.py") < 5


class TestTransactions:
    async def test_other_writers_get_their_turns_amid_a_large_dump(self, desk: Desk) -> None:
        source = DaysSource()
        source.put(TODAY, *range(5_000))
        polling = asyncio.create_task(desk.poll(source))
        counts = set()
        while not polling.done():
            async with desk.database.writing() as session:
                counts.add(await papers.count(session))
            await asyncio.sleep(0)
        assert await desk.known() == list(range(5_000))
        assert counts & set(range(1, 5_000)), "no other writer saw a part of it"

    @pytest.mark.parametrize("stop_at", [0, 1, 7, 30, 59, 60])
    async def test_a_poll_that_is_cut_short_loses_nothing_and_repeats_nothing(
        self, desk: Desk, stop_at: int
    ) -> None:
        source = source_of(60, fresh_for=DAY)
        polling = asyncio.create_task(desk.poll(source, backfill=90 * DAY))
        while len(source.asked) < stop_at or not source.since:  # noqa: ASYNC110 - looked at from outside
            await asyncio.sleep(0)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        kept = await desk.marked()
        assert len(await desk.known()) == 2 * len(kept)
        source.forget_questions()
        await desk.poll(source, backfill=90 * DAY)
        assert {day.isoformat() for day in source.asked}.isdisjoint(kept)
        assert sorted(await desk.known()) == list(range(120))

    async def test_few_questions_are_repeated_after_a_long_poll_that_was_cut_short(self, desk: Desk) -> None:
        """What is unchanged is written down fifty at a time."""
        source = source_of(200, papers_a_day=0, fresh_for=HOUR)
        await desk.poll(source, backfill=300 * DAY)
        desk.now += 2 * HOUR
        source.hold_back(days_ago(150))
        polling = asyncio.create_task(desk.poll(source, backfill=300 * DAY))
        while desk.told[-1].done != 150:  # noqa: ASYNC110 - looked at from outside
            await asyncio.sleep(0)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        source.hold_back(days_ago(150)).set()
        source.forget_questions()
        await desk.poll(source, backfill=300 * DAY)
        assert len(source.asked) <= 100

    async def test_long_lists_are_kept_a_few_at_a_time(self, desk: Desk) -> None:
        """Though all have been read: of what a crash cuts short the lists before are marked."""
        source = source_of(6, papers_a_day=900)
        gate, others = source.hold_back(TODAY), len(asyncio.all_tasks())
        polling = asyncio.create_task(desk.poll(source))
        at_the_gate = others + 3  # the poll, that of the source, and the one list that is held back
        while len(source.asked) < 6 or len(asyncio.all_tasks()) > at_the_gate:  # noqa: ASYNC110 - looked at from outside
            await asyncio.sleep(0)
        gate.set()
        await polling
        assert [told.done for told in desk.told] == [0, 2, 4, 6]

    async def test_few_dumps_are_held_while_the_database_is_busy(self, desk: Desk) -> None:
        """Of small ones fifty, of large ones as many as are fetched side by side: memory has its bounds."""
        small, large = source_of(300), source_of(40, name="large", at_once=3)
        large.days = {day: body + b" " * 2_000_000 for day, body in large.days.items()}
        async with desk.database.writing() as session:
            await papers.remove_samples(session)
            polling = asyncio.create_task(desk.poll(small, large, backfill=400 * DAY))
            last = None
            while last != (last := (len(small.asked), len(large.asked))) or not all(last):  # noqa: ASYNC110 - looked at from outside
                await asyncio.sleep(0.2)
        await polling
        assert last[0] <= 2 * 50
        assert last[1] <= 2 * 3 + 1
        assert len(await desk.known()) == 600


class TestFirstSeen:
    async def test_a_list_that_was_never_read_was_there_on_its_day(self, desk: Desk) -> None:
        """A backfill makes no old paper new."""
        await desk.poll(source_of(2))
        seen = await desk.first_seen()
        assert seen[0] == NOON
        assert seen[2] == datetime.combine(days_ago(1), time.max, UTC)

    async def test_a_late_addition_is_as_new_as_it_is(self, desk: Desk) -> None:
        source = source_of(2)
        await desk.poll(source)
        source.put(days_ago(1), 2, 3, 99)
        desk.now += HOUR
        await desk.poll(source)
        assert (await desk.first_seen())[99] == NOON + HOUR

    async def test_a_file_is_as_new_as_its_reading(self, desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "old.json").write_bytes(source_of(1).days[TODAY])
        report = await desk.poll(FolderSource(tmp_path / "old.json"))
        assert set((await desk.first_seen()).values()) == {NOON}
        assert report.fresh == report.added == 2

    async def test_only_the_lists_of_today_and_yesterday_bring_news(self, desk: Desk) -> None:
        report = await desk.poll(source_of(10))
        assert (report.added, report.fresh) == (20, 4)


async def kept(desk: Desk) -> Paper:
    """Read the only paper."""
    async with desk.database.reading() as session:
        (paper,) = (await papers.get(session, range(10))).values()
    return paper


class TestBelief:
    """What one bad list may say of papers that others list as well."""

    async def test_a_list_that_is_still_to_come_is_none(self, desk: Desk, tmp_path: Path) -> None:
        """Its papers would be the newest for good, and all that is trending."""
        entry = {"paper": invented(1) | {"submittedOnDailyAt": "9999-12-31T00:00:00Z"}}
        (tmp_path / "list.json").write_text(json.dumps([entry]))
        await desk.poll(FolderSource(tmp_path))
        assert (await kept(desk)).featured is None

    @pytest.mark.parametrize("hearsay", [True, False])
    async def test_only_arxiv_and_the_owner_tell_of_revisions_and_withdrawals(
        self, desk: Desk, *, hearsay: bool
    ) -> None:
        """Else any list could take away every paper, and no later one could bring it back."""
        source = source_of(1, papers_a_day=1)
        await desk.poll(source)
        source.hearsay = hearsay
        source.days[days_ago(1)] = WITHDRAWN
        await desk.poll(source)
        paper = await kept(desk)
        assert (paper.version, paper.withdrawn) == ((None, False) if hearsay else (999, True))


class TestCircuit:
    async def test_a_source_that_fails_again_and_again_is_left_alone_and_then_tried_once(
        self, desk: Desk
    ) -> None:
        source = source_of(9)
        source.fail()
        for failures in (1, 2, 3):
            await desk.poll(source)
            assert len(source.asked) <= 6 * failures  # three more are under way when it is given up
            assert (await desk.state()).failures == failures
            desk.now += timedelta(minutes=1)
        source.forget_questions()
        report = await desk.poll(source)
        assert source.asked == []
        assert report.rests_until == NOON + timedelta(minutes=32)
        assert report.why == (
            "days is left alone until 2026-11-20 12:32 UTC, after 3 failures in a row: days is out of order"
        )
        desk.now = NOON + timedelta(minutes=32)
        report = await desk.poll(source)
        assert source.asked == [TODAY]
        assert report.unasked == 8
        assert (await desk.state()).retry_at == desk.now + HOUR

    async def test_a_success_closes_the_circuit_and_all_is_read_side_by_side(self, desk: Desk) -> None:
        source = source_of(9)
        source.fail()
        for _ in range(3):
            await desk.poll(source)
        source.recover()
        source.forget_questions()
        desk.now += HOUR
        gates = [source.hold_back(days_ago(age)) for age in range(1, 9)]
        polling = asyncio.create_task(desk.poll(source))
        async with asyncio.timeout(30):
            while len(source.asked) < 1 + source.at_once:  # noqa: ASYNC110 - looked at from outside
                await asyncio.sleep(0)
        for gate in gates:
            gate.set()
        await polling
        assert await desk.known() == list(range(18))
        assert (await desk.state()).failures == 0

    async def test_a_restart_does_not_forget_that_a_source_is_down(self, desk: Desk, tmp_path: Path) -> None:
        source = source_of(1)
        source.fail()
        for _ in range(3):
            await desk.poll(source)
        source.forget_questions()
        await desk.database.close()
        again = Database(f"sqlite:///{tmp_path / 'paperboy.db'}")
        await again.open()
        await Desk(again).poll(source)
        assert source.asked == []
        await again.close()

    async def test_by_hand_a_source_that_rests_is_asked(self, desk: Desk) -> None:
        source = source_of(1)
        source.fail()
        for _ in range(3):
            await desk.poll(source)
        source.recover()
        await desk.poll(source, by_hand=True)
        assert await desk.known() == [0, 1]

    async def test_who_asks_to_be_left_alone_is_at_once_and_also_by_hand(self, desk: Desk) -> None:
        source = source_of(20, at_once=1)
        source.fail(days_ago(2), wait=2 * HOUR)
        report = await desk.poll(source)
        assert len(source.asked) == 3
        assert report.unasked == 17
        source.recover()
        source.forget_questions()
        desk.now += HOUR
        report = await desk.poll(source, by_hand=True)
        assert source.asked == []
        assert report.error == (
            "days is left alone until 2026-11-20 14:00 UTC, as it asked for: 2026-11-18 is out of order"
        )
        desk.now += HOUR
        await desk.poll(source)
        assert await desk.known() == list(range(40))

    async def test_a_source_that_answers_for_some_days_is_asked_for_all(self, desk: Desk) -> None:
        source = source_of(9)
        source.fail(*map(days_ago, range(1, 8)))
        report = await desk.poll(source)
        assert len(source.asked) == 9
        assert len(report.failed) == 7
        assert sorted(await desk.known()) == [*numbers_of(0), *numbers_of(8)]
        state = await desk.state()
        assert (state.failures, state.reached_at) == (0, None)

    async def test_a_source_that_lists_versions_is_up_whatever_its_dumps_are(self, desk: Desk) -> None:
        """A folder of files that cannot be read is a folder still, and the next file may be a good one."""
        source = source_of(9, tells_versions=True)
        source.fail(*map(days_ago, range(8)))
        for _ in range(4):
            await desk.poll(source)
        assert await desk.known() == [16, 17]
        assert (await desk.state()).failures == 0

    async def test_a_fault_in_a_list_counts_as_the_source_s_own(self, desk: Desk) -> None:
        source = source_of(1)
        source.days[TODAY] = b""
        source.days["no day"] = b""  # what no list can be made of
        report = await desk.poll(source)
        assert report.error == "days could not be read for a fault of Paperboy's own (TypeError)"
        assert (await desk.state()).failures == 1

    async def test_news_are_noted_with_the_papers_that_they_are(self, desk: Desk) -> None:
        """Also where the poll does not come to its end."""
        source = source_of(2)
        gate = source.hold_back(days_ago(1))
        polling = asyncio.create_task(desk.poll(source))
        while not await desk.known():  # noqa: ASYNC110 - looked at from outside
            await asyncio.sleep(0)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        assert (await desk.state()).added_at == NOON
        gate.set()
        await desk.poll(source)
        assert (await desk.state()).reached_at == NOON
