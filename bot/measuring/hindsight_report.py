"""`paperboy evaluate --database`: reads the bot's own past, replays it, and tells what came of it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from bot.measuring.evaluation import PaperboyRanker
from bot.measuring.hindsight import Almanac, Moment, Past, Tally, find_moments, group_by_fit, rank_moments
from bot.measuring.replay_report import open_vectors, read_texts, show_progress
from bot.measuring.vector_file import VectorFile
from bot.settings import Settings
from recommender.replay import ReplayPaper
from recommender.values import Slot
from storage import hindsight, papers, readers, vectors, votes
from storage.database import Database
from storage.readers import Reader
from storage.vectors import text_key

ENOUGH = 30  # likes; of fewer a share may be off by more than 18 points either way
NOTHING = (
    "Nothing can be replayed yet: no paper was liked of those that a digest brought.\n"
    "Thumbs up under digests are what this needs; {enough} of them make a first figure."
)
CAVEATS = """\
Only what was shown could be liked, so shares lean towards what chose it; those of explore picks lean least.
Upvotes are those of now, not of then, which helps the trending order."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The past of all chats that voted.

    Attributes:
        groups: Background and moments, fit by fit.
        papers: All that these name, by id.
    """

    chats: int
    groups: Sequence[tuple[Sequence[int], Sequence[Moment]]]
    papers: Mapping[str, ReplayPaper]


async def print_hindsight(settings: Settings, *, as_json: bool) -> None:
    """Replay the bot's own past; print a table, or a JSON line for each slot and one for all.

    Raises:
        StorageError: The database cannot be opened.
        VectorFileError: Vectors cannot be kept in DATA_DIR.
    """
    console = Console(stderr=True)
    known = open_vectors(settings, console)
    database = Database(settings.database)
    await database.open()
    try:
        async with database.reading() as session:
            archive = await _read_archive(session, settings)
            if known:
                keys = [text_key(paper.text) for paper in archive.papers.values()]
                known.learn(await vectors.known(session, known.fingerprint, keys))
    finally:
        await database.close()
    with show_progress(console) as bar:
        counted = await asyncio.to_thread(_count, archive, known, bar)
    if as_json:
        _print_lines(counted)
    else:
        _print_table(counted, archive.chats)


async def _read_archive(session: AsyncSession, settings: Settings) -> Archive:
    almanac = Almanac(await hindsight.arrivals(session))
    chats = await hindsight.voting_chats(session)
    pasts = [await _read_past(session, chat_id) for chat_id in chats]
    moments = [moment for past in pasts for moment in find_moments(past, almanac, settings.window)]
    groups = list(group_by_fit(moments, almanac))
    return Archive(len(chats), groups, await _read_papers(session, _list_papers(groups)))


async def _read_past(session: AsyncSession, chat_id: int) -> Past:
    reader = await readers.get(session, chat_id) or Reader(chat_id=chat_id, kind="gone")
    cast, shown = await votes.of_chat(session, chat_id), await hindsight.showings(session, chat_id)
    return Past(cast, shown, reader.picks)


def _list_papers(groups: Iterable[tuple[Sequence[int], Sequence[Moment]]]) -> set[int]:
    named: set[int] = set()
    for background, moments in groups:
        named.update(background, *((*moment.history, *moment.candidates) for moment in moments))
    return named


async def _read_papers(session: AsyncSession, paper_ids: Iterable[int]) -> dict[str, ReplayPaper]:
    found = await papers.get(session, paper_ids)
    return {
        str(paper_id): ReplayPaper(str(paper_id), paper.title, paper.abstract, paper.featured, paper.upvotes)
        for paper_id, paper in found.items()
    }


def _count(archive: Archive, known: VectorFile | None, bar: Progress) -> Tally:
    if known:
        read_texts(known, "papers", [paper.text for paper in archive.papers.values()], bar)
    counted = Tally()
    for background, moments in bar.track(archive.groups, description="replaying"):
        for moment, order in rank_moments(PaperboyRanker(known), background, moments, archive.papers):
            counted.add(moment, order)
    return counted


def _rows(counted: Tally) -> list[tuple[str, int, int, int]]:
    """Give likes and both orders' hits, slot by slot, then of all."""
    return [
        *((slot.value, counted.likes[slot], counted.ours[slot], counted.trending[slot]) for slot in Slot),
        ("all", counted.likes.total(), counted.ours.total(), counted.trending.total()),
    ]


def _print_lines(counted: Tally) -> None:
    for slot, likes, ours, trending in _rows(counted):
        enough = likes >= ENOUGH
        line: dict[str, Any] = {"set": "database", "ranker": "paperboy", "slot": slot, "likes": likes}
        shares = {"picked": round(ours / likes, 4), "trending": round(trending / likes, 4)} if likes else {}
        sys.stdout.write(json.dumps({**line, **shares, "digests": counted.moments, "enough": enough}) + "\n")


def _print_table(counted: Tally, chats: int) -> None:
    console = Console()
    if not counted.moments:
        console.print(NOTHING.format(enough=ENOUGH), soft_wrap=True)
        return
    digests = _plural(counted.moments, "digest")
    console.print(f"{digests} of {_plural(chats, 'chat')}, each with what was known then.")
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Liked as")
    for heading in ("Likes", "Ours", "Trending"):
        table.add_column(heading, justify="right")
    for slot, likes, ours, trending in _rows(counted):
        table.add_row(slot, str(likes), _share(ours, likes), _share(trending, likes))
    console.print(table)
    console.print(f"{_tell_few(counted)}{CAVEATS}", soft_wrap=True)


def _share(hits: int, likes: int) -> str:
    if not likes:
        return "-"
    return f"{hits / likes:.0%}" if likes >= ENOUGH else f"{hits} of {likes}"


def _tell_few(counted: Tally) -> str:
    few = [slot for slot, likes, _, _ in _rows(counted) if likes < ENOUGH]
    return f"Too few likes for a share (fewer than {ENOUGH}): {', '.join(few)}.\n" if few else ""


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s'[: count != 1]}"
