from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import settled
from commands import Ended, Shell
from small_replay import SUBJECTS

from bot.measuring.hindsight import Almanac, Moment, Past, Tally, find_moments, group_by_fit, rank_moments
from recommender.metrics import Floats
from recommender.replay import ReplayPaper, Scorer
from recommender.values import Candidate, Paper, Pick, Slot, Vote
from storage import ledger, papers, readers, votes
from storage.database import Database
from storage.hindsight import Arrival, Showing
from storage.ledger import Kind

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
CHAT = 9
Run = Callable[..., Awaitable[Ended]]


def almanac(*arrivals: tuple[int, datetime], upvotes: Mapping[int, int] | None = None) -> Almanac:
    """Tell when papers came, first come first."""
    popular = upvotes or {}
    return Almanac([Arrival(Candidate(paper, popular.get(paper, 0)), at) for paper, at in arrivals])


def moments(votes_cast: Sequence[Vote], showings: Sequence[Showing], known: Almanac) -> list[Moment]:
    return list(find_moments(Past(votes_cast, showings, picks=2), known, WEEK))


def test_a_like_counts_at_the_digest_that_showed_it() -> None:
    """What was liked before is history; what came in the week before could be picked, popular first."""
    known = almanac(
        (1, NOON - 9 * DAY), (2, NOON - 3 * DAY), (3, NOON - DAY), (4, NOON + DAY), upvotes={3: 5}
    )
    shown = [Showing(NOON - 8 * DAY, {1: Slot.TRENDING}), Showing(NOON, {2: Slot.TASTE})]
    cast = [Vote(1, up=True, at=NOON - 7 * DAY), Vote(2, up=True, at=NOON + DAY)]
    first, second = moments(cast, shown, known)
    assert first == Moment(NOON - 8 * DAY, (), (1,), {1: Slot.TRENDING}, 2)
    assert second == Moment(NOON, (1,), (3, 2), {2: Slot.TASTE}, 2)


def test_a_paper_that_is_shown_later_could_have_been_picked_earlier() -> None:
    """A like is one among the candidates of every digest that could have had it, with its own slot."""
    known = almanac((1, NOON - DAY), (2, NOON - DAY))
    shown = [Showing(NOON, {1: Slot.TASTE}), Showing(NOON + DAY, {2: Slot.EXPLORE})]
    first, second = moments([Vote(2, up=True, at=NOON + 2 * DAY)], shown, known)
    assert first.liked == second.liked == {2: Slot.EXPLORE}
    assert (first.candidates, second.candidates) == ((1, 2), (2,))


def test_a_paper_from_before_the_window_could_be_picked_where_it_was() -> None:
    """Where few papers were left the bot reached further back, and so does the replay."""
    known = almanac((1, NOON - 60 * DAY), (2, NOON - 60 * DAY))
    (moment,) = moments([Vote(1, up=True, at=NOON + DAY)], [Showing(NOON, {1: Slot.TASTE})], known)
    assert moment.candidates == (1,)


def test_a_dislike_takes_its_paper_out_and_makes_no_moment() -> None:
    """No later digest could have had it; and thumbs down that outweigh a thumb up leave no like."""
    known = almanac((1, NOON - DAY), (2, NOON - DAY), (3, NOON - DAY))
    shown = [Showing(NOON, {1: Slot.TASTE, 3: Slot.TASTE}), Showing(NOON + DAY, {2: Slot.TASTE})]
    down = Vote(1, up=False, at=NOON + timedelta(hours=1))
    mixed = [Vote(3, up=up, at=NOON + timedelta(hours=2)) for up in (True, False)]
    assert moments([down, *mixed], shown, known) == []
    assert moments([down, *mixed, Vote(2, up=True, at=NOON + 2 * DAY)], shown, known)[1].candidates == (2,)


def test_a_background_is_what_had_come_and_grows_by_a_quarter() -> None:
    """Moments share a fit until a quarter more papers have come than it was made on."""
    known = almanac(*((paper, NOON + paper * DAY) for paper in range(1, 8)))
    asked = [Moment(NOON + days * DAY, (), (), {}, 1) for days in (4, 5, 6, 7)]
    fits = [(len(background), len(group)) for background, group in group_by_fit(reversed(asked), known)]
    assert fits == [(4, 1), (5, 2), (7, 1)]


