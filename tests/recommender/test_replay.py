from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.replay import Event, Pool, ReplayPaper, ReplaySet
from recommender.values import Paper

days = st.dates(date(2025, 1, 1), date(2025, 4, 30))


def paper(name: str, day: date | None = None) -> ReplayPaper:
    return ReplayPaper(name, f"Title of {name}", "", day, None)


def replay(papers: list[ReplayPaper], pools: list[Pool], events: list[Event]) -> ReplaySet:
    return ReplaySet("set", {p.id: p for p in papers}, {pool.id: pool for pool in pools}, tuple(events))


def many(events: int) -> ReplaySet:
    """Make a set of so many events, each of a user of its own."""
    papers = [paper("old"), paper("new")]
    choices = [Event(f"user{number}", ("old",), "pool", ("new",)) for number in range(events)]
    return replay(papers, [Pool("pool", None, ("new",))], choices)


def test_a_paper_reads_as_the_bots_own() -> None:
    """A replayed paper is one text, as a stored one is, also where title or abstract is empty."""
    for title, abstract in (("Title", "Abstract."), ("Title", ""), ("", "Abstract."), ("", "")):
        replayed = ReplayPaper("id", title, abstract, None, None)
        assert replayed.text == Paper(title=title, abstract=abstract).text


def test_candidates_are_the_pool_less_the_history() -> None:
    """What was liked before cannot be chosen again; the rest keeps its order and stands once."""
    event = Event("ada", ("b",), "pool", ("c",))
    pool = Pool("pool", None, ("d", "b", "c", "d"))
    assert replay([paper(name) for name in "abcd"], [pool], [event]).candidates(event) == ("d", "c")


def test_a_dated_fit_sees_nothing_of_its_month() -> None:
    """The background of an event ends before the first day of its month; papers without a day stay out."""
    papers = [
        paper("january", date(2025, 1, 31)),
        paper("first", date(2025, 2, 1)),
        paper("before", date(2025, 2, 9)),
        paper("undated"),
    ]
    event = Event("ada", ("january",), "pool", ("first",))
    (fit,) = replay(papers, [Pool("pool", date(2025, 2, 10), ("first",))], [event]).fits()
    assert [known.id for known in fit.background] == ["january"]


def test_events_of_a_month_share_a_fit() -> None:
    """One fit a month and year, with the month's events in their order."""
    january, december, next_january = date(2025, 1, 2), date(2025, 12, 5), date(2026, 1, 2)
    pools = [Pool(str(day), day, ("a",)) for day in (january, december, next_january)]
    events = [
        Event(name, (), str(day), ("a",))
        for name, day in zip("wxyz", (december, january, december, next_january), strict=True)
    ]
    fits = list(replay([paper("a")], pools, events).fits())
    assert [[event.user for event in fit.events] for fit in fits] == [["w", "y"], ["x"], ["z"]]


def test_an_undated_fit_sees_no_paper_of_any_pool() -> None:
    """Undated events share one fit, on the papers that nobody could choose."""
    pools = [Pool("one", None, ("b",)), Pool("two", None, ("c",))]
    events = [Event("ada", ("a",), "one", ("b",)), Event("bob", ("a",), "two", ("c",))]
    (fit,) = replay([paper(name) for name in "abc"], pools, events).fits()
    assert [known.id for known in fit.background] == ["a"]
    assert fit.events == tuple(events)


@given(st.lists(days, min_size=1, max_size=12), st.lists(days, min_size=1, max_size=12))
def test_no_fit_looks_ahead(published: list[date], asked: list[date]) -> None:
    """Each event is in one fit, and every paper of its background is of an earlier month."""
    papers = [paper(str(number), day) for number, day in enumerate(published)]
    pools = [Pool(str(number), day, ("0",)) for number, day in enumerate(asked)]
    events = [Event("ada", (), pool.id, ("0",)) for pool in pools]
    fits = list(replay(papers, pools, events).fits())
    assert sorted(event.pool for fit in fits for event in fit.events) == sorted(pool.id for pool in pools)
    for fit in fits:
        for event in fit.events:
            month = asked[int(event.pool)].replace(day=1)
            assert [known.id for known in fit.background] == [
                p.id for p in papers if p.date and p.date < month
            ]


def test_a_sample_is_the_one_that_figures_are_compared_on() -> None:
    """The events drawn are those of the replay format's own words."""
    replayed = many(50)
    drawn = sorted(np.random.default_rng(0).choice(50, 7, replace=False))
    assert [event.user for event in replayed.sample(7).events] == [f"user{place}" for place in drawn]


def test_a_sample_of_more_than_there_are_is_all() -> None:
    """As many events as there are, or fewer, stay as they are."""
    assert many(5).sample(5).events == many(5).events


def test_two_halves_make_the_whole() -> None:
    """Each user is in one half, the same one each time, and neither half is small."""
    replayed = many(200)
    tune, report = ({event.user for event in replayed.half(name).events} for name in ("tune", "report"))
    assert tune | report == {event.user for event in replayed.events}
    assert not tune & report
    assert 70 < len(tune) < 130
    assert {event.user for event in replayed.half("tune").events} == tune


def test_a_user_keeps_their_half_whoever_else_is_there() -> None:
    """The half of a user depends on set and name alone, so that what was tuned on is never reported on."""
    assert many(100).half("tune").events == tuple(
        event for event in many(200).half("tune").events if int(event.user[4:]) < 100
    )
