"""The judge of crashes notices what it is there to notice."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from benchmarks.crash.books import Books, Entry
from benchmarks.crash.calendar import due_moments
from benchmarks.crash.crowd import Crowd
from benchmarks.crash.town import FIRST, Town
from benchmarks.crash.verdict import Verdict, judge
from benchmarks.postoffice import Letter, PostOffice

UNTIL = FIRST + timedelta(days=1, hours=12)
PAPERS = 3


def dice() -> random.Random:
    return random.Random(3)  # noqa: S311 - the same story each time


@dataclass
class Story:
    """A town in which all went well: each digest came, with one paper, and each press counted."""

    town: Town = field(default_factory=lambda: Town(8, dice()))
    office: PostOffice = field(default_factory=PostOffice)
    entries: list[Entry] = field(default_factory=list)
    in_flight: list[list[tuple[int, int]]] = field(default_factory=list)
    fault: str | None = None

    def __post_init__(self) -> None:
        for chat_id in self.town.residents:
            for day in self.town.expected(chat_id, UNTIL):
                digest_id = len(self.entries) + 1
                self.entries.append(Entry(digest_id, chat_id, day, "sent", digest_id, None))
                self.deliver(digest_id, chat_id)
        self.crowd = Crowd(self.office, self.town, dice())

    def deliver(self, digest_id: int, chat_id: int, message_id: int | None = None) -> None:
        buttons = (f"vote:{digest_id}:0:up", f"vote:{digest_id}:0:down")
        self.office.letters.append(Letter(chat_id, message_id or digest_id, 0.0, "…", buttons))

    def change(self, **what: object) -> Entry:
        """Change the first entry."""
        self.entries[0] = replace(self.entries[0], **what)
        return self.entries[0]

    def judge(self, picks: dict[tuple[int, int], int] | None = None) -> Verdict:
        picks = picks or {(entry.id, 0): entry.id for entry in self.entries}
        books = Books(tuple(self.entries), picks, self.crowd.expect_votes(picks), self.fault)
        return judge(books, self.town, self.crowd, self.office.letters, self.in_flight, UNTIL)


@pytest.fixture
def story() -> Story:
    return Story()


async def test_where_all_went_well_nothing_is_broken(story: Story) -> None:
    story.crowd.press(30)
    verdict = story.judge()
    assert list(verdict.broken) == []
    assert verdict.duplicates == []
    assert verdict.due == len(story.entries) > 8


def test_a_day_without_an_entry_is_lost(story: Story) -> None:
    story.entries.pop()
    story.office.letters.pop()
    assert len(story.judge().lost) == 1


@pytest.mark.parametrize("state", ["planned", "sending"])
def test_an_entry_that_is_left_over_is_lost(story: Story, state: str) -> None:
    story.change(state=state)
    assert len(story.judge().lost) == 1


def test_an_entry_whose_letter_never_came_is_lost(story: Story) -> None:
    story.change(message_id=10_000)
    assert len(story.judge().lost) == 1


@pytest.mark.parametrize("state", ["failed", "skipped"])
def test_nothing_is_given_up_without_a_cause(story: Story, state: str) -> None:
    story.change(state=state)
    assert len(story.judge().other) == 1


def test_a_day_that_was_not_due_has_no_digest(story: Story) -> None:
    story.change(local_day=date(2020, 1, 1))
    verdict = story.judge()
    assert (len(verdict.lost), len(verdict.other)) == (1, 1)


def test_a_digest_in_flight_at_a_kill_may_come_twice(story: Story) -> None:
    entry = story.entries[0]
    story.deliver(entry.id, entry.chat_id, 10_000)
    story.in_flight = [[(entry.id, entry.chat_id)]]
    verdict = story.judge()
    assert len(verdict.duplicates) == 1
    assert list(verdict.broken) == []


@pytest.mark.parametrize("times", [1, 2])
def test_it_may_come_no_more_often_than_that(story: Story, times: int) -> None:
    entry = story.entries[0]
    story.in_flight = [[(entry.id, entry.chat_id)]] * (times - 1)
    for number in range(times):
        story.deliver(entry.id, entry.chat_id, 10_000 + number)
    assert len(list(story.judge().broken)) == 1


def test_a_chat_has_one_in_flight(story: Story) -> None:
    story.in_flight = [[(1, 7), (2, 7), (3, 8)]]
    assert story.judge().other == ["chat 7 had two in flight at kill 0"]


def test_a_paper_comes_once_to_a_chat(story: Story) -> None:
    picks = {(entry.id, 0): 1 for entry in story.entries}
    verdict = story.judge(picks)
    assert len(verdict.duplicates) == len(story.entries) - len({entry.chat_id for entry in story.entries})
    assert verdict.other


def test_a_digest_comes_to_its_own_chat(story: Story) -> None:
    story.deliver(story.entries[0].id, story.entries[-1].chat_id, 10_000)
    assert len(story.judge().other) == 1


def test_nothing_but_digests_comes(story: Story) -> None:
    story.office.letters.append(Letter(story.entries[0].chat_id, 10_000, 0.0, "Sorry", ()))
    assert len(story.judge().other) == 1


def test_a_broken_file_is_told(story: Story) -> None:
    story.fault = "row 3 missing from index"
    assert len(story.judge().other) == 1


@pytest.mark.parametrize("is_kept", [False, True])
async def test_a_vote_that_does_not_stand_as_pressed_is_lost(story: Story, is_kept: bool) -> None:
    story.crowd.press_last(1)
    picks = {(entry.id, 0): entry.id for entry in story.entries}
    ((ballot, up),) = story.crowd.expect_votes(picks).items()
    votes = {ballot: not up} if is_kept else {}
    books = Books(tuple(story.entries), picks, votes, None)
    assert len(judge(books, story.town, story.crowd, story.office.letters, [], UNTIL).votes_lost) == 1


async def test_the_same_thumb_again_takes_a_vote_back(story: Story) -> None:
    story.crowd.press_last(1)
    story.crowd._press(story.crowd._lately[0])
    assert story.crowd.expect_votes({(entry.id, 0): entry.id for entry in story.entries}) == {}


# The calendar


def due(zone: str, hour: int, day: date) -> list[tuple[date, datetime]]:
    """Reckon what is due within a day and a half around a local day."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=18)
    found = due_moments(zone, hour, start, start + timedelta(hours=60))
    return [(local, moment.astimezone(ZoneInfo(zone))) for local, moment in found if local == day]