class Contrary:
    """Ranks by number, the lowest last, and all above 5 alike."""

    name = "contrary"

    def fit(self, background: Sequence[ReplayPaper], papers: Mapping[str, ReplayPaper]) -> Scorer:  # noqa: ARG002 - it knows
        def score(_history: Sequence[str], candidates: Sequence[str]) -> Floats:
            return np.array([min(int(paper), 6) for paper in candidates], dtype=np.float64)

        return score


def test_ties_stand_in_trending_order() -> None:
    """Equal scores keep the order of the candidates, which is the trending one."""
    alike = (7, 9, 8, *range(10, 40))
    moment = Moment(NOON, (), (2, *alike, 3), {}, 2)
    ((ranked, order),) = rank_moments(Contrary(), [], [moment], {})
    assert ranked is moment
    assert order == [*alike, 3, 2]


def test_a_tally_counts_hits_among_the_first_n_by_slot() -> None:
    """Of the likes of a moment each order has those that it puts among as many as could be picked."""
    counted = Tally()
    counted.add(Moment(NOON, (), (1, 2, 3), {1: Slot.TASTE, 3: Slot.EXPLORE}, 2), [3, 2, 1])
    counted.add(Moment(NOON, (), (4, 5), {5: Slot.TASTE}, 1), [5, 4])
    assert counted.moments == 2
    assert counted.likes == Counter({Slot.TASTE: 2, Slot.EXPLORE: 1})
    assert counted.ours == Counter({Slot.EXPLORE: 1, Slot.TASTE: 1})
    assert counted.trending == Counter({Slot.TASTE: 1})


@pytest.fixture
def paperboy(shell: Shell) -> Run:
    """Run `paperboy evaluate` in the test's folder, without a model."""
    settings = {"DUMPS_DIR": "", "COLUMNS": "80", "EMBEDDING_MODEL": "off", "DATA_DIR": "."}
    return lambda *arguments, **more: shell.run("evaluate", *arguments, **(settings | more))


async def _live(folder: Path, days: int) -> None:
    """Let a chat live through days: each brings a paper of every subject, and it likes the bees."""
    database = Database(f"sqlite:///{folder / 'paperboy.db'}")
    await database.open()
    async with database.writing() as session:
        await readers.subscribe(session, CHAT, "private", NOON)
        for day in range(days):
            at = NOON + day * DAY
            dump = [
                Paper(title=f"{name} of day {day}", abstract=text, upvotes=0 if name == "bee" else 9)
                for name, text in SUBJECTS.items()
            ]
            added = (await papers.upsert(session, dump, at)).added
            picks = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in added]
            digest_id = await ledger.plan(session, CHAT, Kind.ASKED, picks, at + timedelta(hours=1))
            await ledger.claim(session, at + timedelta(hours=1), DAY, 1, digest_id=digest_id)
            await settled.sent(session, digest_id or 0, 1, at + timedelta(hours=1))
            await votes.put(session, CHAT, CHAT, added[0], up=True, now=at + timedelta(hours=2))
        reader = await readers.get(session, CHAT)
        assert reader is not None
        await readers.save(session, replace(reader, picks=1))
    await database.close()


async def test_the_command_tells_what_would_have_been_picked(paperboy: Run, tmp_path: Path) -> None:
    """A reader who likes what is not popular is served better by their taste, from the second digest on."""
    await _live(tmp_path, days=40)
    done = await paperboy("--database", "--json")
    assert done.returncode == 0, done.stderr
    lines = {line["slot"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert list(lines) == ["taste", "trending", "explore", "all"]
    assert lines["all"]["likes"] == lines["taste"]["likes"] == lines["all"]["digests"] == 40
    assert lines["all"]["enough"]
    assert lines["all"]["picked"] > 0.9
    assert lines["all"]["trending"] == 0
    assert "picked" not in lines["explore"]


async def test_the_commands_table_gives_no_share_of_few_likes(paperboy: Run, tmp_path: Path) -> None:
    """Few likes are told as they are, and why no share is made of them."""
    await _live(tmp_path, days=4)
    shown = (await paperboy("--database")).stdout
    assert "4 digests of 1 chat," in shown
    assert "of 4" in shown
    assert "%" not in shown
    assert "Too few likes for a share (fewer than 30): taste, trending, explore, all." in shown


async def test_the_command_says_what_is_missing(paperboy: Run) -> None:
    """A new database has nothing to replay, and that is said in words."""
    done = await paperboy("--database")
    assert done.returncode == 0
    assert "Nothing can be replayed yet" in done.stdout


async def test_something_must_be_named(paperboy: Run) -> None:
    """Neither folder nor database is a mistake."""
    done = await paperboy()
    assert done.returncode == 2
    assert "--database" in done.stderr
