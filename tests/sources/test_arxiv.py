"""The categories of arXiv as a source, and its look-up of titles, asked from a stand-in over real HTTP."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from website import Watch

from benchmarks.newsstand import Newsstand, World, invent
from benchmarks.newsstand.values import Preprint, Revision
from sources.arxiv import ANNOUNCED, ArxivSource
from sources.arxiv_titles import ArxivTitles
from sources.parsing import parse
from sources.values import Dump, Listing, Parsed, SourceError
from sources.web.client import Web, open_web

WEDNESDAY = date(2026, 3, 18)
CATEGORIES = ("cs.AI", "cs.CL")
NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)


@cache
def _invented() -> World:
    """Invent a world only where it is asked for: to do so takes half a second."""
    return invent(WEDNESDAY - timedelta(days=20), 21, beside=300)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def world() -> World:
    return _invented()


@pytest.fixture
async def stand(world: World) -> AsyncIterator[Newsstand]:
    async with Newsstand(world, lambda: NOON) as stand:
        yield stand


@pytest.fixture
async def web(watch: Watch) -> AsyncIterator[Web]:
    async with open_web(world=watch.world()) as web:
        yield web


@pytest.fixture
def source(stand: Newsstand, web: Web) -> ArxivSource:
    return ArxivSource(CATEGORIES, stand.url, f"{stand.url}/", web, lambda: NOON)


@pytest.fixture
def by_title(stand: Newsstand, web: Web) -> ArxivTitles:
    return ArxivTitles(stand.url, web)


async def fetch(source: ArxivSource, name: str, known: str | None = None) -> Dump | None:
    listings = await source.list(WEDNESDAY - timedelta(days=14))
    return await source.fetch(next(listing for listing in listings if listing.name == name), known)


async def read(source: ArxivSource, name: str) -> Parsed:
    dump = await fetch(source, name)
    assert dump
    return parse(dump.body)


async def failure(source: ArxivSource, name: str) -> str:
    with pytest.raises(SourceError) as caught:
        await fetch(source, name)
    return str(caught.value)


def submitted(world: World, day: date) -> set[str]:
    return {
        preprint.id
        for preprint in world.preprints
        if preprint.submitted.date() == day
        and preprint.announced <= NOON
        and not {*CATEGORIES}.isdisjoint(preprint.categories)
    }


def tell(pattern: bytes, told: bytes) -> Callable[[bytes], bytes]:
    """Make a fault that tells another thing than the truth."""
    return lambda body: re.sub(pattern, told, body, flags=re.DOTALL)


# What there is


async def test_its_name_tells_its_categories(source: ArxivSource) -> None:
    assert (source.name, source.at_once) == ("arxiv:cs.AI+cs.CL", 1)


async def test_it_lists_what_was_announced_and_the_days_before_today(source: ArxivSource) -> None:
    """The newest first; what was submitted today is announced tomorrow at the earliest."""
    listed = await source.list(WEDNESDAY - timedelta(days=3))
    assert [(one.name, one.day) for one in listed] == [
        (ANNOUNCED, None),
        ("2026-03-17", date(2026, 3, 17)),
        ("2026-03-16", date(2026, 3, 16)),
        ("2026-03-15", date(2026, 3, 15)),
    ]


async def test_a_day_is_read_again_until_all_that_was_submitted_on_it_is_announced(
    source: ArxivSource,
) -> None:
    """Twice a day for five days; the announcements at every poll."""
    announced, tuesday = (await source.list(date(2026, 3, 17)))[:2]
    midnight = datetime(2026, 3, 18, tzinfo=UTC)

    def is_due(listing: Listing, read_at: datetime, **later: float) -> bool:
        return listing.is_due(None, read_at, read_at + timedelta(**later))

    assert not is_due(tuesday, midnight, hours=11)
    assert is_due(tuesday, midnight, hours=12)
    assert is_due(tuesday, midnight + timedelta(days=4, hours=23), days=30)
    assert not is_due(tuesday, midnight + timedelta(days=5), days=30)
    assert is_due(announced, midnight, minutes=30)


# A day by the query API


async def test_a_day_is_read_page_by_page_to_its_end(
    source: ArxivSource, stand: Newsstand, world: World
) -> None:
    """As one dump, of no list's day: that an arXiv paper was listed is nobody's word."""
    dump = await fetch(source, "2026-03-12")
    assert dump
    papers = parse(dump.body).papers
    assert {paper.arxiv_id for paper in papers} == submitted(world, date(2026, 3, 12))
    assert len(papers) > 200
    assert stand.count("/api/query") == -(-len(papers) // 200)
    assert (dump.source, dump.day, dump.version, dump.fetched) == (source.name, None, None, NOON)
    assert all(paper.featured is None and paper.published == date(2026, 3, 12) for paper in papers)


async def test_arxiv_is_asked_every_three_seconds_and_one_at_a_time(
    source: ArxivSource, stand: Newsstand, watch: Watch
) -> None:
    """Its terms of use, whoever asks and however many."""
    days = await source.list(WEDNESDAY - timedelta(days=5))
    await asyncio.gather(*(source.fetch(day, None) for day in days[1:]))
    assert watch.seconds == pytest.approx(3.0 * (stand.count("/api/query") - 1))


async def test_a_day_with_nothing_is_a_dump_without_papers(source: ArxivSource, stand: Newsstand) -> None:
    """It costs one request and is no failure."""
    stand.change_shape(tell(rb"<entry>.*</entry>|(?<=totalResults>)\d+", b"0"))
    assert await read(source, "2026-03-12") == Parsed()
    assert stand.count("/api/query") == 1


async def test_an_empty_page_is_asked_for_again(source: ArxivSource, stand: Newsstand, world: World) -> None:
    """Where the total says that there is more: arXiv sends such pages at times."""
    stand.send_empty_pages(2)
    papers = (await read(source, "2026-03-12")).papers
    assert {paper.arxiv_id for paper in papers} == submitted(world, date(2026, 3, 12))


async def test_pages_that_stay_empty_are_a_failure_and_no_day(source: ArxivSource, stand: Newsstand) -> None:
    stand.send_empty_pages()
    words = await failure(source, "2026-03-12")
    assert re.fullmatch(
        r"arXiv sent no whole page in 4 tries: it is empty, and \d+ papers were promised", words
    )


async def test_a_page_that_is_cut_is_asked_for_again_and_never_taken(
    source: ArxivSource, stand: Newsstand
) -> None:
    stand.change_shape(lambda body: body[:-200], requests=3)
    assert (await read(source, "2026-03-12")).rejects == ()
    stand.change_shape(lambda body: body[:-200])
    assert "no whole page in 4 tries: the XML is cut off" in await failure(source, "2026-03-12")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the body is empty"),
        (b"Rate exceeded.", "the XML is broken"),
        (b"<html><body>503</body></html>", "no feed"),
        (b"\x89PNG\r\n", "the body is a PNG image, not text"),
    ],
)
async def test_what_is_no_page_is_a_failure_in_words(
    source: ArxivSource, stand: Newsstand, body: bytes, words: str
) -> None:
    stand.change_shape(lambda _: body)
    assert words in await failure(source, "2026-03-12")
    assert words in await failure(source, ANNOUNCED)


async def test_an_answer_that_tells_an_error_is_a_failure_in_its_words(
    source: ArxivSource, stand: Newsstand
) -> None:
    """It comes as a feed with one entry, which is no paper, and is not asked for again."""
    error = b"<id>http://arxiv.org/api/errors#bad_query</id><title>Error</title><summary>bad query</summary>"
    stand.change_shape(lambda _: b"<feed><entry>" + error + b"</entry></feed>")
    assert await failure(source, "2026-03-12") == "arXiv answered with an error: bad query"
    assert stand.count("/api/query") == 1


async def test_more_than_a_day_can_hold_is_refused(source: ArxivSource, stand: Newsstand) -> None:
    """As where a server knows nothing of days and gives all there are."""
    stand.change_shape(tell(rb"(?<=totalResults>)\d+", b"2500000"))
    assert "found 2,500,000 papers for one day" in await failure(source, "2026-03-12")
    assert stand.count("/api/query") == 1


async def test_a_later_page_that_forgets_the_total_is_no_end(source: ArxivSource, stand: Newsstand) -> None:
    """Such pages are sent as well; a day that is cut there would count as read."""
    forgetful = tell(rb"<entry>.*</entry>|(?<=totalResults>)\d+", b"0")
    pages = iter([bytes])  # the first comes as it is

    def forget(body: bytes) -> bytes:
        return next(pages, forgetful)(body)

    stand.change_shape(forget)
    words = await failure(source, "2026-03-12")
    assert re.fullmatch(r"arXiv sent 200 of \d+ papers, and then no more", words)


async def test_a_day_that_comes_paper_by_paper_is_given_up(source: ArxivSource, stand: Newsstand) -> None:
    """At arXiv's pace it would take hours, and no other source would be read meanwhile."""
    page = b"<feed><totalResults xmlns='http://a9.com/-/spec/opensearch/1.1/'>9000</totalResults>"
    entry = b"<entry><id>http://arxiv.org/abs/2603.00001v1</id><title>Kettles</title></entry>"
    stand.change_shape(lambda _: page + entry + b"</feed>")
    assert await failure(source, "2026-03-12") == "arXiv does not come to the end of a day"
    assert stand.count("/api/query") == 100


