from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import settled
from sqlalchemy.exc import StatementError

from recommender.values import Candidate, Paper, Pick, Reason, Slot, Vote
from storage import ledger, papers, search, votes
from storage.database import Database
from storage.ledger import Kind
from storage.papers import Upserted

Store = Callable[..., Awaitable[Upserted]]
DAY = timedelta(days=1)
LONG = "We present a method that finds the papers a reader would have picked. " * 10
FULL = Paper(
    title="Café & <Co>",
    abstract=LONG,
    arxiv_id="2601.00001",
    authors=("Ada Ünal", "Bob"),
    author_count=2,
    published=date(2026, 1, 3),
    published_text="Jan 3",
    featured=date(2026, 1, 4),
    upvotes=0,
    comments=1,
    summary="Short.",
    keywords=("ä", "b"),
    organization="Org",
    code_url="https://code.example",
    project_url="https://project.example",
    thumbnail_url="https://thumb.example",
    version=2,
)


def titled(*titles: str) -> list[Paper]:
    """Make papers of which only the title is known."""
    return [Paper(title=title) for title in titles]


def pick(paper_id: int, because: int | None = None) -> Pick:
    """Make a pick, with a reason that names another paper where one is given."""
    return Pick(paper_id, 0.5, Slot.TASTE, because and Reason(because, ("x", "y")))


async def all_papers(database: Database) -> dict[int, Paper]:
    """Read whatever is stored."""
    async with database.reading() as session:
        return await papers.get(session, await papers.newest(session, 10_000))


async def candidate_ids(
    database: Database, since: datetime, at_least: int = 0, chat_id: int = 1
) -> list[int]:
    """Read the ids of a chat's candidates, in their order."""
    async with database.reading() as session:
        found = await papers.candidates(session, chat_id, since=since, at_least=at_least)
    return [candidate.paper_id for candidate in found]


class TestRecent:
    async def test_recent_papers_are_those_of_the_span(
        self, database: Database, store: Store, now: datetime
    ) -> None:
        """From its first moment on, with what is known of their popularity, also what a chat has had."""
        await store(Paper(title="old"), at=now - DAY)
        await store(
            Paper(title="new", upvotes=3, comments=2, featured=date(2026, 1, 4)), *titled("newer"), at=now
        )
        async with database.writing() as session:
            await ledger.plan(session, 1, Kind.ASKED, [pick(2)], now)
            await votes.put(session, 1, 1, 3, up=True, now=now)
            found = await papers.recent(session, now)
        assert found == [Candidate(2, 3, 2, date(2026, 1, 4)), Candidate(3)]

    async def test_older_papers_are_those_that_join_where_too_few_are_new(
        self, database: Database, store: Store, now: datetime
    ) -> None:
        """In the order in which they join, whoever has had them; none that was withdrawn."""
        await store(*titled("oldest"), at=now - 3 * DAY)
        await store(*titled("old", "as old"), Paper(title="taken back", withdrawn=True), at=now - DAY)
        await store(*titled("new"), at=now)
        async with database.writing() as session:
            await votes.put(session, 1, 1, 2, up=True, now=now)
            found = await papers.older(session, now, 9)
            assert await papers.older(session, now, 2) == found[:2]
        assert found == [
            (Candidate(2), now - DAY),
            (Candidate(3), now - DAY),
            (Candidate(1), now - 3 * DAY),
        ]
        for number in (1, 2, 3):
            joined = await candidate_ids(database, now, at_least=1 + number, chat_id=2)
            assert sorted(joined) == sorted([5, *(candidate.paper_id for candidate, _ in found[:number])])


