"""Whose planning failed is tried ever more seldom, within an hour at most; in memory, which has an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.planning.patience import FIRST_REST, LONGEST_REST, Patience

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
CHAT, OTHER = 7, 8


def test_who_never_failed_rests_never() -> None:
    patience = Patience()
    assert CHAT not in patience
    assert not patience.rests(CHAT, NOW)
    assert patience.resting(NOW).tolist() == []


def test_each_failure_doubles_the_rest_up_to_an_hour() -> None:
    patience = Patience()
    rests = [patience.note(CHAT, NOW) for _ in range(10)]
    assert rests[:3] == [FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST]
    assert rests[-2:] == [LONGEST_REST, LONGEST_REST]
    assert LONGEST_REST + timedelta(seconds=30) < timedelta(hours=1)


def test_a_rest_begins_with_the_failure_and_ends() -> None:
    patience = Patience()
    rest = patience.note(CHAT, NOW)
    last = NOW + rest - timedelta.resolution
    assert patience.rests(CHAT, NOW)
    assert patience.rests(CHAT, last)
    assert patience.resting(last).tolist() == [CHAT]
    assert not patience.rests(CHAT, NOW + rest)
    assert patience.resting(NOW + rest).tolist() == []
    assert CHAT in patience


def test_a_clock_that_was_set_back_makes_nobody_wait_for_it() -> None:
    """A failure of next year, by the clock of then, is no reason to rest until then."""
    patience = Patience()
    patience.note(CHAT, NOW + timedelta(days=365))
    assert not patience.rests(CHAT, NOW)


def test_who_is_forgotten_begins_anew() -> None:
    patience = Patience()
    patience.note(CHAT, NOW)
    patience.note(CHAT, NOW)
    patience.forget(CHAT)
    patience.forget(OTHER)
    assert CHAT not in patience
    assert patience.note(CHAT, NOW) == FIRST_REST


def test_of_too_many_those_who_failed_longest_ago_are_forgotten() -> None:
    patience = Patience(most=2)
    for chat_id in (CHAT, OTHER, CHAT, 9):
        patience.note(chat_id, NOW)
    assert [chat_id in patience for chat_id in (CHAT, OTHER, 9)] == [True, False, True]