# What was announced


async def test_the_announcements_are_one_dump(source: ArxivSource) -> None:
    dump = await fetch(source, ANNOUNCED)
    assert dump
    assert (dump.day, dump.fetched, bool(dump.version)) == (None, NOON, True)
    assert parse(dump.body).papers


async def test_unchanged_announcements_cost_one_conditional_request(
    source: ArxivSource, stand: Newsstand
) -> None:
    dump = await fetch(source, ANNOUNCED)
    assert dump
    assert await fetch(source, ANNOUNCED, dump.version) is None
    assert (stand.count(), stand.count("/atom/cs.AI+cs.CL", 304)) == (2, 1)


async def test_announcements_that_are_cut_are_not_taken(source: ArxivSource, stand: Newsstand) -> None:
    """Else their version would keep the rest of them away until tomorrow."""
    stand.change_shape(lambda body: body[:-200])
    assert "is not whole: the XML is cut off" in await failure(source, ANNOUNCED)


def _revised(world: World) -> World:
    """Take back one paper of those announced a week ago, and revise another one, both today."""
    today = datetime(2026, 3, 18, 4, tzinfo=UTC)
    others = [replace(preprint, revisions=()) for preprint in world.preprints]
    old = [p for p in others if p.announced < today - timedelta(days=7) and "cs.AI" in p.categories]
    withdrawn = Revision(
        today, old[0].title, "This paper has been withdrawn.", "This paper has been withdrawn."
    )
    revised = Revision(today, old[1].title, f"{old[1].abstract} Now it is right.")
    news = {old[0].id: withdrawn, old[1].id: revised}
    return replace(world, preprints=tuple(_with(p, news) for p in others))


