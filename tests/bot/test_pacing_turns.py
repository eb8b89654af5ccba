"""Whose turn it is: answers first but not always, chats in nobody's way, limits kept, nobody forgotten."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing.chat_pace import BURST
from bot.pacing.errand import Chat, Errand, is_group
from bot.pacing.floods import Floods
from bot.pacing.limits import NO_LIMITS, Limits, Urgency
from bot.pacing.queues import Ticket
from bot.pacing.turns import MANY_CHATS, PATIENCE, Turns

ANSWER, PUSH = Urgency.ANSWER, Urgency.PUSH
START = 1000.0
TIGHT = Limits(per_second=5, per_chat_second=1, per_group_minute=8)

CHATS = st.sampled_from([1, 2, 3, -1, "@lab"])
ARRIVALS = st.lists(st.tuples(st.floats(0, 3), CHATS, st.sampled_from(Urgency)), max_size=60)
LATENESS = st.lists(st.floats(0, 0.3), min_size=1, max_size=10)


@dataclass
class Counter:
    """A counter where people queue up; it writes down who was served when."""

    limits: Limits = field(default_factory=Limits)
    now: float = START
    served: list[tuple[float, Ticket]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.floods = Floods()
        self.turns = Turns(self.limits, self.floods)

    def come(self, chat: Chat, urgency: Urgency) -> Ticket:
        return self.turns.join(chat, urgency, self.now)

    def flood(self, chat: Chat, seconds: float) -> None:
        self.floods.begin(Errand("sendMessage", chat, ANSWER), self.now, seconds)

    def serve_all_now(self) -> list[Ticket]:
        """Serve whoever may be served at this time."""
        before = len(self.served)
        while ticket := self.turns.first(self.now):
            assert self.turns.take(ticket, self.now)
            self.served.append((self.now, ticket))
        return [ticket for _, ticket in self.served[before:]]

    def serve_until(self, end: float, lateness: itertools.cycle[float] | None = None) -> None:
        """Serve on, a little late each time if so told, until a time or until nobody waits."""
        while True:
            self.serve_all_now()
            soonest = self.turns.next_at()
            if soonest is None or soonest > end:
                self.now = max(self.now, end)
                return
            self.now = max(self.now, soonest) + (next(lateness) if lateness else 0.0)


def open_counter() -> Counter:
    """Open a counter at which only the order counts: one turn at a time, and chats without limits."""
    return Counter(Limits(10, None, None))


def test_answers_go_before_pushes_and_every_third_turn_is_a_pushs() -> None:
    """Where both wait: two answers, a push, two answers, a push; in each lane as they came."""
    counter = open_counter()
    pushes = [counter.come(100 + number, PUSH) for number in range(4)]
    answers = [counter.come(number, ANSWER) for number in range(6)]
    counter.serve_until(START + 60)
    a, p = iter(answers), iter(pushes)
    order = [next(p) if lane == "p" else next(a) for lane in "aapaapaapp"]
    assert [ticket for _, ticket in counter.served] == order


def test_answers_without_pushes_owe_them_nothing() -> None:
    """A push that comes after many answers waits for two more, not for fewer."""
    counter = open_counter()
    for number in range(5):
        counter.come(number, ANSWER)
    counter.serve_until(START + 60)
    push = counter.come(100, PUSH)
    counter.come(1, ANSWER)
    counter.serve_until(START + 120)
    assert counter.served[-1][1] is push


def test_who_waits_for_their_own_chat_holds_up_nobody() -> None:
    """A chat that was written to too often lets others by, and is served when its time has come."""
    counter = Counter(Limits(None, 1, None))
    fast = [counter.come(1, ANSWER) for _ in range(BURST + 1)]
    other = counter.come(2, ANSWER)
    assert counter.serve_all_now() == [*fast[:BURST], other]
    counter.serve_until(START + 60)
    when, last = counter.served[-1]
    assert last is fast[-1]
    assert when == pytest.approx(START + 1.05)


def test_a_push_waits_until_its_chat_is_quiet() -> None:
    """After five quick answers a push comes five seconds later: five more would fit again by then."""
    counter = Counter()
    for _ in range(5):
        counter.come(7, ANSWER)
    counter.serve_until(START + 0.5)
    counter.come(7, PUSH)
    counter.serve_until(START + 60)
    assert counter.served[-1][0] - START == pytest.approx(5 * 1.05, abs=0.2)


@pytest.mark.parametrize("chat", [7, -5, "@lab"])
@pytest.mark.parametrize("gap", [0.3, 0.99, 1.5, 3.1])
def test_a_push_is_not_starved_by_a_chat_that_never_rests(chat: Chat, gap: float) -> None:
    """However people tap without end: no answer that is asked for after its patience goes before the push."""
    counter = Counter()
    push = counter.come(chat, PUSH)
    counter.come(chat, ANSWER)
    counter.turns.first(counter.now)
    while all(ticket is not push for _, ticket in counter.served) and counter.now < START + 3600:
        counter.come(chat, ANSWER)
        counter.serve_until(counter.now + gap)
    went_before = list(itertools.takewhile(lambda one: one[1] is not push, counter.served))
    assert len(went_before) < len(counter.served)
    assert all(ticket.since <= START + PATIENCE + 1 for _, ticket in went_before)


def test_whoever_leaves_gives_the_turn_to_the_next() -> None:
    """Those who leave are passed over, from whichever place; leaving twice is leaving."""
    counter = open_counter()
    tickets = [counter.come(chat, ANSWER) for chat in (1, 1, 2, 1, 3)]
    for gone in (0, 2, 3, 0):
        counter.turns.leave(tickets[gone])
    counter.serve_until(START + 60)
    assert [ticket for _, ticket in counter.served] == [tickets[1], tickets[4]]
    assert counter.turns.next_at() is None


def test_only_the_first_may_take_the_turn() -> None:
    """Whoever is not first, or comes before the time, takes nothing."""
    counter = open_counter()
    first, second = counter.come(1, ANSWER), counter.come(2, ANSWER)
    assert not counter.turns.take(second, counter.now)
    assert counter.turns.take(first, counter.now)
    assert not counter.turns.take(second, counter.now)
    assert counter.turns.take(second, counter.now + 0.11)


def test_chats_that_are_idle_are_forgotten() -> None:
    """Five thousand chats in a row leave no more behind than there were at one time."""
    counter = Counter(Limits(None, 1, 20))
    for number in range(5_000):
        counter.come(number - 2_500, PUSH)
        counter.serve_until(counter.now + 0.1)
    assert len(counter.turns) <= 2 * MANY_CHATS


@pytest.mark.parametrize("comes_first", [True, False])
def test_a_used_up_minute_is_not_forgotten(comes_first: bool) -> None:
    """Whether somebody waits for a group or not, its count is kept, however many others are written to."""
    counter = Counter(Limits(None, 1, 3))
    for _ in range(3):
        counter.come(-5, ANSWER)
    counter.serve_all_now()
    fourth = counter.come(-5, ANSWER) if comes_first else None
    for number in range(3 * MANY_CHATS):
        counter.come(number, PUSH)
        counter.serve_until(counter.now + 0.01)
    fourth = fourth or counter.come(-5, ANSWER)
    counter.serve_until(START + 61)
    when, last = counter.served[-1]
    assert last is fourth
    assert when == pytest.approx(START + 60.5)


def test_without_limits_nobody_waits() -> None:
    """However many come at once, all are served at once, in their order."""
    counter = Counter(NO_LIMITS)
    tickets = [counter.come(number % 3, ANSWER) for number in range(100)]
    assert counter.serve_all_now() == tickets


def test_a_pause_holds_its_chat_and_no_other() -> None:
    """Nothing goes into a chat before its pause is over, to the moment; others are served meanwhile."""
    counter = Counter()
    counter.flood(1, 40)
    held, free = counter.come(1, ANSWER), counter.come(2, ANSWER)
    counter.serve_until(START + 60)
    assert counter.served == [(START, free), (START + 40, held)]


def test_two_pauses_hold_everybody() -> None:
    """Where a second chat is paused meanwhile nobody is served until that pause is over."""
    counter = Counter()
    counter.flood(1, 3)
    counter.flood(2, 40)
    third = counter.come(3, ANSWER)
    counter.serve_until(START + 60)
    assert counter.served == [(START + 40, third)]


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_pushes_that_lost_patience_still_go_one_a_second(is_cancelled: bool) -> None:
    """When a group's minute is over at last, two pushes that waited long are a second apart, and in order."""
    counter = Counter(TIGHT)
    for _ in range(9):
        counter.come(-5, ANSWER)
    pushes = [counter.come(-5, PUSH) for _ in range(3)]
    counter.serve_until(START + 50)
    if is_cancelled:
        counter.turns.leave(pushes.pop(0))
    counter.serve_until(START + 600)
    times = [when for when, ticket in counter.served if ticket.urgency is PUSH]
    assert [ticket for _, ticket in counter.served if ticket.urgency is PUSH] == pushes
    check_window(times, 1, 1.0)


