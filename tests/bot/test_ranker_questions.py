"""What the chat asks of the ranker: real SQLite, and a model of two subjects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from two_subjects import TwoSubjects

from bot.ranking.meanings import Meanings
from bot.ranking.ranker import Ranker
from bot.ranking.space_file import SpaceFolder
from recommender.concordance import Concordance
from recommender.first_history import state, state_paper
from recommender.interests import read_interests
from recommender.objections import Muted
from recommender.rules import Rule, Rulebook, RuleKind
from recommender.shares import Liked
from recommender.values import Candidate, Interest, Paper, Vote
from recommender.wishes import Wishes
from storage import papers
from storage.database import Database

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
SHIPS = ["keel laid low", "mast raised high", "anchor of the keel", "rudder turned", "mast and rudder"]
BEES = [f"hive {word} of bees" for word in ("hums", "warms", "swarms", "feeds", "grows", "rests", "builds")]


@pytest.fixture
async def ids(database: Database) -> list[int]:
    """Store the papers, ships first."""
    async with database.writing() as session:
        found = await papers.upsert(session, [Paper(title=title) for title in (*SHIPS, *BEES)], NOW)
        return list(found.added)


@pytest.fixture
def open_ranker(database: Database, tmp_path: Path) -> Callable[[TwoSubjects | None], Ranker]:
    def make(model: TwoSubjects | None = None) -> Ranker:
        load = model.load if model else lambda: None
        return Ranker(database, Meanings(database, load), SpaceFolder(tmp_path / "space"))

    return make


Open = Callable[..., Ranker]


def say(words: str) -> list[Interest]:
    return state(read_interests(words))


def offered(ids: Sequence[int]) -> list[Candidate]:
    return [Candidate(paper_id) for paper_id in ids]


async def read_up(ranker: Ranker) -> None:
    await ranker.renew()
    await ranker.read_unread()


async def test_an_interest_picks_before_any_vote(open_ranker: Open, ids: list[int]) -> None:
    """What a reader said is picked at once, by its words, and the reason is the interest."""
    interests = say("keel, no hive")
    (pick,) = await open_ranker().pick([], offered(ids), 1, interests=interests)
    assert pick.paper_id in {ids[0], ids[2]}
    assert pick.reason is not None
    assert pick.reason.paper_id == interests[0].id


async def test_an_interest_is_heard_beside_votes(open_ranker: Open, ids: list[int]) -> None:
    """Phrases and imported papers give reasons where no vote does, the second time as the first."""
    ranker = open_ranker()
    votes, interests = [Vote(ids[5], up=True, at=NOW)], [*say("rudder"), state_paper("Keel and anchor")]
    picks = await ranker.pick(votes, offered(ids), 99, interests=interests)
    reasons = {pick.reason.paper_id for pick in picks if pick.reason}
    assert reasons == {interest.id for interest in interests}
    assert await ranker.pick(votes, offered(ids), 99, interests=interests) == picks


async def test_an_interest_of_one_reader_is_none_of_the_next(open_ranker: Open, ids: list[int]) -> None:
    """Rows are shared, tastes are not."""
    ranker = open_ranker()
    before = await ranker.pick([], offered(ids), 3)
    await ranker.pick([], offered(ids), 3, interests=say("rudder"))
    assert await ranker.pick([], offered(ids), 3) == before


async def test_the_model_reads_what_was_said_in_the_background(open_ranker: Open, ids: list[int]) -> None:
    """A word that no paper has counts once the model has read it; picking never waits for that."""
    ranker = open_ranker(model := TwoSubjects())
    await read_up(ranker)
    interests = say("sailing")
    picked = [await ranker.pick([], offered(ids), 5, interests=interests)]
    assert "sailing" not in model.read
    await ranker.read_unread()
    picked.append(await ranker.pick([], offered(ids), 5, interests=interests))
    assert [all(pick.reason for pick in picks) for picks in picked] == [False, True]
    assert {pick.paper_id for pick in picked[1]} == set(ids[: len(SHIPS)])


async def test_interests_can_be_read_at_once(open_ranker: Open, ids: list[int]) -> None:
    """Who has just stated them may have them read for the first digest; that lasts over a restart."""
    interests = [*say("sailing"), state_paper("Sailing", "A sailing abstract.")]
    for model in (TwoSubjects(), TwoSubjects()):
        ranker = open_ranker(model)
        await read_up(ranker)
        await ranker.read(interests)
        await ranker.read(interests)
        picks = await ranker.pick([], offered(ids), 5, interests=interests)
        assert {pick.paper_id for pick in picks} == set(ids[: len(SHIPS)])
        await ranker.read_unread()
    assert not [text for text in model.read if "ailing" in text]


async def test_interests_move_with_a_new_space(database: Database, open_ranker: Open, ids: list[int]) -> None:
    """A word that many new papers bring begins to count for what was said before."""
    ranker, interests = open_ranker(), say("zeppelin")
    assert await ranker.pick([], offered(ids), 3, interests=interests) == await ranker.pick(
        [], offered(ids), 3
    )
    async with database.writing() as session:
        titles = [f"zeppelin {word}" for word in ("rises", "lands", "waits", "turns", "hangs")]
        new = await papers.upsert(session, [Paper(title=title) for title in titles], NOW)
    await ranker.renew()
    picks = await ranker.pick([], offered([*ids, *new.added]), 3, interests=interests)
    assert {pick.paper_id for pick in picks} <= set(new.added)


async def test_why_names_likes_interests_and_rules(open_ranker: Open, ids: list[int]) -> None:
    """An interest is a like; a paper that was voted on meanwhile is explained all the same."""
    interests = say("keel")
    votes = [Vote(ids[1], up=True, at=NOW), Vote(ids[2], up=True, at=NOW)]
    found = await open_ranker().why(votes, Candidate(ids[2]), interests=interests)
    assert [share.source.paper_id for share in found.shares if isinstance(share.source, Liked)] == [
        interests[0].id
    ]
    mute = Rule(RuleKind.MUTE, "keel")
    rules = Rulebook.of([mute], {ids[2]: Paper(title=SHIPS[2])})
    muted = await open_ranker().why(votes, Candidate(ids[2]), Wishes(rules, recent=offered(ids)))
    assert muted.objection == Muted(mute)


async def test_search_is_by_meaning(open_ranker: Open, ids: list[int]) -> None:
    """With the model a word that no paper has finds its subject; by words alone it finds nothing."""
    knowing = open_ranker(TwoSubjects())
    await read_up(knowing)
    assert set(await knowing.search("sailing", 9)) == set(ids[: len(SHIPS)])
    assert len(await knowing.search("sailing", 2)) == 2
    plain = open_ranker()
    assert await plain.search("sailing", 9) == []
    assert set(await plain.search("rudder", 9)) >= {ids[3], ids[4]}


async def test_searches_in_a_row_load_the_model_once(open_ranker: Open, ids: list[int]) -> None:
    """It stays in memory for the next question."""
    ranker = open_ranker(model := TwoSubjects())
    await read_up(ranker)
    before = model.loads
    await ranker.search("sailing", 9)
    await ranker.search("bees", 9)
    assert model.loads == before + 1


async def test_similar_papers_share_terms(open_ranker: Open, ids: list[int]) -> None:
    """Those that were asked to be left out are; one that nobody knows has none."""
    ranker = open_ranker()
    found = {similar.paper_id: similar.terms for similar in await ranker.similar(ids[0], 9)}
    assert found[ids[2]] == ("keel",)
    assert ids[0] not in found
    assert ids[2] not in {similar.paper_id for similar in await ranker.similar(ids[0], 9, {ids[2]})}
    assert await ranker.similar(12345, 9) == []


async def test_exemplars_heed_what_was_said_and_shown(open_ranker: Open, ids: list[int]) -> None:
    """No paper that was voted on or shown comes, and an interest moves the choice."""
    ranker, votes = open_ranker(), [Vote(ids[0], up=True, at=NOW)]
    rest = await ranker.next_exemplars(offered(ids), votes, [], 99, shown=[ids[1]])
    assert sorted(rest) == ids[2:]
    silent = await ranker.next_exemplars(offered(ids), [], [], 3)
    assert await ranker.next_exemplars(offered(ids), [], say("hive, no mast"), 3) != silent


async def test_the_telling_terms_of_a_paper_stand_in_it(open_ranker: Open, ids: list[int]) -> None:
    """Any of them would mute it; a paper that nobody knows has none."""
    ranker = open_ranker()
    terms = await ranker.telling_terms(ids[4], 3)
    assert terms
    assert all(Concordance.of([Paper(title=SHIPS[4])]).find(term) for term in terms)
    assert await ranker.telling_terms(12345, 3) == ()


async def test_a_shelf_of_some_papers_can_be_had(open_ranker: Open, ids: list[int]) -> None:
    """Those alone, and none that is not known."""
    shelf = await open_ranker().shelf_of([ids[3], 12345])
    assert list(shelf.rows) == [ids[3]]
