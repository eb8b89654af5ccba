"""Takes what a reader brought in a file or a message into what is kept of their chat.

Adds only: what the chat said itself, and what it said later, stands; the same file again changes nothing. A
paper that no dump has brought becomes an interest of this chat, never a paper that others could be sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.formats.collection import MOST_INTERESTS, Collection, Entry
from recommender.first_history import state, state_paper
from recommender.interests import Interests
from recommender.rules import MOST_RULES, Rule
from recommender.values import Interest, Vote
from storage import interests, papers, recognition, rules, saved, votes
from storage.identity import wording

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose things are taken in: a chat's, and as votes one person's in it."""

    chat_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What is new after something was taken in.

    Attributes:
        known: Papers that are known, whether they changed anything or not.
        liked: Papers that are likes now and were none; `disliked` and `saved` likewise.
        guiding: Papers that are not known and guide by their text.
        stated: Interests in words.
        ruled: Rules.
        unknown: Papers that were saved elsewhere, and that cannot be saved here as they are not known.
        beyond: Interests and rules for which there was no room.
    """

    known: int = 0
    liked: int = 0
    disliked: int = 0
    saved: int = 0
    guiding: int = 0
    stated: int = 0
    ruled: int = 0
    unknown: int = 0
    beyond: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nothing changed."""
        return not any((self.liked, self.disliked, self.saved, self.guiding, self.stated, self.ruled))


async def take_in(session: AsyncSession, owner: Owner, brought: Collection, now: datetime) -> Taken:
    """Take a collection in: papers that are known as votes and saved ones, all else as interests and rules.

    A paper of a library without votes is liked. A vote or a saved paper keeps its date; one without counts as
    older than all votes of the chat.
    """
    known = await recognise(session, brought.entries)
    cast = await _vote(session, owner, brought.entries, known, now)
    strangers = [entry for place, entry in enumerate(brought.entries) if place not in known]
    guides = [_state(entry) for entry in strangers if _opinion(entry) is not None]
    phrases = state(_split(brought.interests))
    guiding, stated, no_room = await _state_new(session, owner.chat_id, guides, phrases, now)
    ruled, too_many = await _rule(session, owner.chat_id, brought.rules, now)
    return Taken(
        known=len(known),
        liked=sum(vote.up for vote in cast),
        disliked=sum(not vote.up for vote in cast),
        saved=await _save(session, owner.chat_id, brought.entries, known, now),
        guiding=guiding,
        stated=stated,
        ruled=ruled,
        unknown=len(strangers) - len(guides),
        beyond=no_room + too_many,
    )


async def recognise(session: AsyncSession, entries: Sequence[Entry]) -> dict[int, int]:
    """Find the papers that entries are about: by arXiv id, else by wording, else by title.

    Two different arXiv ids are never one paper.

    Returns:
        Paper ids by the places of the entries, in order; those of papers that are not known are left out.
    """
    ids = [entry.arxiv_id for entry in entries]
    keys = [wording(entry.title, entry.abstract) for entry in entries]
    named = await papers.by_arxiv_id(session, {arxiv_id for arxiv_id in ids if arxiv_id})
    worded = await recognition.by_wording(session, set(keys))
    found = {
        place: paper_id
        for place, (arxiv_id, key) in enumerate(zip(ids, keys, strict=True))
        if (paper_id := named.get(arxiv_id or "") or worded.get(key)) is not None
    }
    left = {entry.title for place, entry in enumerate(entries) if place not in found}
    titled = await recognition.by_title(session, left)
    found |= {
        place: titled[entry.title]
        for place, entry in enumerate(entries)
        if place not in found and entry.title in titled
    }
    known = await papers.get(session, set(found.values()))
    return {
        place: paper_id
        for place, paper_id in sorted(found.items())
        if ids[place] is None or known[paper_id].arxiv_id in {None, ids[place]}
    }


def _opinion(entry: Entry) -> bool | None:
    """Tell which vote an entry is; what was only saved is none."""
    return (None if entry.saved else True) if entry.up is None else entry.up


async def _vote(
    session: AsyncSession, owner: Owner, entries: Sequence[Entry], known: dict[int, int], now: datetime
) -> list[Vote]:
    """Cast the votes of entries whose papers are known, of two on one paper the newer."""
    cast = await votes.of_chat(session, owner.chat_id)
    before = min([now, *(vote.at for vote in cast[:1])])
    ballots: dict[int, Vote] = {}
    for age, (place, paper_id) in enumerate(reversed(known.items()), 1):
        up, undated = _opinion(entries[place]), before - timedelta(seconds=age)
        at = _moment(entries[place].at, undated, now)
        if up is not None and (paper_id not in ballots or ballots[paper_id].at < at):
            ballots[paper_id] = Vote(paper_id, up, at)
    return await votes.put_older(session, owner.chat_id, owner.person_id, list(ballots.values()))


async def _save(
    session: AsyncSession, chat_id: int, entries: Sequence[Entry], known: dict[int, int], now: datetime
) -> int:
    """Save what was saved or has a note; a note of the chat's own stands."""
    wanted: dict[int, tuple[str | None, datetime]] = {}
    for place, paper_id in known.items():
        entry = entries[place]
        if entry.saved or entry.note is not None:
            note, at = wanted.get(paper_id, (None, _moment(entry.at, now, now)))
            wanted[paper_id] = (note or entry.note or None, at)
    before = await saved.among(session, chat_id, wanted)
    await saved.put_all(session, chat_id, wanted)
    return len(wanted.keys() - before)


async def _state_new(
    session: AsyncSession,
    chat_id: int,
    guides: Iterable[Interest],
    phrases: Iterable[Interest],
    now: datetime,
) -> tuple[int, int, int]:
    """Keep interests that the chat has not stated: how many papers and phrases are new, how many too many."""
    had = {interest.id for interest in await interests.of_chat(session, chat_id)}
    fresh = {said.id: said for said in (*phrases, *guides) if said.id not in had}
    room = max(MOST_INTERESTS - len(had), 0)
    kept = list(fresh.values())[:room]
    await interests.put(session, chat_id, kept, now)
    guiding = sum(interest.text is not None for interest in kept)
    return guiding, len(kept) - guiding, len(fresh) - len(kept)


async def _rule(
    session: AsyncSession, chat_id: int, brought: Sequence[Rule], now: datetime
) -> tuple[int, int]:
    """Keep rules: how many are new, and for how many there was no room."""
    room, new = MOST_RULES - await rules.count(session, chat_id), 0
    for place, rule in enumerate(brought):
        if new >= room:
            return new, len(brought) - place
        new += await rules.put(session, chat_id, rule, now)
    return new, 0


def _state(entry: Entry) -> Interest:
    return state_paper(entry.title, entry.abstract, wanted=_opinion(entry) is not False)


def _split(phrases: Sequence[tuple[str, bool]]) -> Interests:
    wanted = tuple(phrase for phrase, is_wanted in phrases if is_wanted)
    return Interests(wanted, tuple(phrase for phrase, is_wanted in phrases if not is_wanted))


def _moment(told: datetime | None, otherwise: datetime, now: datetime) -> datetime:
    """Take a file's date, which may be in the future or before all time."""
    return otherwise if told is None else min(max(told, _EARLIEST), now)