@pytest.mark.parametrize(
    ("zone", "hour", "day", "clock"),
    [
        ("Europe/Berlin", 8, date(2025, 10, 20), "08:00 +0200"),
        ("Europe/Berlin", 2, date(2025, 10, 26), "02:00 +0200"),  # comes twice
        ("Europe/Berlin", 2, date(2025, 3, 30), "03:00 +0200"),  # does not come
        ("Asia/Kolkata", 0, date(2025, 10, 20), "00:00 +0530"),
        ("Asia/Beirut", 0, date(2025, 3, 30), "01:00 +0300"),  # midnight does not come
    ],
)
def test_a_digest_is_due_when_the_clocks_first_show_the_hour_or_more(
    zone: str, hour: int, day: date, clock: str
) -> None:
    ((_, moment),) = due(zone, hour, day)
    assert moment.strftime("%H:%M %z") == clock


def test_of_who_refuses_a_letter_no_more_is_expected() -> None:
    """But each day up to then, also the one that was refused."""
    town = Town(1, dice())
    (chat_id,) = town.residents
    until = FIRST + timedelta(days=20)
    everything = town.expected(chat_id, until)
    (_, *_, (_, due)) = town.residents[chat_id].due(FIRST, FIRST + timedelta(days=8))
    town.residents[chat_id] = replace(town.residents[chat_id], blocks_at=due)
    assert town.refusal(chat_id, due - timedelta(seconds=1)) is None
    assert town.expected(chat_id, until) == everything
    for hours in (1, 30):
        assert town.refusal(chat_id, due + timedelta(hours=hours))
    assert town.expected(chat_id, until) == [
        day for day in everything if day <= local_day(town, chat_id, due)
    ]


def local_day(town: Town, chat_id: int, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(town.residents[chat_id].zone)).date()
