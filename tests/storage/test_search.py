"""Search by words: what is found, in which order, and that nothing a reader writes is syntax."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper
from storage import votes
from storage.database import Database
from storage.search import Query, find, meeting

HERE, THERE = 5, 6
MANY = 99
DAY = timedelta(days=1)
GRAPHS, BIRDS, FISH, LEARNING = 1, 2, 3, 4
SHELF = (
    Paper(
        title="Graph transformers for molecules",
        abstract="We train self-supervised networks.",
        authors=("Ada Ünal", "Bo Li"),
        published=date(2026, 1, 10),
        organization="Deep Pond Lab",
    ),
    Paper(title="Birds", abstract="They sing of graphs.", authors=("Alice Liddell",)),
    Paper(title="Fish", abstract="They swim.", authors=("Graham Pond",)),
    Paper(title="关于机器学习的方法", abstract="A survey of BERT.", authors=("王小明",)),
)


@pytest.fixture
async def session(
    database: Database, store: Callable[..., Awaitable[object]], now: datetime
) -> AsyncIterator[AsyncSession]:
    """Open a transaction on the shelf, of which each paper came a day after the one before."""
    for day, paper in enumerate(SHELF):
        await store(paper, at=now + day * DAY)
    async with database.writing() as session:
        yield session


async def found(session: AsyncSession, words: str = "", author: str = "") -> list[int]:
    """Find papers by words."""
    return await find(session, Query(words, author), MANY)


class TestWords:
    async def test_all_words_must_stand_in_it(self, session: AsyncSession) -> None:
        """In whichever part of the paper each stands, and whatever the order and the capitals."""
        assert await found(session, "Pond MOLECULES ada") == [GRAPHS]
        assert await found(session, "graph swim") == []

    async def test_a_word_is_met_in_its_forms(self, session: AsyncSession) -> None:
        """Plurals and endings do not count."""
        assert await found(session, "transformer trained") == [GRAPHS]
        assert await found(session, "singing") == [BIRDS]

    async def test_a_title_counts_more_than_an_abstract(self, session: AsyncSession) -> None:
        """Of two papers with the word, the one that is called by it is first."""
        assert await found(session, "graph") == [GRAPHS, BIRDS]

    async def test_signs_between_words_do_not_count(self, session: AsyncSession) -> None:
        """A word is found by its parts, its parts by the word, and signs that stand alone are passed over."""
        assert await found(session, "self supervised") == [GRAPHS]
        assert await found(session, "Self-Supervised") == [GRAPHS]
        assert await found(session, "graph_molecules - _ ada") == [GRAPHS]

    async def test_the_last_word_may_be_half_typed(self, session: AsyncSession) -> None:
        """Where no paper has all the words, the last one is a beginning, if it is long enough to tell."""
        assert await found(session, "graph molec") == [GRAPHS]
        assert await found(session, "molec graph") == []
        assert await found(session, "mo") == []

    async def test_a_whole_word_is_no_beginning(self, session: AsyncSession) -> None:
        """A word that is found as it stands brings no other words that begin with it."""
        assert await found(session, author="Li") == [GRAPHS]

    async def test_authors_are_found_by_name(self, session: AsyncSession) -> None:
        """A name in a title or an organization is no author's, and half of one may do."""
        assert await found(session, author="pond") == [FISH]
        assert await found(session, author="alice lidd") == [BIRDS]
        assert await found(session, "graph", author="Alice") == [BIRDS]

    async def test_letters_may_be_composed_either_way(self, session: AsyncSession) -> None:
        """An umlaut of two code points is the same letter."""
        assert await found(session, author="U\u0308nal") == [GRAPHS]

    async def test_words_without_spaces_are_found_in_the_text(self, session: AsyncSession) -> None:
        """A Chinese word is found within its sentence, a name among the authors, beside other words."""
        assert await found(session, "学习") == [LEARNING]
        assert await found(session, "学习 bert") == [LEARNING]
        assert await found(session, "学习", author="小明") == [LEARNING]
        assert await found(session, "学习 fish") == []
        assert await found(session, author="学习") == []

    async def test_without_words_the_newest_come_first(self, session: AsyncSession) -> None:
        """Nothing asked for is met by every paper; there are no more than wanted."""
        assert await found(session) == [LEARNING, FISH, BIRDS, GRAPHS]
        assert await find(session, Query(" "), 2) == [LEARNING, FISH]


