"""What a reader brings becomes theirs alone, adds to what is there, and comes again unchanged."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.formats.collection import MOST_INTERESTS, Collection, Entry
from bot.formats.exporting import gather_all
from bot.formats.importing import Owner, Taken, recognise, take_in
from bot.formats.json_writing import write_json
from bot.formats.reading import read_collection
from recommender.concordance import Field
from recommender.first_history import state, state_paper
from recommender.interests import Interests
from recommender.rules import MOST_RULES, Rule, RuleKind
from recommender.values import Paper
from storage import interests, papers, rules, saved, votes
from storage.database import Database

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LONG_AGO = datetime(2020, 2, 2, tzinfo=UTC)
ME, OTHER = Owner(7, 7), Owner(8, 8)
ADA = Paper(
    title="Sailing by the stars alone",
    abstract="Stars tell where a boat is. " * 9,
    arxiv_id="2601.00001",
    authors=("Ada Lovelace", "Bo Two"),
    published=NOW.date(),
    keywords=("stars",),
)
EVE = Paper(title="Bees that count to four, and no further", abstract="Bees count.", authors=("Eve Li",))


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[AsyncSession]:
    """A transaction of a database that knows two papers: 1, which has an arXiv id, and 2, which has none."""
    database = Database(f"sqlite:///{tmp_path / 'paperboy.db'}")
    await database.open()
    async with database.writing() as session:
        await papers.upsert(session, [ADA, EVE], NOW)
        yield session
    await database.close()


async def bring(session: AsyncSession, *entries: Entry, owner: Owner = ME) -> Taken:
    return await take_in(session, owner, Collection(entries), NOW)


@pytest.mark.parametrize(
    ("entry", "paper_id"),
    [
        (Entry(title="another title", arxiv_id="2601.00001"), 1),
        (Entry(title="SAILING by the Stars: alone!"), 1),
        (Entry(title=ADA.title, abstract=ADA.abstract), 1),
        (Entry(title="Sailing by the stars alone Lovelace"), 1),
        (Entry(title="Sailing by the stars alone Lovelace Two"), 1),
        (Entry(title="Sailing by the stars alone Nobody"), None),
        (Entry(title=ADA.title, arxiv_id="2601.00002"), None),
        (Entry(title=EVE.title, arxiv_id="2601.00002"), 2),
        (Entry(title="Bees"), None),
    ],
)
async def test_a_paper_is_known_by_id_or_wording_or_title(
    session: AsyncSession, entry: Entry, paper_id: int | None
) -> None:
    assert (await recognise(session, [entry])).get(0) == paper_id


async def test_a_title_that_two_papers_bear_is_nobodys(session: AsyncSession) -> None:
    await papers.upsert(session, [Paper(title=ADA.title, abstract="Another.", arxiv_id="2601.00009")], NOW)
    assert await recognise(session, [Entry(title=ADA.title)]) == {}


async def test_a_library_without_votes_is_liked(session: AsyncSession) -> None:
    assert await bring(session, Entry(title=EVE.title)) == Taken(known=1, liked=1)
    assert [(vote.paper_id, vote.up) for vote in await votes.of_chat(session, 7)] == [(2, True)]


async def test_votes_saved_papers_and_notes_are_taken_over(session: AsyncSession) -> None:
    down = Entry(title=EVE.title, up=False, at=LONG_AGO)
    kept = Entry(title=ADA.title, saved=True, note="for Monday", at=LONG_AGO)
    assert await bring(session, down, kept) == Taken(known=2, disliked=1, saved=1)
    assert [(v.paper_id, v.up, v.at) for v in await votes.of_chat(session, 7)] == [(2, False, LONG_AGO)]
    (one,) = await saved.of_chat(session, 7, limit=9)
    assert (one.paper_id, one.note, one.at) == (1, "for Monday", LONG_AGO)


async def test_a_vote_that_is_as_new_or_newer_stands(session: AsyncSession) -> None:
    await votes.put(session, 7, 7, 2, up=False, now=NOW)
    older = Entry(title=EVE.title, up=True, at=NOW - timedelta(days=1))
    assert (await bring(session, older, Entry(title=EVE.title))).is_nothing
    assert [vote.up for vote in await votes.of_chat(session, 7)] == [False]


async def test_a_newer_vote_of_the_file_replaces_an_older_one(session: AsyncSession) -> None:
    await votes.put(session, 7, 7, 2, up=False, now=LONG_AGO)
    assert (await bring(session, Entry(title=EVE.title, up=True, at=NOW))).liked == 1
    assert [vote.up for vote in await votes.of_chat(session, 7)] == [True]


async def test_a_note_of_ones_own_stands(session: AsyncSession) -> None:
    await saved.put(session, 7, 1, NOW)
    await saved.annotate(session, 7, 1, "mine")
    await bring(session, Entry(title=ADA.title, saved=True, note="theirs"))
    (one,) = await saved.of_chat(session, 7, limit=9)
    assert one.note == "mine"


async def test_dates_are_never_in_the_future_nor_before_all_time(session: AsyncSession) -> None:
    ahead = Entry(title=ADA.title, at=NOW + timedelta(days=9))
    before = Entry(title=EVE.title, at=datetime.min.replace(tzinfo=UTC))
    await bring(session, ahead, before)
    moments = {vote.paper_id: vote.at for vote in await votes.of_chat(session, 7)}
    assert moments == {1: NOW, 2: datetime(1970, 1, 1, tzinfo=UTC)}


async def test_likes_without_a_date_are_older_than_every_vote(session: AsyncSession) -> None:
    await votes.put(session, 7, 7, 1, up=True, now=LONG_AGO)
    await bring(session, Entry(title=EVE.title))
    assert [vote.paper_id for vote in await votes.of_chat(session, 7)] == [2, 1]


async def test_an_unknown_paper_guides_this_chat_and_no_other(session: AsyncSession) -> None:
    stranger = Entry(title="On wholly other matters", abstract="Matters.")
    unwanted = Entry(title="On matters to be left alone", up=False)
    assert await bring(session, stranger, unwanted) == Taken(guiding=2)
    stated = await interests.of_chat(session, 7)
    assert {(said.phrase, said.text, said.wanted) for said in stated} == {
        ("On wholly other matters", "On wholly other matters. Matters.", True),
        ("On matters to be left alone", "On matters to be left alone", False),
    }
    assert await interests.of_chat(session, 8) == []
    assert await papers.count(session) == 2


async def test_an_unknown_paper_that_was_only_saved_is_told_of_and_no_like(session: AsyncSession) -> None:
    assert await bring(session, Entry(title="On wholly other matters", saved=True)) == Taken(unknown=1)
    assert await interests.of_chat(session, 7) == []


async def test_the_same_file_again_changes_nothing(session: AsyncSession) -> None:
    rule = Rule(RuleKind.MUTE, "crypto", Field.ANY)
    entries = (
        Entry(title=ADA.title, saved=True, up=True, note="n", at=LONG_AGO),
        Entry(title=EVE.title),
        Entry(title="On wholly other matters"),
    )
    brought = Collection(entries, (("robots", True), ("law", False)), (rule,))
    first = await take_in(session, ME, brought, NOW)
    assert first == Taken(known=2, liked=2, saved=1, guiding=1, stated=2, ruled=1)
    before = await gather_all(session, 7)
    again = await take_in(session, ME, brought, NOW + timedelta(days=1))
    assert again.is_nothing
    assert await gather_all(session, 7) == before


async def test_what_was_said_of_an_interest_stands(session: AsyncSession) -> None:
    await interests.put(session, 7, state(Interests(unwanted=("robots",))), NOW)
    assert (await take_in(session, ME, Collection(interests=(("robots", True),)), NOW)).is_nothing
    assert [said.wanted for said in await interests.of_chat(session, 7)] == [False]


async def test_what_there_is_no_room_for_is_told(
    session: AsyncSession,
) -> None:
    full = [state_paper(f"Paper number {n}") for n in range(MOST_INTERESTS - 1)]
    await interests.put(session, 7, full, NOW)
    taken = await bring(session, *(Entry(title=f"Quite another paper {n}") for n in range(3)))
    assert (taken.guiding, taken.beyond) == (1, 2)


async def test_rules_beyond_the_limit_are_told(session: AsyncSession) -> None:
    many = tuple(Rule(RuleKind.MUTE, f"word{n}") for n in range(MOST_RULES + 2))
    taken = await take_in(session, ME, Collection(rules=many), NOW)
    assert (taken.ruled, taken.beyond) == (MOST_RULES, 2)
    assert await rules.count(session, 7) == MOST_RULES


async def test_an_export_holds_one_chat_and_comes_back_whole(session: AsyncSession) -> None:
    """Through the bytes of the file, into a chat that knows nothing."""
    await votes.put(session, 7, 7, 2, up=False, now=LONG_AGO)
    await votes.put(session, 7, 7, 1, up=True, now=NOW)
    await saved.put(session, 7, 1, NOW)
    await saved.annotate(session, 7, 1, "read\nthis")
    await interests.put(session, 7, state(Interests(("robots",), ("law",))), NOW)
    await interests.put(session, 7, [state_paper("On other matters", "Matters.", wanted=False)], NOW)
    await rules.put(session, 7, Rule(RuleKind.FOLLOW, "Eve Li"), NOW)
    await votes.put(session, 8, 8, 2, up=True, now=NOW)

    told = await gather_all(session, 7)
    body = write_json(told)
    await votes.take_back(session, 8, 8, 2)
    await take_in(session, OTHER, read_collection(body, "paperboy.json"), NOW)
    assert await gather_all(session, 8) == told
    assert len(told.entries) == 3


async def test_of_several_votes_in_a_group_the_newest_is_exported(session: AsyncSession) -> None:
    await votes.put(session, 7, 1, 1, up=True, now=LONG_AGO)
    await votes.put(session, 7, 2, 1, up=False, now=NOW)
    assert [entry.up for entry in (await gather_all(session, 7)).entries] == [False]
