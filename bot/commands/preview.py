"""`paperboy preview`: what would be picked from dumps for someone of a certain taste, without a database."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.commands.dump_files import read_dump
from bot.errors import BotError
from bot.ranking.minilm import load_minilm
from bot.ranking.model_files import ModelError
from bot.settings import Settings
from recommender.embedder import Embedder
from recommender.first_history import first_votes, next_exemplars, place_interests, state
from recommender.interests import Interests, read_interests
from recommender.objections import LikeDisliked, Muted, Objection, UnlikeLiked, find_objection
from recommender.recommend import recommend
from recommender.rules import Rule, Rulebook, RuleKind
from recommender.shelf import Meanings, Shelf
from recommender.values import Candidate, Paper, Pick, Vote
from recommender.wishes import Wishes


class NoSuchPaperError(BotError):
    """A title that names no paper, or more than one."""


@dataclass(frozen=True, slots=True)
class Taste:
    """What someone says of the papers of dumps: titles, muted phrases, and interests in free text."""

    likes: Sequence[str] = ()
    dislikes: Sequence[str] = ()
    mutes: Sequence[str] = ()
    interests: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class _Reading:
    """The papers of dumps, and one reader of them.

    Attributes:
        phrases: Interests by number; they stand on the shelf beside the papers.
        votes: On papers and on phrases.
    """

    papers: dict[int, Paper]
    phrases: dict[int, str]
    votes: Sequence[Vote]
    shelf: Shelf

    @property
    def candidates(self) -> list[Candidate]:
        return [
            Candidate(paper_id, paper.upvotes or 0, paper.comments or 0, paper.featured)
            for paper_id, paper in self.papers.items()
        ]


def print_preview(
    settings: Settings, dumps: Sequence[Path], taste: Taste, n: int, why: str | None = None
) -> None:
    """Rank the papers of dumps for someone with this taste and print a table with reasons.

    ``why`` is a title: what spoke against that paper is printed below.

    Raises:
        NoSuchPaperError: A title that names no paper of the dumps, or several with different titles.
        UnreadableFileError: A dump that cannot be read.
    """
    papers = _read_all(dumps)
    asked_for = [] if why is None else _find(why, papers)
    reading = _sit_down(settings, papers, taste)
    rules = Rulebook.of([Rule(RuleKind.MUTE, phrase) for phrase in taste.mutes], papers)
    picks = recommend(reading.shelf, reading.votes, reading.candidates, n, Wishes(rules))
    console = Console()
    console.print(_table(picks, reading))
    settled = {pick.paper_id for pick in picks} | {vote.paper_id for vote in reading.votes}
    for paper_id in asked_for:
        told = (
            "It is picked, or was voted on."
            if paper_id in settled
            else _say_objection(find_objection(reading.shelf, reading.votes, paper_id, rules), reading)
        )
        console.print(Text(f"“{papers[paper_id].title}”: {told}"))


def print_exemplars(settings: Settings, dumps: Sequence[Path], taste: Taste, n: int) -> None:
    """List the papers of dumps that someone with this taste so far would be asked to vote on next.

    Raises:
        NoSuchPaperError: A title that names no paper of the dumps, or several with different titles.
        UnreadableFileError: A dump that cannot be read.
    """
    reading = _sit_down(settings, _read_all(dumps), taste)
    table = Table()
    table.add_column("#", justify="right")
    table.add_column("To vote on next")
    chosen = next_exemplars(reading.shelf, reading.candidates, reading.votes, n)
    for number, paper_id in enumerate(chosen, start=1):
        table.add_row(str(number), Text(reading.papers[paper_id].title))
    Console().print(table)


def _read_all(dumps: Iterable[Path]) -> dict[int, Paper]:
    return dict(enumerate(_distinct(paper for dump in dumps for paper in read_dump(dump).papers)))


def _sit_down(settings: Settings, papers: dict[int, Paper], taste: Taste) -> _Reading:
    """Put papers and interests on a shelf, and print how the interests were understood."""
    votes = _cast(taste.likes, papers, up=True) + _cast(taste.dislikes, papers, up=False)
    interests = read_interests(taste.interests)
    stated = state(interests)
    phrases = {interest.id: interest.phrase for interest in stated}
    model = _load_model(settings)
    texts = {paper_id: paper.text for paper_id, paper in papers.items()}
    shelf = Shelf.build(texts, _embed(model, texts))
    shelf = shelf.joined(place_interests(shelf, stated, _embed(model, phrases)))
    if taste.interests:
        Console().print(Text("\n".join(_echo(interests))))
    return _Reading(papers, phrases, [*votes, *first_votes(stated, shelf)], shelf)


def _load_model(settings: Settings) -> Embedder | None:
    try:
        return load_minilm(settings.embedding_model, settings.data_dir)
    except ModelError as error:
        sys.stderr.write(f"Ranking by words alone: {error}\n")
        return None


def _embed(model: Embedder | None, texts: Mapping[int, str]) -> Meanings | None:
    return dict(zip(texts, model.embed(list(texts.values())), strict=True)) if model and texts else None


def _echo(interests: Interests) -> Iterator[str]:
    if interests.wanted:
        yield f"Wanted: {'; '.join(interests.wanted)}"
    if interests.unwanted:
        yield f"Unwanted: {'; '.join(interests.unwanted)}"
    if interests == Interests():
        yield "No interest was found in these words."


def _cast(titles: Iterable[str], papers: dict[int, Paper], *, up: bool) -> list[Vote]:
    named = (paper_id for title in titles for paper_id in _find(title, papers))
    return [Vote(paper_id, up, datetime(2000, 1, 1, tzinfo=UTC)) for paper_id in named]


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


def _table(picks: Sequence[Pick], reading: _Reading) -> Table:
    table = Table(show_lines=True)
    table.add_column("#", justify="right")
    table.add_column("Pick", ratio=3)
    table.add_column("Score", justify="right")
    table.add_column("Slot")
    table.add_column("Reason", ratio=3)
    for number, pick in enumerate(picks, start=1):
        title = reading.papers[pick.paper_id].title
        cells = (str(number), title, f"{pick.score:.3f}", pick.slot, _reason(pick, reading))
        table.add_row(*map(Text, cells))  # a title is no markup
    return table


def _reason(pick: Pick, reading: _Reading) -> str:
    if pick.reason is None:
        return ""
    spoke, terms = pick.reason.paper_id, pick.reason.terms
    if spoke in reading.phrases:
        return f"you said “{reading.phrases[spoke]}”{_tell(terms)}"
    return f"liked “{reading.papers[spoke].title}”{_tell(terms)}"


def _tell(terms: Sequence[str]) -> str:
    return f": {', '.join(terms)}" if terms else ""


def _say_objection(objection: Objection | None, reading: _Reading) -> str:
    match objection:
        case Muted(rule):
            return f"“{rule.phrase}” is muted."
        case LikeDisliked(number, terms) if number in reading.phrases:
            return f"You said no to “{reading.phrases[number]}”{_tell(terms)}."
        case LikeDisliked(paper_id, terms):
            return f"It is like “{reading.papers[paper_id].title}”, which is disliked{_tell(terms)}."
        case UnlikeLiked():
            return "It is unlike everything that is liked."
        case None:
            return "Nothing speaks against it; others rank higher."
