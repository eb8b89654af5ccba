"""Looking at dumps without a database: `paperboy parse` and `paperboy preview`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.errors import BotError
from recommender.recommend import recommend
from recommender.shelf import Shelf
from recommender.values import Candidate, Paper, Pick, Vote
from sources.parsing import parse
from sources.values import Parsed


class NoSuchPaperError(BotError):
    """A title that names no paper, or more than one."""


class UnreadableFileError(BotError):
    """A file that cannot be read."""


def print_papers(files: Sequence[Path]) -> bool:
    """Print papers as JSON lines, rejects as ``file:line: reason``; tell whether each file gave a paper."""
    gave = [_print_file(file) for file in files]
    return all(gave)


def print_preview(dumps: Sequence[Path], likes: Sequence[str], n: int) -> None:
    """Rank the papers of dumps for someone with these likes and print a table with reasons.

    Raises:
        NoSuchPaperError: A like that names no paper of the dumps, or several with different titles.
        UnreadableFileError: A dump that cannot be read.
    """
    papers = dict(enumerate(_distinct(paper for dump in dumps for paper in _read(dump).papers)))
    liked = [paper_id for title in likes for paper_id in _find(title, papers)]
    votes = [Vote(paper_id, up=True, at=datetime(2000, 1, 1, tzinfo=UTC)) for paper_id in liked]
    shelf = Shelf.build({paper_id: paper.text for paper_id, paper in papers.items()})
    candidates = [
        Candidate(paper_id, paper.upvotes or 0, paper.comments or 0, paper.featured)
        for paper_id, paper in papers.items()
    ]
    Console().print(_table(recommend(shelf, votes, candidates, n), papers))


def _print_file(file: Path) -> bool:
    try:
        parsed = _read(file)
    except UnreadableFileError as error:
        sys.stderr.write(f"{error}\n")
        return False
    for paper in parsed.papers:
        sys.stdout.write(json.dumps(_as_json(paper), ensure_ascii=False) + "\n")
    for reject in parsed.rejects:
        excerpt = f": {reject.excerpt}" if reject.excerpt else ""
        sys.stderr.write(f"{file}:{reject.line or 1}: {reject.reason}{excerpt}\n")
    return bool(parsed.papers)


def _read(file: Path) -> Parsed:
    try:
        return parse(file.read_bytes())
    except OSError as error:
        raise UnreadableFileError(f"{file}: cannot be read: {error.strerror}") from error


def _as_json(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "author_count": paper.author_count,
        "published": paper.published.isoformat() if paper.published else None,
        "published_text": paper.published_text,
        "featured": paper.featured.isoformat() if paper.featured else None,
        "comments": paper.comments,
        "upvotes": paper.upvotes,
        "arxiv_id": paper.arxiv_id,
    }


def _distinct(papers: Iterable[Paper]) -> list[Paper]:
    return list({(paper.title, paper.abstract): paper for paper in papers}.values())


def _find(title: str, papers: dict[int, Paper]) -> list[int]:
    wanted = title.casefold().strip()
    titles = {paper_id: paper.title.casefold() for paper_id, paper in papers.items()}
    found = [paper_id for paper_id, known in titles.items() if known == wanted]
    found = found or [paper_id for paper_id, known in titles.items() if wanted and wanted in known]
    if len({titles[paper_id] for paper_id in found}) == 1:
        return found
    if found:
        named = "; ".join(papers[paper_id].title for paper_id in found[:3])
        raise NoSuchPaperError(f"“{title}” fits {len(found)} papers ({named} …): name one more closely.")
    close = get_close_matches(wanted, titles.values(), n=1, cutoff=0.5)
    near = [papers[paper_id].title for paper_id, known in titles.items() if known in close][:1]
    hint = f" The nearest title is “{near[0]}”." if near else ""
    raise NoSuchPaperError(f"No paper of these dumps is called “{title}”.{hint}")


def _table(picks: Sequence[Pick], papers: dict[int, Paper]) -> Table:
    table = Table(show_lines=True)
    table.add_column("#", justify="right")
    table.add_column("Pick", ratio=3)
    table.add_column("Score", justify="right")
    table.add_column("Slot")
    table.add_column("Reason", ratio=3)
    for number, pick in enumerate(picks, start=1):
        title = papers[pick.paper_id].title
        cells = (str(number), title, f"{pick.score:.3f}", pick.slot, _reason(pick, papers))
        table.add_row(*map(Text, cells))  # a title is no markup
    return table


def _reason(pick: Pick, papers: dict[int, Paper]) -> str:
    if pick.reason is None:
        return ""
    shared = f": {', '.join(pick.reason.terms)}" if pick.reason.terms else ""
    return f"liked “{papers[pick.reason.paper_id].title}”{shared}"