class TestUpsert:
    async def test_a_paper_comes_back_as_it_was_told(self, database: Database, store: Store) -> None:
        """Every value of a paper survives the database, nought, empty lists and odd letters too."""
        withdrawn = Paper(title="Bare", withdrawn=True)
        await store(FULL, withdrawn)
        assert await all_papers(database) == {1: FULL, 2: withdrawn}

    async def test_ids_follow_the_order_of_the_dump(self, database: Database, store: Store) -> None:
        """New papers get ids in list order, over the bounds of a batch, and are reported in it."""
        upserted = await store(*titled(*(f"paper {number}" for number in range(2_500))))
        assert list(upserted.added) == sorted(upserted.added)
        found = await all_papers(database)
        assert [found[paper_id].title for paper_id in upserted.added[998:1_002]] == [
            f"paper {number}" for number in range(998, 1_002)
        ]

    async def test_the_same_dump_again_changes_nothing(self, database: Database, store: Store) -> None:
        """A second reading of a dump adds and updates nothing."""
        await store(FULL, *titled("A", "B"))
        before = await all_papers(database)
        assert await store(FULL, *titled("A", "B")) == Upserted((), 0)
        assert await all_papers(database) == before

    async def test_one_paper_twice_in_a_dump_is_one(self, database: Database, store: Store) -> None:
        """A paper listed twice, with and without its id, is stored once with all that both tell."""
        upserted = await store(
            Paper(title="A", abstract=LONG, upvotes=4),
            Paper(title="a.", abstract=LONG, arxiv_id="1"),
            Paper(title="A", arxiv_id="1", comments=2),
        )
        assert upserted == Upserted((1,), 0)
        assert (await all_papers(database))[1] == Paper(
            title="A", abstract=LONG, arxiv_id="1", upvotes=4, comments=2
        )

    async def test_news_of_a_known_paper_is_counted(self, database: Database, store: Store) -> None:
        """More upvotes update the one paper that has them, and first seen stays."""
        await store(FULL, Paper(title="Other"))
        upserted = await store(Paper(title="x", arxiv_id=FULL.arxiv_id, upvotes=9), Paper(title="Other"))
        assert upserted == Upserted((), 1)
        assert (await all_papers(database))[1].upvotes == 9

    async def test_papers_of_one_title_stay_two(self, database: Database, store: Store) -> None:
        """Different abstracts, or different ids over the same text, are different papers."""
        await store(
            Paper(title="Editorial", abstract="On birds."), Paper(title="Editorial", abstract="On fish.")
        )
        await store(Paper(title="Note", arxiv_id="1"), Paper(title="Note", arxiv_id="2"))
        assert len(await all_papers(database)) == 4

    async def test_an_id_that_comes_later_joins_the_known_text(
        self, database: Database, store: Store
    ) -> None:
        """Text first, then the id: one paper, its row kept."""
        await store(Paper(title="A", abstract=LONG))
        assert await store(Paper(title="A\n", abstract=LONG, arxiv_id="1")) == Upserted((), 1)
        assert [paper.arxiv_id for paper in (await all_papers(database)).values()] == ["1"]

    async def test_a_text_that_comes_later_is_the_paper_with_the_id(self, store: Store) -> None:
        """The id first, then a text dump without it: one paper, its id kept."""
        await store(Paper(title="A", abstract=LONG, arxiv_id="1"))
        assert await store(Paper(title="A", abstract=LONG[:400])) == Upserted((), 0)

    async def test_an_older_wording_is_remembered(self, store: Store) -> None:
        """After title and abstract were revised, a dump with the old text still names the same paper."""
        await store(Paper(title="Old", abstract=LONG, arxiv_id="1"))
        await store(Paper(title="New", abstract="Revised.", arxiv_id="1"))
        assert (await store(Paper(title="Old", abstract=LONG))).added == ()

    async def test_times_without_zone_are_refused(self, store: Store) -> None:
        """A naive time is a bug that is told at once."""
        with pytest.raises(StatementError, match="no time zone"):
            await store(Paper(title="A"), at=datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake itself


class TestJoin:
    """A text and an id with another text are stored; then a dump brings that id with the first text."""

    @pytest.fixture
    async def join(self, store: Store, now: datetime) -> Callable[[], Awaitable[Upserted]]:
        await store(Paper(title="Text", abstract=LONG, upvotes=5))
        await store(Paper(title="Other text", arxiv_id="1", comments=2), at=now + DAY)
        return lambda: store(Paper(title="Text", abstract=LONG, arxiv_id="1"))

    async def test_the_two_become_one(
        self, database: Database, join: Callable[[], Awaitable[Upserted]]
    ) -> None:
        """The older row stays and knows what both knew; every wording names it now."""
        assert await join() == Upserted((), 1)
        joined = Paper(title="Text", abstract=LONG, arxiv_id="1", upvotes=5, comments=2)
        assert await all_papers(database) == {1: joined}

    async def test_first_seen_stays(
        self, database: Database, join: Callable[[], Awaitable[Upserted]], now: datetime
    ) -> None:
        """A joined paper was first seen when the first of the two was: it is not new a second time."""
        await join()
        assert await candidate_ids(database, now) == [1]
        assert await candidate_ids(database, now + DAY) == []

    async def test_both_wordings_name_the_joined_paper(
        self, store: Store, join: Callable[[], Awaitable[Upserted]]
    ) -> None:
        """A text dump with either wording adds nothing."""
        await join()
        assert (await store(Paper(title="Text", abstract=LONG), Paper(title="Other text"))).added == ()

    async def test_votes_follow(
        self, database: Database, join: Callable[[], Awaitable[Upserted]], now: datetime
    ) -> None:
        """Votes on both are votes on the one; of two by one person the newer stands."""
        async with database.writing() as session:
            await votes.put(session, 1, 10, 1, up=True, now=now)
            await votes.put(session, 1, 10, 2, up=False, now=now + DAY)
            await votes.put(session, 1, 11, 2, up=True, now=now + DAY)
            await votes.put(session, 2, 10, 1, up=True, now=now + DAY)
            await votes.put(session, 2, 10, 2, up=False, now=now)
        await join()
        async with database.reading() as session:
            assert await votes.of_chat(session, 1) == [
                Vote(1, up=False, at=now + DAY),
                Vote(1, up=True, at=now + DAY),
            ]
            assert await votes.of_chat(session, 2) == [Vote(1, up=True, at=now + DAY)]

    async def test_picks_and_reasons_follow(
        self, database: Database, join: Callable[[], Awaitable[Upserted]], now: datetime
    ) -> None:
        """What was delivered under the row that went stays delivered, and stays a reason."""
        async with database.writing() as session:
            await ledger.plan(session, 1, Kind.ASKED, [pick(2)], now)
            await ledger.plan(session, 2, Kind.ASKED, [pick(1, because=2)], now)
        await join()
        assert await candidate_ids(database, now - DAY) == []
        async with database.reading() as session:
            digest = await ledger.get(session, 2, 2)
        assert digest is not None
        assert digest.picks == (pick(1, because=1),)

    async def test_a_planned_digest_names_the_paper_once(
        self, database: Database, join: Callable[[], Awaitable[Upserted]], now: datetime
    ) -> None:
        """Two planned picks that turn out to be one paper are sent as one."""
        async with database.writing() as session:
            await ledger.plan(session, 1, Kind.ASKED, [pick(2), pick(1)], now)
        await join()
        async with database.reading() as session:
            digest = await ledger.get(session, 1, 1)
        assert digest is not None
        assert [pick.paper_id for pick in digest.picks] == [1]

    async def test_a_sent_digest_stays_as_it_was_sent(
        self, database: Database, join: Callable[[], Awaitable[Upserted]], now: datetime
    ) -> None:
        """Two picks that were sent and turn out to be one paper keep their places in the message."""
        async with database.writing() as session:
            await ledger.plan(session, 1, Kind.ASKED, [pick(2), pick(1)], now)
            await ledger.claim(session, now, DAY, 1)
        await join()
        async with database.reading() as session:
            digest = await ledger.get(session, 1, 1)
        assert digest is not None
        assert [pick.paper_id for pick in digest.picks] == [1, 1]


class TestSample:
    async def test_the_sample_leaves_with_all_of_it(
        self, database: Database, store: Store, now: datetime
    ) -> None:
        """Removing the sample takes its papers, their votes and picks, and reasons that name them."""
        await store(*titled("S1", "S2"), sample=True)
        await store(Paper(title="Real"))
        async with database.writing() as session:
            await votes.put(session, 1, 1, 1, up=True, now=now)
            await ledger.plan(session, 1, Kind.ASKED, [pick(3, because=1), pick(2)], now)
            assert await papers.count_samples(session) == 2
            assert await papers.remove_samples(session) == 2
            assert (await papers.count(session), await papers.count_samples(session)) == (1, 0)
            assert await votes.of_chat(session, 1) == []
            digest = await ledger.get(session, 1, 1)
        assert digest is not None
        assert digest.picks == (pick(3),)

    async def test_a_sample_that_is_real_stays(self, database: Database, store: Store) -> None:
        """A sample paper that a real dump names is no sample any more, and no sample makes a real one one."""
        await store(*titled("A", "B"), sample=True)
        await store(Paper(title="A"))
        await store(Paper(title="A"), sample=True)
        async with database.writing() as session:
            assert await papers.remove_samples(session) == 1

    async def test_a_sample_joined_with_a_real_paper_is_real(self, database: Database, store: Store) -> None:
        """A sample that turns out to be a stored real paper does not take it along when it leaves."""
        await store(Paper(title="A", abstract=LONG), sample=True)
        await store(Paper(title="B", arxiv_id="1"))
        await store(Paper(title="A", abstract=LONG, arxiv_id="1"), sample=True)
        async with database.reading() as session:
            assert (await papers.count(session), await papers.count_samples(session)) == (1, 0)

    async def test_ids_are_never_used_again(self, database: Database, store: Store) -> None:
        """A paper that came after a removed one does not get its id."""
        await store(Paper(title="A"), sample=True)
        async with database.writing() as session:
            await papers.remove_samples(session)
        assert (await store(Paper(title="B"))).added == (2,)


class TestReading:
    async def test_unknown_ids_are_left_out(self, database: Database, store: Store) -> None:
        """Asked for ids it has and has not, it gives those that it has; for none, nothing."""
        await store(Paper(title="A", abstract="Long."))
        async with database.reading() as session:
            assert await papers.get(session, [1, 99]) == {1: Paper(title="A", abstract="Long.")}
            assert await papers.texts(session, iter([99, 1])) == {1: "A. Long."}
            assert await papers.get(session, []) == await papers.texts(session, []) == {}

    async def test_more_ids_than_a_statement_takes(self, database: Database, store: Store) -> None:
        """Any number of ids may be asked for at once."""
        await store(Paper(title="A"))
        async with database.reading() as session:
            assert await papers.texts(session, range(40_000)) == {1: "A"}

    async def test_newest_first(self, database: Database, store: Store, now: datetime) -> None:
        """The newest come first, the later of one dump before the earlier, and no more than asked for."""
        await store(*titled("A", "B"), at=now)
        await store(Paper(title="Old"), at=now - DAY)
        async with database.reading() as session:
            assert list((await papers.newest(session, 2)).items()) == [(2, "B"), (1, "A")]
            assert list(await papers.newest(session, 9)) == [2, 1, 3]


class TestCandidates:
    async def test_the_window_is_bounded_below(self, database: Database, store: Store, now: datetime) -> None:
        """A paper first seen at the very moment is in; one seen before it is not."""
        await store(Paper(title="In"), at=now)
        await store(Paper(title="Out"), at=now - timedelta(microseconds=1))
        assert await candidate_ids(database, now) == [1]

    async def test_what_is_told_of_popularity(self, database: Database, store: Store, now: datetime) -> None:
        """A candidate carries the list's counts and day; what is not known of them is nought or None."""
        await store(FULL, Paper(title="Bare"), at=now)
        async with database.reading() as session:
            assert await papers.candidates(session, 1, since=now, at_least=0) == [
                Candidate(2),
                Candidate(1, upvotes=0, comments=1, featured=date(2026, 1, 4)),
            ]

    async def test_list_order(self, database: Database, store: Store, now: datetime) -> None:
        """The newest list comes first, each in its own order; a paper of no list counts by when it came."""
        await store(
            Paper(title="old list", featured=date(2026, 1, 29)),
            Paper(title="new list, first", featured=date(2026, 1, 30)),
            Paper(title="new list, second", featured=date(2026, 1, 30)),
            Paper(title="no list"),
        )
        assert await candidate_ids(database, now) == [4, 2, 3, 1]

    async def test_a_thin_window_is_widened(self, database: Database, store: Store, now: datetime) -> None:
        """Where too few are left, the newest older ones join, of one dump the first, just as many as lack."""
        await store(*titled("oldest"), at=now - 3 * DAY)
        await store(*titled("older 1", "older 2"), at=now - 2 * DAY)
        await store(*titled("new"), at=now)
        assert await candidate_ids(database, now, at_least=2) == [4, 2]
        assert await candidate_ids(database, now, at_least=9) == [4, 2, 3, 1]

    @pytest.mark.parametrize(
        ("state", "again"), [("planned", False), ("sending", False), ("sent", False), ("failed", True)]
    )
    async def test_what_was_delivered_is_no_candidate(
        self, database: Database, store: Store, now: datetime, state: str, *, again: bool
    ) -> None:
        """A paper that was or will be sent to this chat is left out; one of a failed digest is not."""
        await store(Paper(title="A"))
        async with database.writing() as session:
            digest_id = await ledger.plan(session, 1, Kind.ASKED, [pick(1)], now)
            assert digest_id
            if state != "planned":
                await ledger.claim(session, now, DAY, 1)
            if state == "sent":
                await settled.sent(session, digest_id, 1, now)
            if state == "failed":
                await settled.failed(session, digest_id, "no", now)
        assert await candidate_ids(database, now, at_least=5) == ([1] if again else [])
        assert await candidate_ids(database, now, chat_id=2) == [1]

    async def test_what_was_voted_on_is_no_candidate(
        self, database: Database, store: Store, now: datetime
    ) -> None:
        """A vote in this chat leaves a paper out; a vote elsewhere does not."""
        await store(*titled("A", "B"))
        async with database.writing() as session:
            await votes.put(session, 1, 7, 1, up=False, now=now)
        assert await candidate_ids(database, now, at_least=5) == [2]
        assert await candidate_ids(database, now, at_least=5, chat_id=2) == [1, 2]

    async def test_what_was_withdrawn_is_no_candidate(
        self, database: Database, store: Store, now: datetime
    ) -> None:
        """Nor is it among the recent papers that others are measured by; a search finds it still."""
        await store(Paper(title="Kites"), Paper(title="Kites withdrawn", arxiv_id="1", withdrawn=True))
        assert await candidate_ids(database, now, at_least=5) == [1]
        async with database.reading() as session:
            assert [paper.paper_id for paper in await papers.recent(session, now)] == [1]
            assert sorted(await search.find(session, search.Query("kites"), 9)) == [1, 2]

    async def test_an_empty_database_has_none(self, database: Database) -> None:
        """Where there are no papers there is nothing to pick from."""
        assert await candidate_ids(database, datetime(2026, 1, 1, tzinfo=UTC), at_least=5) == []
