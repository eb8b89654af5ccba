"""What came of it: the promises held against the ledger and the letters, each broken one in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from benchmarks.crash.books import Books, Entry
from benchmarks.crash.crowd import Crowd, digest_of
from benchmarks.crash.town import Town
from benchmarks.postoffice import Letter

_OPEN = ("planned", "sending")
_GIVEN_UP = ("failed", "skipped")


@dataclass(slots=True)
class Verdict:
    """Counts, and all that is wrong in words."""

    due: int = 0
    states: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    votes_lost: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def broken(self) -> Iterator[str]:
        """All that breaks a promise; a duplicate does only where ``other`` says so."""
        yield from self.lost
        yield from self.votes_lost
        yield from self.other


def judge(  # noqa: PLR0913, PLR0917 - all that there is to see
    books: Books,
    town: Town,
    crowd: Crowd,
    letters: Sequence[Letter],
    in_flight: Sequence[Sequence[tuple[int, int]]],
    until: datetime,
) -> Verdict:
    """Hold what was promised up to a moment, at which all is settled, against what became of it."""
    verdict = Verdict(states=Counter(entry.state for entry in books.entries))
    if books.fault:
        verdict.other.append(f"the database is broken: {books.fault}")
    _judge_days(verdict, books.entries, town, until)
    _judge_entries(verdict, books.entries, letters, town.refused_at)
    _judge_letters(verdict, books, letters, in_flight)
    _judge_votes(verdict, crowd, books)
    return verdict


def _judge_days(verdict: Verdict, entries: Collection[Entry], town: Town, until: datetime) -> None:
    """Each local day that was due has a row, and no other day has."""
    days: defaultdict[int, set[date]] = defaultdict(set)
    for entry in entries:
        if entry.local_day:
            days[entry.chat_id].add(entry.local_day)
    for chat_id in town.residents:
        expected = set(town.expected(chat_id, until))
        verdict.due += len(expected)
        verdict.lost += [f"chat {chat_id}: nothing on {day}" for day in sorted(expected - days[chat_id])]
        unasked = sorted(days[chat_id] - expected)
        verdict.other += [f"chat {chat_id}: a digest on {day}, which was not due" for day in unasked]


def _judge_entries(
    verdict: Verdict, entries: Collection[Entry], letters: Collection[Letter], refusing: Collection[int]
) -> None:
    """What is written down as sent has come; nothing is left over, and nothing given up without a refusal."""
    came = {(letter.chat_id, letter.message_id) for letter in letters}
    for entry in entries:
        if entry.state in _OPEN:
            verdict.lost.append(f"{_name(entry)} is still {entry.state}")
        elif entry.state == "sent" and (entry.chat_id, entry.message_id) not in came:
            verdict.lost.append(f"{_name(entry)} never came, though it is sent as {entry.message_id}")
        elif entry.state in _GIVEN_UP and entry.chat_id not in refusing:
            verdict.other.append(f"{_name(entry)} is {entry.state} without a cause: {entry.why}")


def _judge_letters(
    verdict: Verdict,
    books: Books,
    letters: Sequence[Letter],
    in_flight: Sequence[Sequence[tuple[int, int]]],
) -> None:
    """A digest comes once, to its own chat, and once more for each kill that it was in flight at."""
    chats = {entry.id: entry.chat_id for entry in books.entries}
    times: Counter[int] = Counter()
    for letter in letters:
        digest_id = digest_of(letter)
        if digest_id is None:
            verdict.other.append(f"chat {letter.chat_id} was sent what is no digest: {letter.text[:80]!r}")
        elif chats.get(digest_id) != letter.chat_id:
            verdict.other.append(f"chat {letter.chat_id} was sent digest {digest_id}, which is not its own")
        else:
            times[digest_id] += 1
    _judge_times(verdict, times, in_flight)
    _judge_papers(verdict, times, chats, books.picks)


def _judge_times(
    verdict: Verdict, times: Mapping[int, int], in_flight: Sequence[Sequence[tuple[int, int]]]
) -> None:
    excused = Counter(digest_id for kill in in_flight for digest_id, _ in kill)
    for digest_id, count in times.items():
        verdict.duplicates += [f"digest {digest_id} came again"] * (count - 1)
        if count - 1 > excused[digest_id]:
            verdict.other.append(
                f"digest {digest_id} came {count} times, and was in flight at {excused[digest_id]} kills"
            )
    for number, kill in enumerate(in_flight):
        crowded = [chat_id for chat_id, count in Counter(chat for _, chat in kill).items() if count > 1]
        verdict.other += [f"chat {chat_id} had two in flight at kill {number}" for chat_id in crowded]


def _judge_papers(
    verdict: Verdict,
    times: Mapping[int, int],
    chats: Mapping[int, int],
    picks: Mapping[tuple[int, int], int],
) -> None:
    given = Counter(
        (chats[digest_id], paper) for (digest_id, _), paper in picks.items() if digest_id in times
    )
    for (chat_id, paper), count in given.items():
        if count > 1:
            verdict.duplicates += [f"chat {chat_id} got paper {paper} again"] * (count - 1)
            verdict.other.append(f"chat {chat_id} got paper {paper} in {count} digests")


def _judge_votes(verdict: Verdict, crowd: Crowd, books: Books) -> None:
    """Each press counted exactly once."""
    expected = crowd.expect_votes(books.picks)
    for ballot in sorted(expected.keys() | books.votes.keys()):
        meant, kept = expected.get(ballot), books.votes.get(ballot)
        if meant is not kept:
            verdict.votes_lost.append(
                "in chat {} person {} on paper {}: ".format(*ballot)
                + f"meant {_way(meant)}, kept {_way(kept)}"
            )


def _way(up: bool | None) -> str:  # noqa: FBT001 - a vote is a direction
    return {True: "up", False: "down", None: "none"}[up]


def _name(entry: Entry) -> str:
    return f"digest {entry.id} of chat {entry.chat_id} for {entry.local_day}"