@given(arrivals=ARRIVALS, lateness=LATENESS)
def test_limits_hold_order_holds_and_everybody_is_served(
    arrivals: list[tuple[float, Chat, Urgency]], lateness: list[float]
) -> None:
    """Whoever comes when, and however late turns are taken."""
    counter, late = Counter(TIGHT), itertools.cycle(lateness)
    come = []
    for gap, chat, urgency in arrivals:
        counter.serve_until(counter.now + gap, late)
        come.append(counter.come(chat, urgency))
    counter.serve_until(counter.now + 3600, late)
    assert {ticket.number for _, ticket in counter.served} == {ticket.number for ticket in come}
    check_limits(counter.served)
    check_order(counter.served)


@given(
    arrivals=ARRIVALS,
    floods=st.lists(st.tuples(st.integers(0, 60), CHATS, st.floats(0.1, 20)), max_size=6),
    lateness=LATENESS,
)
def test_nothing_goes_during_a_pause(
    arrivals: list[tuple[float, Chat, Urgency]], floods: list[tuple[int, Chat, float]], lateness: list[float]
) -> None:
    """Whatever pauses begin at whatever times: none is broken, and afterwards all are served."""
    counter, late = Counter(TIGHT), itertools.cycle(lateness)
    pauses: list[tuple[Chat, float, float]] = []
    for step, (gap, chat, urgency) in enumerate(arrivals):
        counter.serve_until(counter.now + gap, late)
        counter.come(chat, urgency)
        for _, flooded, seconds in (flood for flood in floods if flood[0] == step):
            counter.flood(flooded, seconds)
            pauses.append((flooded, counter.now, counter.now + seconds))
    counter.serve_until(counter.now + 3600, late)
    assert len(counter.served) == len(arrivals)
    for (when, ticket), (chat, begun, end) in itertools.product(counter.served, pauses):
        assert not (ticket.chat == chat and begun < when < end)
    for (one, _, end), (other, second, second_end) in itertools.combinations(pauses, 2):
        if one != other and second < end:
            assert not any(second < when < second_end for when, _ in counter.served)


