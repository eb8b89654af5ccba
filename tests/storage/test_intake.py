"""Which stored paper a dump means by a title and an abstract that it tells for the first time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from recommender.values import Paper
from storage import papers
from storage.database import Database
from storage.papers import Upserted

Store = Callable[..., Awaitable[Upserted]]

TITLE = "Weeds Win: Watching Gardens Without Gardeners"
GARDENS = (
    "We study how gardens grow when nobody looks. A camera on the fence took a picture each hour for years, "
    "and a small network learned to tell weeds from flowers. Our results show that weeds win."
)
REVISED = GARDENS.replace("study", "ask").replace("a small network", "a smaller one")
KETTLES = (
    "Large kettles boil slowly. In this paper we present a controller that heats only the water which is "
    "poured, and we prove that it saves a third of the energy under mild assumptions on thirst."
)
WHOLE = Paper(title=TITLE, abstract=GARDENS)
CUT = Paper(title=TITLE, abstract=GARDENS[:150] + "…")
BARE = Paper(title=TITLE)
NAMED = Paper(title=TITLE, abstract=REVISED, arxiv_id="1")
TWIN = Paper(title=TITLE, abstract=GARDENS, arxiv_id="2")
OTHER = Paper(title=TITLE, abstract=KETTLES)


async def rows(database: Database) -> list[tuple[str | None, str]]:
    """Read the ids and abstracts of what is stored, first come first."""
    async with database.reading() as session:
        found = await papers.get(session, range(99))
    return [(found[row].arxiv_id, found[row].abstract) for row in sorted(found)]


@pytest.mark.parametrize("told", [*permutations([WHOLE, CUT, BARE, NAMED])], ids=range(24))
async def test_one_paper_in_four_dresses_is_one_row(
    database: Database, store: Store, told: tuple[Paper, ...]
) -> None:
    """Whole, cut, without abstract, revised with its id: in any order it is the paper with the id."""
    for paper in told:
        await store(paper)
    assert await rows(database) == [("1", REVISED)]


async def test_told_at_once_it_is_the_same(database: Database, store: Store) -> None:
    """Within one dump, too, a paper finds itself in another dress."""
    await store(BARE, CUT, WHOLE, NAMED)
    assert await rows(database) == [("1", REVISED)]


async def test_two_ids_are_never_one(database: Database, store: Store) -> None:
    """Not even where a text without an id, which is one of them, witnesses for the other too."""
    await store(WHOLE, NAMED, replace(TWIN, abstract=GARDENS.replace("camera", "lens")))
    assert [arxiv_id for arxiv_id, _ in await rows(database)] == ["1", "2"]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("one", [NAMED, replace(TWIN, arxiv_id="1")], ids=["alike", "the same"])
async def test_what_two_ids_could_be_is_neither(
    database: Database, store: Store, one: Paper, *, at_once: bool
) -> None:
    """A text that witnesses for two papers with ids is nobody's, and stays nobody's."""
    for dump in [(one, TWIN, CUT)] if at_once else [(one,), (TWIN,), (CUT,)]:
        await store(*dump)
    assert [arxiv_id for arxiv_id, _ in await rows(database)] == ["1", "2", None]
    assert await store(one, TWIN, CUT) == Upserted((), 0)


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_title_that_two_papers_bear_tells_neither(
    database: Database, store: Store, *, at_once: bool
) -> None:
    """Without a second witness a paper of that title stands alone."""
    for dump in [(NAMED, OTHER, BARE)] if at_once else [(NAMED,), (OTHER,), (BARE,)]:
        await store(*dump)
    assert await rows(database) == [("1", REVISED), (None, KETTLES), (None, "")]


@pytest.mark.parametrize("at_once", [True, False])
async def test_another_abstract_does_not_join_what_a_title_joined(
    database: Database, store: Store, *, at_once: bool
) -> None:
    """Once an abstract is known of a paper that was a title only, a second abstract is another paper's."""
    for dump in [(BARE, WHOLE, OTHER)] if at_once else [(BARE,), (WHOLE,), (OTHER,)]:
        await store(*dump)
    assert await rows(database) == [(None, GARDENS), (None, KETTLES)]


async def test_a_text_between_two_rows_joins_them(database: Database, store: Store) -> None:
    """Two rows that a third text witnesses for, and no two ids stand against it, are one paper."""
    await store(Paper(title=TITLE, abstract=GARDENS[:60]), Paper(title=TITLE, abstract=REVISED))
    assert len(await rows(database)) == 2
    assert await store(WHOLE) == Upserted((), 1)
    assert await rows(database) == [(None, GARDENS)]


async def test_a_known_id_under_a_new_title_finds_the_text(database: Database, store: Store) -> None:
    """A paper with an id that is renamed is the one that a page told of under that name."""
    await store(Paper(title="Weeds", abstract=GARDENS, arxiv_id="1"))
    await store(WHOLE)
    await store(NAMED)
    assert await rows(database) == [("1", REVISED)]


async def test_a_paper_found_in_two_ways_is_joined_once(database: Database, store: Store) -> None:
    """By its id and by its title, of which another row joins it too."""
    await store(OTHER, Paper(title=TITLE, abstract=REVISED))
    named = Paper(title=TITLE, abstract=GARDENS[:60], arxiv_id="1")
    assert await store(named, replace(named, abstract=GARDENS)) == Upserted((), 1)
    assert await rows(database) == [(None, KETTLES), ("1", GARDENS)]


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_heading_tells_no_paper_from_another(
    database: Database, store: Store, *, at_once: bool
) -> None:
    """Under a title that a crowd bears, a cut abstract is not sought among them all."""
    crowd = [Paper(title=TITLE, abstract=f"{name} " * 99) for name in "abcdefghij"]
    cut = Paper(title=TITLE, abstract="a " * 66 + "…")
    for dump in [(*crowd, cut)] if at_once else [crowd, [cut]]:
        await store(*dump)
    assert len(await rows(database)) == 11


async def test_first_seen_is_the_earlier_of_two(database: Database, store: Store, now: datetime) -> None:
    """After a backfill the row that was stored first may be the one that was seen later."""
    await store(WHOLE, at=now)
    await store(Paper(title="Weeds", arxiv_id="1"), at=now - timedelta(days=9))
    await store(NAMED, at=now)
    async with database.reading() as session:
        assert await papers.recent(session, now - timedelta(days=8)) == []
        assert len(await papers.recent(session, now - timedelta(days=9))) == 1