class TestHostileWords:
    @pytest.mark.parametrize("words", ['"', "*", "😀", "()", "-", "_", "''", "\\", ":", "^", "\x00"])
    async def test_signs_are_no_words(self, session: AsyncSession, words: str) -> None:
        """Where no letter or digit is left of what is asked, nothing is found."""
        assert await found(session, words) == []
        assert await found(session, author=words) == []

    @pytest.mark.parametrize(
        "words",
        ["swim OR sing", "swim | sing", "fish & !birds", "NEAR(they swim)", "title:fish", "fish -sing"],
    )
    async def test_operators_are_words(self, session: AsyncSession, words: str) -> None:
        """What commands a search elsewhere is looked for here, together with the rest."""
        assert await found(session, words) == []

    @pytest.mark.parametrize("words", ["x" * 4_000, "graph " * 700, "学" * 4_000])
    async def test_any_length_is_taken(self, session: AsyncSession, words: str) -> None:
        """A whole message of one word or of very many is looked for without an error."""
        assert set(await found(session, words)) <= {GRAPHS, BIRDS}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text())
@example('"', "NEAR(a, b)")
@example("a" * 3_000, "\U0001f9a0 \u00b2\u00bd\u2167")
async def test_nothing_a_reader_writes_is_an_error(session: AsyncSession, words: str, author: str) -> None:
    """Whatever the letters and signs, there is an answer."""
    assert set(await found(session, words, author)) <= {GRAPHS, BIRDS, FISH, LEARNING}


class TestFilters:
    async def test_after_a_day(self, session: AsyncSession, now: datetime) -> None:
        """The day itself counts: of publication, or where that is not known, of coming."""
        assert await find(session, Query("graph", after=date(2026, 1, 10)), MANY) == [GRAPHS, BIRDS]
        assert await find(session, Query("graph", after=date(2026, 1, 11)), MANY) == [BIRDS]
        came = (now + 2 * DAY).date()
        assert await find(session, Query(after=came), MANY) == [LEARNING, FISH]

    async def test_liked_in_a_chat(self, session: AsyncSession, now: datetime) -> None:
        """What is only disliked, or liked in another chat, is left out."""
        await votes.put(session, HERE, 1, BIRDS, up=True, now=now)
        await votes.put(session, HERE, 1, GRAPHS, up=False, now=now)
        await votes.put(session, THERE, 1, FISH, up=True, now=now)
        assert await find(session, Query(liked_in=HERE), MANY) == [BIRDS]
        assert await find(session, Query("graph", liked_in=HERE), MANY) == [BIRDS]

    async def test_papers_found_otherwise_are_held_against_the_rest(
        self, session: AsyncSession, now: datetime
    ) -> None:
        """All but the words is asked of them, however many they are."""
        await votes.put(session, HERE, 1, GRAPHS, up=True, now=now)
        everything = range(2_500)
        assert await meeting(session, Query("nowhere"), everything) == {GRAPHS, BIRDS, FISH, LEARNING}
        assert await meeting(session, Query("nowhere", author="li"), everything) == {GRAPHS}
        assert await meeting(session, Query("nowhere", liked_in=HERE), everything) == {GRAPHS}
        assert await meeting(session, Query(after=now.date() + DAY), [GRAPHS, FISH]) == {FISH}
        assert await meeting(session, Query(author="!"), everything) == set()