def _with(preprint: Preprint, news: dict[str, Revision]) -> Preprint:
    return replace(preprint, revisions=(news[preprint.id],)) if preprint.id in news else preprint


class TestRevisions:
    @pytest.fixture
    def world(self) -> World:
        return _revised(_invented())

    async def test_what_was_announced_before_is_told_apart_from_what_is_new(
        self, source: ArxivSource
    ) -> None:
        """A paper of years ago must not become a pick because its authors mended a comma."""
        parsed = await read(source, ANNOUNCED)
        assert {paper.version for paper in parsed.papers} == {1}
        assert sorted((paper.version, paper.withdrawn) for paper in parsed.revisions) == [
            (2, False),
            (2, True),
        ]


# Titles


async def test_a_paper_is_found_by_its_title(by_title: ArxivTitles, world: World) -> None:
    preprint = world.preprints[7]
    (found,) = await by_title.seek(f"  {preprint.title.upper()} ")
    assert (found.arxiv_id, found.title) == (preprint.id, preprint.title)


@pytest.mark.parametrize(
    ("title", "phrase"),
    [
        ('Kites: "Fine-Tuning" (and) AND/OR \\[more\\]', "Kites Fine Tuning and AND OR more"),
        ("Don’t Fly a Kite's Kite", "Don't Fly a Kite's Kite"),
        ("$O(n^2)$ Kites in $\\mathbb{R}^3$ Fly Over Us All", "Fly Over Us All"),
        ("Über Drachen: 飛ぶ凧", "Über Drachen 飛ぶ凧"),
        ("kite " * 500, ("kite " * 20).strip()),
        ("a" * 5_000, ""),
        ("$x$ :: \\alpha", ""),
        ("", ""),
    ],
)
async def test_no_sign_of_a_title_has_a_meaning_to_the_search(
    by_title: ArxivTitles, stand: Newsstand, title: str, phrase: str
) -> None:
    """Nor is a title too long; of one that has no words arXiv is not asked at all."""
    assert await by_title.seek(title) == []
    asked = [request.query for request in stand.asked]
    assert asked == ([f'search_query=ti:"{phrase}"&start=0&max_results=10'] if phrase else [])


async def test_titles_are_sought_at_arxiv_s_own_pace(
    by_title: ArxivTitles, source: ArxivSource, stand: Newsstand, watch: Watch
) -> None:
    """Also beside a poll."""
    await asyncio.gather(by_title.seek("kites"), fetch(source, "2026-03-14"), by_title.seek("more kites"))
    assert watch.seconds == pytest.approx(3.0 * (stand.count("/api/query") - 1))


async def test_a_search_that_fails_is_told(by_title: ArxivTitles, stand: Newsstand) -> None:
    stand.answer_status(403)
    with pytest.raises(SourceError, match="403"):
        await by_title.seek("kites")


def test_an_address_that_is_none_is_refused_at_once(web: Web) -> None:
    with pytest.raises(SourceError, match="no http or https address"):
        ArxivSource(CATEGORIES, "ftp://arxiv.org", "https://rss.arxiv.org", web, lambda: NOON)
