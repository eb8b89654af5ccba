"""The maths of the pace: what one call says may go, never breaks a limit, however late it is called."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing.allowances import Bucket, Window
from bot.pacing.chat_pace import BURST, ChatPace
from bot.pacing.errand import Chat
from bot.pacing.limits import NO_LIMITS, Limits, Urgency
from bot.pacing.spacing import Spacing

LATE = st.lists(st.floats(0, 0.2), min_size=100, max_size=200)
COUNTS = st.integers(1, 40)


@given(rate=COUNTS, late=LATE)
def test_no_second_holds_more_than_its_limit(rate: int, late: list[float]) -> None:
    """However late each turn is taken, no window of one second ever holds more than the rate."""
    taken = take_turns(Spacing(rate), late)
    assert all(later - earlier > 1 for earlier, later in zip(taken, taken[rate:], strict=False))


@given(late=st.lists(st.floats(0, 0.01), min_size=1, max_size=50))
def test_small_delays_do_not_lower_the_rate(late: list[float]) -> None:
    """Turns that are each some milliseconds late add up to no delay: 30 a second within 2 %."""
    taken = take_turns(Spacing(30), list(itertools.islice(itertools.cycle(late), 600)))
    assert (len(taken) - 1) / (taken[-1] - taken[0]) > 30 * 0.98


def test_a_blocked_loop_does_not_lower_the_rate() -> None:
    """A loop that is deaf for 50 ms of each 125 still takes 30 turns a second within 2 %."""
    spacing, now = Spacing(30), 7.0
    taken: list[float] = []
    while len(taken) < 600:
        now = max(now, spacing.ready_at)
        since_slice = now % 0.125
        now += max(0.05 - since_slice, 0)
        spacing.take(now)
        taken.append(now)
    assert (len(taken) - 1) / (taken[-1] - taken[0]) > 30 * 0.98


def test_turns_are_even() -> None:
    """At their times turns are a thirtieth of a second apart, the very first too."""
    taken = take_turns(Spacing(30), [0.0] * 90)
    gaps = [later - earlier for earlier, later in itertools.pairwise(taken)]
    assert gaps == pytest.approx([1.015 / 30] * 89)


@given(rest=st.floats(0.2, 100))
def test_after_a_rest_nothing_bursts_out(rest: float) -> None:
    """What a stall or a rest held back is not made up: the turns after it are even."""
    taken = take_turns(Spacing(30), [*[0.0] * 30, rest, *[0.0] * 10])
    gaps = [later - earlier for earlier, later in itertools.pairwise(taken[30:])]
    assert gaps == pytest.approx([1.015 / 30] * 10)


def test_what_is_late_is_made_up() -> None:
    """After a turn that is 60 ms late two follow at once, and then all is as if nothing had been."""
    undisturbed = take_turns(Spacing(30), [0.0] * 40)
    taken = take_turns(Spacing(30), [*[0.0] * 5, 0.06, *[0.0] * 34])
    assert taken[6] == taken[5]
    assert taken[8:34] == pytest.approx(undisturbed[8:34])


@given(rate=st.floats(0.2, 40), span=st.sampled_from([1.0, 60.0]), late=LATE)
def test_a_window_holds_no_more_than_its_rate(rate: float, span: float, late: list[float]) -> None:
    """Whatever the rate, one with a fraction too, what goes in any span keeps to it."""
    window, now, taken = Window(rate, span), 0.0, []
    for delay in late:
        now = max(now, window.ready_at()) + delay
        window.take(now)
        taken.append(now)
    most = max(1, math.floor(rate))
    pairs = zip(taken, taken[most:], strict=False)
    assert all(later - earlier >= span * most / rate - 1e-9 for earlier, later in pairs)


def test_a_window_spares_what_it_is_told_to() -> None:
    """With three of five to spare two go, and the others still fit at once."""
    window = Window(5, 60)
    window.take(0)
    assert window.ready_at(spared=3) <= 1
    window.take(1)
    assert window.ready_at(spared=3) == 60
    assert window.ready_at() <= 1


def test_a_bucket_lets_a_burst_go_and_then_one_a_second() -> None:
    """Five at once, the sixth a second later; after a rest five again."""
    bucket = Bucket(1, 5)
    for _ in range(5):
        assert bucket.ready_at() <= 0
        bucket.take(0)
    assert bucket.ready_at() == pytest.approx(1.05)
    assert bucket.ready_at(spared=4) == pytest.approx(5 * 1.05)


@pytest.mark.parametrize(("chat", "most"), [(7, BURST), (-5, BURST), ("@lab", BURST)])
def test_what_is_pushed_leaves_a_burst_for_who_taps(chat: Chat, most: int) -> None:
    """A push into a chat just written to waits, an answer does not; after a push four answers may follow."""
    pace = ChatPace(chat, Limits())
    assert pace.ready_at(Urgency.PUSH) <= 0
    pace.take(0)
    assert pace.ready_at(Urgency.PUSH) == pytest.approx(1.05)
    for _ in range(most - 1):
        assert pace.ready_at(Urgency.ANSWER) <= 0
        pace.take(0)
    assert pace.ready_at(Urgency.ANSWER) > 1


@pytest.mark.parametrize("group", [-5, "@lab"])
def test_the_last_fourth_of_a_groups_minute_is_for_who_taps(group: Chat) -> None:
    """After fifteen messages pushes wait until the minute is over, answers after twenty."""
    pace = ChatPace(group, Limits(per_chat_second=None))
    for second in range(15):
        assert pace.ready_at(Urgency.PUSH) <= second
        pace.take(second)
    assert pace.ready_at(Urgency.PUSH) == pytest.approx(60.5)
    for second in range(15, 20):
        assert pace.ready_at(Urgency.ANSWER) <= second
        pace.take(second)
    assert pace.ready_at(Urgency.ANSWER) == pytest.approx(60.5)


def test_a_private_chat_has_no_minute() -> None:
    """Sixty answers a minute go where one person talks with the bot."""
    pace = ChatPace(7, Limits())
    for number in range(60):
        pace.take(1.05 * number)
    assert pace.ready_at(Urgency.ANSWER) <= 63


@given(taken=st.lists(st.floats(0, 100), max_size=30).map(sorted))
def test_without_limits_everything_goes_at_once(taken: list[float]) -> None:
    """No limit in all and none a chat: whatever went before, the next may go."""
    spacing, pace = Spacing(NO_LIMITS.per_second), ChatPace(-5, NO_LIMITS)
    for now in taken:
        assert max(spacing.ready_at, pace.ready_at(Urgency.ANSWER), pace.ready_at(Urgency.PUSH)) <= now
        spacing.take(now)
        pace.take(now)


def take_turns(spacing: Spacing, late: list[float]) -> list[float]:
    """Take turns as soon as they come, but each so much too late."""
    now, taken = 0.0, []
    for delay in late:
        now = max(now, spacing.ready_at) + delay
        spacing.take(now)
        taken.append(now)
    return taken
