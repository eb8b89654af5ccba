"""The shelf kept up with the database and the model: real SQLite, and a model of two subjects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from two_subjects import TwoSubjects

from bot.ranking.meanings import Meanings
from bot.ranking.model_files import ModelError
from bot.ranking.ranker import Ranker
from bot.ranking.space_file import SpaceFolder
from recommender.values import Candidate, Paper, Vote
from storage import papers
from storage.database import Database

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)


async def store(database: Database, titles: Sequence[str]) -> list[int]:
    async with database.writing() as session:
        found = await papers.upsert(session, [Paper(title=title) for title in titles], NOW)
        return list(found.added)


def ranker(database: Database, tmp_path: Path, model: TwoSubjects | None) -> Ranker:
    return Ranker(database, Meanings(database, lambda: model), SpaceFolder(tmp_path / "space"))


TITLES = [
    "keel laid",
    "mast raised",
    "anchor dropped",
    "rudder turned",
    *(f"hive {n} hums" for n in range(8)),
]


async def best_for(ranker: Ranker, liked: int, others: Sequence[int]) -> int:
    (pick,) = await ranker.pick([Vote(liked, up=True, at=NOW)], [Candidate(id_) for id_ in others], 1)
    return pick.paper_id


async def test_the_model_ranks_once_it_has_read(database: Database, tmp_path: Path) -> None:
    """Before, papers without a common word are equal; then those of one meaning are near."""
    ids = await store(database, TITLES)
    keel, mast, hive = ids[0], ids[1], ids[4]
    reading = ranker(database, tmp_path, TwoSubjects())
    await reading.renew()
    await reading.read_unread()
    assert await best_for(reading, keel, [hive, mast]) == mast


async def test_each_text_is_read_once(database: Database, tmp_path: Path) -> None:
    """Vectors are kept in the database: a second run reads only what came since, the newest first."""
    await store(database, TITLES)
    model = TwoSubjects()
    first = ranker(database, tmp_path, model)
    await first.renew()
    await first.read_unread()
    await first.read_unread()
    assert sorted(model.read) == sorted(TITLES)
    await store(database, ["keel again", "hive again"])
    second, model = ranker(database, tmp_path, later := TwoSubjects()), later
    await second.renew()
    await second.read_unread()
    assert model.read == ["hive again", "keel again"]


async def test_without_a_model_words_rank(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A model that is missing is said once, and costs nothing but itself."""

    def missing() -> None:
        raise ModelError("no model here")

    ids = await store(database, [*TITLES, "keel and hull"])
    plain = Ranker(database, Meanings(database, missing), SpaceFolder(tmp_path / "space"))
    await plain.renew()
    await plain.read_unread()
    assert await best_for(plain, ids[0], [ids[4], ids[-1]]) == ids[-1]
    assert caplog.text.count("ranking by words alone: no model here") == 1


async def test_a_restart_ranks_as_before(database: Database, tmp_path: Path) -> None:
    """The space is taken up again, not fitted anew on the few papers that came since."""
    ids = await store(database, TITLES)
    first = ranker(database, tmp_path, None)
    await first.renew()
    before = await first.pick([Vote(ids[4], up=True, at=NOW)], [Candidate(id_) for id_ in ids[5:]], 3)
    await store(database, ["hive once more"])
    second = ranker(database, tmp_path, None)
    await second.renew()
    after = await second.pick([Vote(ids[4], up=True, at=NOW)], [Candidate(id_) for id_ in ids[5:]], 3)
    assert after == before


async def test_a_space_of_another_model_is_left_aside(database: Database, tmp_path: Path) -> None:
    """Without the model that a space was fitted with, it is fitted anew on words."""
    ids = await store(database, [*TITLES, "keel and hull"])
    first = ranker(database, tmp_path, TwoSubjects())
    await first.renew()
    await first.read_unread()
    second = ranker(database, tmp_path, None)
    await second.renew()
    assert await best_for(second, ids[0], [ids[4], ids[-1]]) == ids[-1]


