"""What the owner is told of the sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.language import ENGLISH, speak
from bot.messages.markup import utf16_length
from bot.messages.sources import write_sources
from bot.playground.markup import parse_html
from bot.polling.health import SourceHealth
from storage.polls import Poll
from storage.readings import Reading

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def health(name: str, days: Mapping[date, Reading] | None = None, **poll: object) -> SourceHealth:
    """Tell of a source that was read five minutes ago, but for what is said of its poll."""
    well: dict[str, object] = {"asked_at": NOW, "reached_at": NOW - HOUR / 12, "added_at": NOW - 3 * HOUR}
    told = Poll(name, **well | poll)
    since = NOW.date() - 14 * DAY
    return SourceHealth(source=name, at=NOW, poll=told, days=days or {}, since=since, patience=HOUR)


def week(*counts: int) -> dict[date, Reading]:
    """Read these counts, the last of them today."""
    first = NOW.date() - (len(counts) - 1) * DAY
    return {first + n * DAY: Reading(NOW, count, 0) for n, count in enumerate(counts)}


def said(*sources: SourceHealth, room: int = 4096) -> str:
    return write_sources(ENGLISH, sources, room).html


def plainly(*sources: SourceHealth) -> str:
    """Write them without markup, and with all blanks alike."""
    return parse_html(said(*sources))[0].replace("\N{NO-BREAK SPACE}", " ")


def test_a_source_that_is_well_takes_two_lines() -> None:
    days = week(*[9] * 8, 5, 0, 28, 31, 30, 29, 12)
    assert said(health("lists", days)) == (
        "<b>Sources</b>\n"
        "✅ <code>lists</code>: read 5 minutes ago, last new paper 3 hours ago\n"
        "Sa\N{NO-BREAK SPACE}5 · Su\N{NO-BREAK SPACE}0 · Mo\N{NO-BREAK SPACE}28 · Tu\N{NO-BREAK SPACE}31"
        " · We\N{NO-BREAK SPACE}30 · Th\N{NO-BREAK SPACE}29 · Fr\N{NO-BREAK SPACE}12"
    )


def test_a_category_is_no_link_to_a_stranger() -> None:
    """Chats make a link of whatever looks like a host, and cs.AI does; not of what stands as code."""
    assert "<code>arxiv:cs.AI+cs.CL</code>" in said(health("arxiv:cs.AI+cs.CL"))


def test_a_day_with_nothing_is_told_apart_from_one_that_was_not_read() -> None:
    days = week(*[9] * 10, 0, 31, 30, 29, 12)
    del days[NOW.date() - 2 * DAY]
    days[NOW.date() - DAY] = Reading(NOW - DAY, 7, 0)
    days[NOW.date()] = Reading(NOW, 0, 1)
    told = plainly(health("lists", days))
    assert "Mo 0 · Tu 31 · We – · Th 7+ · Fr ✗" in told
    assert "1 day is still to be read. I find no list of papers in it." in told
    assert told.endswith("\n– not read, + read before the day was over, ✗ no list of papers")


def test_today_is_never_over_when_it_is_read() -> None:
    days = {NOW.date() - n * DAY: Reading(NOW, 3, 0) for n in reversed(range(15))}
    assert "Fr 3" in plainly(health("lists", days))
    assert "+" not in said(health("lists", days))


def test_a_source_of_no_days_has_no_week() -> None:
    assert said(health("dumps")).count("\n") == 1


def test_a_failure_is_told_in_words_and_escaped() -> None:
    told = said(health("stale", why="no <route>", failures=2, reached_at=NOW - 3 * HOUR))
    assert "\n❌ <code>stale</code>: read 3 hours ago, last new paper 3 hours ago\n" in told
    assert told.endswith("\n2 tries failed: no &lt;route&gt;")


def test_a_source_of_which_only_a_part_failed_says_so() -> None:
    assert said(health("lists", why="502")).endswith("\nIt was read in part: 502")


def test_a_source_that_is_left_alone_says_when_it_is_asked_again() -> None:
    told = plainly(health("tired", why="429", failures=3, retry_at=NOW + HOUR / 2, reached_at=None))
    assert "⏸ tired: not read in full yet\nIt is asked again in 30 minutes. 3 tries failed: 429" in told


def test_a_quiet_source_says_since_when() -> None:
    told = plainly(health("quiet", added_at=NOW - 4 * DAY))
    assert "💤 quiet: read 5 minutes ago, last new paper 4 days ago\nNothing new since Monday" in told
    assert "read 5 minutes ago, no new paper yet" in said(health("empty", added_at=None))


def test_a_source_that_nobody_asked_for_long_is_marked() -> None:
    told = plainly(health("late", reached_at=NOW - 5 * HOUR))
    assert "⚠️ late: read 5 hours ago, last new paper 3 hours ago\nIt should have been read since." in told


def test_what_happened_this_moment_lies_in_the_past() -> None:
    assert "read 1 second ago" in said(health("lists", reached_at=NOW))


def test_those_in_trouble_come_first_and_the_others_are_counted_where_room_is_short() -> None:
    well = [health(f"well {n}") for n in range(9)]
    told = said(*well, health("ill", why="refused", failures=1), room=300)
    assert told.index("ill") < told.index("well 0") < told.index("well 1")
    assert "well 2" not in told
    assert told.endswith("\n… and 7 sources more")


@given(st.integers(0, 40), st.text(max_size=200), st.text(max_size=300), st.integers(400, 4096))
def test_it_keeps_to_its_room(count: int, name: str, why: str, room: int) -> None:
    """Names and reasons come from outside, in any script."""
    days = week(*[123] * 3)
    ill = [health(f"{n}{name}", days, why=why or None, failures=10**6) for n in range(count)]
    for language in (ENGLISH, speak("zh")):
        written = write_sources(language, ill, room)
        assert written.length == utf16_length(parse_html(written.html)[0]) <= room


def test_line_breaks_too_take_room() -> None:
    assert 4000 < write_sources(ENGLISH, [health("s")] * 200, 4096).length <= 4096


def test_no_source_at_all_is_told_with_what_to_do() -> None:
    assert said() == "<b>Sources</b>\nnone: set DUMPS_DIR or SOURCES"
