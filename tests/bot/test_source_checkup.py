"""What the doctor finds of the sources, played by a stand-in over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import Hourglass, open_at, unhurried_web
from town import Clock

from benchmarks.newsstand import Newsstand, invent
from bot.checkups.findings import Finding, Health
from bot.checkups.sources import examine_sources
from bot.polling.poller import poll
from bot.settings import Settings
from storage.database import Database

FIRST = date(2026, 11, 2)  # a Monday
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday
CALM = timedelta(days=3)


@dataclass
class Practice:
    """A doctor, and the one source that is looked at."""

    stand: Newsstand
    clock: Clock
    settings: Settings

    async def poll(self, backfill: timedelta = CALM) -> None:
        database = Database(self.settings.database)
        await database.open()
        async with unhurried_web(Hourglass()) as web:
            sources = open_at(self.stand, web, self.clock, self.settings.source_names)
            await poll(sources, database, self.clock, backfill)
        await database.close()

    async def examine(self) -> Finding:
        """Look at the source."""
        finding, _ = await examine_sources(self.settings, self.clock())
        return finding


@pytest.fixture
async def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Practice]:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    clock = Clock(NOW)
    async with Newsstand(invent(FIRST, 21, beside=3), clock) as stand:
        settings = Settings(
            _env_file=None, data_dir=tmp_path, dumps_dir=None, hf_endpoint=stand.url, backfill_days=CALM.days
        )
        yield Practice(stand, clock, settings)


async def test_a_source_that_was_read_and_answers_is_well(practice: Practice) -> None:
    """It is asked once, and only whether what is known of it has changed."""
    await practice.poll()
    practice.clock.pass_by(minutes=5)
    before = practice.stand.count()
    found = await practice.examine()
    assert (found.health, found.part) == (Health.WELL, "huggingface")
    first, standing, week = found.says.split("\n")
    assert first == "answers"
    assert standing == "read 5 minutes ago, last new paper 5 minutes ago"
    assert week.replace("\N{NO-BREAK SPACE}", " ").startswith("Sa – · Su – · Mo – · Tu ")
    assert week.endswith(" (– not read)")
    assert practice.stand.count() == before + 1
    assert practice.stand.asked[-1].status == 304


async def test_a_source_that_is_down_but_was_read_an_hour_ago_is_a_hint(practice: Practice) -> None:
    await practice.poll()
    practice.clock.pass_by(hours=1)
    practice.stand.answer_status(404)
    found = await practice.examine()
    assert found.health is Health.HINT
    assert "404" in found.says
    assert "read 1 hour ago" in found.says


@pytest.mark.parametrize("known", [True, False])
async def test_a_source_that_is_down_for_a_day_or_always_was_is_broken(
    practice: Practice, known: bool
) -> None:
    if known:
        await practice.poll()
        practice.clock.pass_by(hours=25)
    practice.stand.answer_status(404)
    found = await practice.examine()
    assert found.health is Health.BROKEN
    assert ("`paperboy poll` reads" in found.says) is known
    assert ("`paperboy poll` tries again" in found.says) is not known


async def test_why_it_fails_is_told_once(practice: Practice) -> None:
    practice.stand.answer_status(404)
    await practice.poll(timedelta(0))
    found = await practice.examine()
    assert "1 try failed: as it does now" in found.says
    assert found.says.count("404") == 1  # the API's, and the page's likewise


async def test_days_that_are_missing_come_with_the_command_that_reads_them(practice: Practice) -> None:
    await practice.poll()
    practice.clock.pass_by(days=4)
    found = await practice.examine()
    assert found.health is Health.HINT
    assert "3 days are still to be read." in found.says
    assert "`paperboy poll --backfill 3d` reads the days that are missing" in found.says
    await practice.poll(timedelta(days=3))
    assert (await practice.examine()).health is Health.WELL


async def test_who_wants_to_know_more_days_is_told_that_they_are_missing(practice: Practice) -> None:
    await practice.poll()
    practice.settings = practice.settings.model_copy(update={"backfill_days": CALM.days + 2})
    found = await practice.examine()
    assert (found.health, "2 days are still to be read." in found.says) == (Health.HINT, True)


async def test_a_source_that_asked_to_be_left_alone_is_not_asked(practice: Practice) -> None:
    practice.stand.answer_status(429, retry_after="600")
    await practice.poll()
    before = practice.stand.count()
    found = await practice.examine()
    assert practice.stand.count() == before
    assert "is not asked now, for it asked to be left alone" in found.says
    assert "It is asked again in 10 minutes." in found.says
    assert "`paperboy poll` waits for that too" in found.says


@pytest.fixture
def folder(practice: Practice, tmp_path: Path) -> Path:
    """Make a folder the one source."""
    folder = tmp_path / "dumps"
    folder.mkdir()
    practice.settings = practice.settings.model_copy(update={"dumps_dir": folder, "sources": ()})
    return folder


async def test_of_a_folder_the_files_are_counted(practice: Practice, folder: Path) -> None:
    empty = await practice.examine()
    assert (empty.health, empty.says.split(":")[0]) == (Health.HINT, "holds no files yet")
    for name in "ab":
        (folder / f"{name}.json").write_text("[]")
    assert (await practice.examine()).says == "holds 2 files\nnot read yet\n`paperboy poll` reads it now"


async def test_a_name_that_is_no_folder_comes_with_the_names_that_there_are(practice: Practice) -> None:
    practice.settings = practice.settings.model_copy(update={"sources": ("huggingfce",)})
    found = await practice.examine()
    assert found.health is Health.BROKEN
    assert "no such file or directory" in found.says
    assert "huggingface, arxiv:cs.AI+cs.CL" in found.says
    assert "reads it now" not in found.says


async def test_no_password_of_a_mirror_is_told(practice: Practice) -> None:
    address = practice.stand.url.replace("://", "://owner:t0ps3cret@")
    mirrors = {"hf_endpoint": address, "arxiv_api": address}
    practice.settings = practice.settings.model_copy(update=mirrors)
    found = await examine_sources(practice.settings, NOW)
    assert "looked up at http://127.0.0.1" in found[-1].says
    assert "t0ps3cret" not in str(found)


async def test_what_is_no_list_of_papers_is_a_hint_though_it_was_read(
    practice: Practice, folder: Path
) -> None:
    (folder / "a.json").write_text('{"shape": "of tomorrow"}')
    await practice.poll()
    found = await practice.examine()
    assert found.health is Health.HINT
    assert "I find no list of papers in it." in found.says
    assert "`paperboy parse` says what is wrong" in found.says


async def test_a_database_that_cannot_be_read_leaves_what_is_so_now(
    practice: Practice, tmp_path: Path
) -> None:
    (tmp_path / "in-the-way").write_text("")
    practice.settings = practice.settings.model_copy(update={"data_dir": tmp_path / "in-the-way"})
    found = await practice.examine()
    assert (found.health, found.says) == (Health.HINT, "answers")


@pytest.mark.parametrize(("lookup", "words"), [(True, "on: "), (False, "off, as ARXIV_LOOKUP=false")])
async def test_whether_ids_are_looked_up_is_told(practice: Practice, lookup: bool, words: str) -> None:
    settings = practice.settings.model_copy(update={"arxiv_lookup": lookup})
    _, told = await examine_sources(settings, NOW)
    assert told.says.startswith(words)


async def test_no_source_at_all_is_broken(practice: Practice) -> None:
    (found,) = await examine_sources(practice.settings.model_copy(update={"sources": ()}), NOW)
    assert found == Finding(Health.BROKEN, "Sources", "none: set DUMPS_DIR or SOURCES")