async def test_many_new_papers_bring_their_words(database: Database, tmp_path: Path) -> None:
    """When a quarter has come anew the space is fitted again, and words never seen begin to count."""
    await store(database, TITLES)
    growing = ranker(database, tmp_path, None)
    await growing.renew()
    ids = await store(database, ["zeppelin one", "zeppelin two", "tulip one", "tulip two", "tulip three"])
    await growing.renew()
    assert await best_for(growing, ids[0], [ids[2], ids[3], ids[1]]) == ids[1]


async def test_a_model_that_breaks_costs_no_fit_after_fit(database: Database, tmp_path: Path) -> None:
    """Where the model cannot be loaded a second time, papers stay unread and the space stays as it is."""
    await store(database, TITLES)
    loads = iter([TwoSubjects()])

    def load() -> TwoSubjects:
        try:
            return next(loads)
        except StopIteration:
            raise ModelError("gone meanwhile") from None

    spaces = SpaceFolder(tmp_path / "space")
    breaking = Ranker(database, Meanings(database, load), spaces)
    await breaking.renew()
    (kept,) = (tmp_path / "space").iterdir()
    kept.unlink()
    await breaking.read_unread()
    assert spaces.load() is None


async def test_a_model_that_comes_back_is_used_at_once(database: Database, tmp_path: Path) -> None:
    """After a run without the model, vectors from before suffice to fit the space with it again."""
    ids = await store(database, TITLES)
    for model in (TwoSubjects(), None, TwoSubjects()):
        last = ranker(database, tmp_path, model)
        await last.renew()
        await last.read_unread()
    assert await best_for(last, ids[0], [ids[4], ids[1]]) == ids[1]


async def test_vectors_of_a_model_that_was_replaced_go(database: Database, tmp_path: Path) -> None:
    """Once another model has read the papers, the old one's vectors are of no use to anyone."""

    class Successor(TwoSubjects):
        fingerprint = "successor"

    (keel, *_) = await store(database, TITLES)
    for model in (TwoSubjects(), Successor()):
        reading = ranker(database, tmp_path, model)
        await reading.renew()
        await reading.read_unread()
    known = {
        model.fingerprint: await Meanings(database, lambda model=model: model).known({keel: TITLES[0]})
        for model in (TwoSubjects(), Successor())
    }
    assert [len(found) for found in known.values()] == [0, 1]


async def test_a_paper_that_became_another_is_on_the_shelf_no_more(
    database: Database, tmp_path: Path
) -> None:
    """It takes nobody's place among what is found."""
    text = "The hull is drawn along the keel, and the mast is raised above it by four riggers. " * 3
    async with database.writing() as session:
        kept, gone = (
            await papers.upsert(
                session,
                [Paper(title="hull", abstract=text), Paper(title="hull drawn", arxiv_id="1", abstract=text)],
                NOW,
            )
        ).added
    await store(database, TITLES)
    shelved = ranker(database, tmp_path, None)
    await shelved.renew()
    assert [similar.paper_id for similar in await shelved.similar(kept, 1)] == [gone]
    async with database.writing() as session:
        await papers.upsert(session, [Paper(title="hull", abstract=text, arxiv_id="1")], NOW)
    await shelved.renew()
    assert gone not in [similar.paper_id for similar in await shelved.similar(kept, 99)]
    assert set((await shelved.shelf_of([kept, gone])).rows) == {kept}


async def test_the_sample_leaves_the_shelf_too(database: Database, tmp_path: Path) -> None:
    """And the model does not read what has left."""
    async with database.writing() as session:
        (sample,) = (await papers.upsert(session, [Paper(title="keel and mast")], NOW, sample=True)).added
    await store(database, TITLES)
    shelved = ranker(database, tmp_path, model := TwoSubjects())
    await shelved.renew()
    async with database.writing() as session:
        await papers.remove_samples(session)
    await shelved.renew()
    await shelved.read_unread()
    assert sorted(model.read) == sorted(TITLES)
    assert not (await shelved.shelf_of([sample])).rows