def check_limits(served: list[tuple[float, Ticket]]) -> None:
    """Check that no window holds more than its limit, of any kind."""
    check_window([when for when, _ in served], 5, 1.0)
    for chat, times in by_chat(served).items():
        for first, last in itertools.combinations(range(len(times)), 2):
            assert last - first + 1 <= BURST + 1 + (times[last] - times[first])
        if is_group(chat):
            check_window(times, 8, 60.0)
    pushes = [(when, ticket) for when, ticket in served if ticket.urgency is PUSH]
    for times in by_chat(pushes).values():
        check_window(times, 1, 1.0)


def check_window(times: list[float], most: int, span: float) -> None:
    """Check that any span holds at most so many."""
    assert all(later - earlier >= span for earlier, later in zip(times, times[most:], strict=False))


def check_order(served: list[tuple[float, Ticket]]) -> None:
    """Check that within a chat and lane those who came first went first."""
    lanes = defaultdict(list)
    for _, ticket in served:
        lanes[ticket.chat, ticket.urgency].append(ticket.number)
    assert all(numbers == sorted(numbers) for numbers in lanes.values())


def by_chat(served: list[tuple[float, Ticket]]) -> dict[Chat, list[float]]:
    """Gather the times by chat."""
    times: dict[Chat, list[float]] = defaultdict(list)
    for when, ticket in served:
        times[ticket.chat].append(when)
    return times
