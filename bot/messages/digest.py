"""What a digest looks like: one HTML message and its buttons. Pure: values in, a message out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote_plus

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.markup import Fragment, bold, cut, folded_quote, isolate, italic, joined, link, share, text
from recommender.values import Paper, Pick, Slot
from storage.ledger import Digest, Kind, Lack

MAX_MESSAGE = 4096
MAX_HEADS = 3600  # what all but the abstracts may take
TITLE_LENGTHS = (300, 150, 75, 40)  # tried in this order; ten picks of the shortest always fit
MAX_REASON_TITLE = 90
MIN_ABSTRACT = 60  # less than this of an abstract tells nothing
EXPLORED = "🧭 Something different, to learn your taste"
_EMPTY = {
    Lack.NEW: "Nothing new for you today.",
    Lack.STRONG: "Nothing strong today: of all that is new, nothing comes close to what you like. "
    "/today brings the nearest of it all the same.",
}
_NAMED_AUTHORS = 3
_MANY_PICKS = 5


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to be sent."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a chat stands to a paper: the votes of all, and, in a private chat, the reader's own."""

    ups: int = 0
    downs: int = 0
    mine: bool | None = None
    counted: bool = False  # a group shows counts, for its members share the buttons


@dataclass(frozen=True, slots=True)
class Thumb:
    """What the button of a thumb stands for."""

    digest_id: int
    position: int
    up: bool


def render_digest(digest: Digest, papers: Mapping[int, Paper], standings: Mapping[int, Standing]) -> Message:
    """Write a digest as one message of at most 4096 characters after parsing.

    ``papers`` holds the picks and the liked papers that their reasons name. Titles, dates and reasons stand
    whole; the abstracts share what room is left.
    """
    if not digest.picks:
        return _render_empty(digest)
    picked = [papers[pick.paper_id] for pick in digest.picks]
    heads = _fitting_heads(digest, picked, papers)
    footer = _footer(digest.picks)
    room = MAX_MESSAGE - sum(head.length + 3 for head in heads) - footer.length - 2
    abstracts = [_shown_abstract(paper) for paper in picked]
    granted = share([text(abstract).length for abstract in abstracts], room)
    blocks = [heads[0]] + [
        head + _quote(abstract, limit)
        for head, abstract, limit in zip(heads[1:], abstracts, granted, strict=True)
    ]
    body = joined([*blocks, footer], "\n\n")
    return Message(body.html, vote_buttons(digest, standings))


def vote_buttons(digest: Digest, standings: Mapping[int, Standing]) -> InlineKeyboardMarkup:
    """Build two thumbs a pick that show how the chat stands to it; two picks a row where there are many."""
    thumbs = [
        _thumb(digest.id, position, standings.get(pick.paper_id, Standing()), up)
        for position, pick in enumerate(digest.picks)
        for up in (True, False)
    ]
    columns = 4 if len(digest.picks) >= _MANY_PICKS else 2
    return InlineKeyboardMarkup([thumbs[n : n + columns] for n in range(0, len(thumbs), columns)])


def read_thumb(data: str) -> Thumb | None:
    """Read the data of a thumb's button; None where they are not of our writing."""
    match data.split(":"):
        case ["vote", digest, position, ("up" | "down") as thumb] if _is_id(digest) and _is_id(position):
            return Thumb(int(digest), int(position), thumb == "up")
    return None


def paper_link(paper: Paper) -> str:
    """Tell where to read a paper: arXiv where its id is known, else a search for its title."""
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    return f"https://arxiv.org/search/?searchtype=title&query={quote_plus(paper.title[:200])}"


def short_title(paper: Paper, limit: int = MAX_REASON_TITLE) -> str:
    """Tell a title in a line."""
    return isolate(cut(paper.title, limit))


def say_day(day: date) -> str:
    """Write a day as in ``Friday, 21 November``."""
    return f"{day:%A}, {day.day} {day:%B}"


def _render_empty(digest: Digest) -> Message:
    told = joined([_heading(digest), text(_EMPTY[digest.lack or Lack.NEW])], "\n")
    quiet = InlineKeyboardButton("🔕 Be silent on such days", callback_data="set:empty:off")
    return Message(told.html, InlineKeyboardMarkup([[quiet]]))


def _heading(digest: Digest) -> Fragment:
    if digest.kind is Kind.DAILY and digest.local_day:
        return bold(text(f"☀️ {say_day(digest.local_day)}"))
    return bold(text("🗞 Your papers, fresh off the press"))


def _fitting_heads(digest: Digest, picked: Sequence[Paper], papers: Mapping[int, Paper]) -> list[Fragment]:
    """Write the heading and the head of each pick, the titles and names as long as all of them leave room."""
    for longest in TITLE_LENGTHS:
        heads = [_heading(digest)] + [
            _head(number, pick, paper, papers, longest)
            for number, (pick, paper) in enumerate(zip(digest.picks, picked, strict=True), start=1)
        ]
        if sum(head.length for head in heads) <= MAX_HEADS:
            break
    return heads


def _head(number: int, pick: Pick, paper: Paper, papers: Mapping[int, Paper], longest: int) -> Fragment:
    title = text(f"{number}. ") + link(text(isolate(cut(paper.title, longest))), paper_link(paper))
    known = (_day(paper), _authors(paper), paper.organization or "", _comments(paper))
    facts = joined([text(isolate(cut(fact, max(longest // 3, 20)))) for fact in known], " · ")
    return joined([bold(title), facts, _reason(pick, paper, papers, longest)], "\n")


def _day(paper: Paper) -> str:
    if paper.published:
        return f"{paper.published.day} {paper.published:%b %Y}"
    return paper.published_text or ""


def _authors(paper: Paper) -> str:
    count = paper.author_count or len(paper.authors)
    if 0 < len(paper.authors) <= _NAMED_AUTHORS and count == len(paper.authors):
        return ", ".join(paper.authors)
    if paper.authors:
        return f"{paper.authors[0]} and {_counted(count - 1, 'other')}"
    return _counted(count, "author") if count else ""


def _comments(paper: Paper) -> str:
    return _counted(paper.comments, "comment") if paper.comments else ""


def _reason(pick: Pick, paper: Paper, papers: Mapping[int, Paper], longest: int) -> Fragment:
    because = _because(pick, papers, longest)
    match pick.slot:
        case Slot.EXPLORE:
            return joined([italic(text(EXPLORED)), because], "\n")
        case Slot.TRENDING:
            return italic(text(_popularity(paper)))
        case Slot.TASTE:
            return because


def _because(pick: Pick, papers: Mapping[int, Paper], longest: int) -> Fragment:
    liked = papers.get(pick.reason.paper_id) if pick.reason else None
    if pick.reason is None or liked is None:
        return Fragment()
    title = short_title(liked, min(longest, MAX_REASON_TITLE))
    because = text("💡 Because you liked ") + italic(text(f"“{title}”"))
    terms = cut(", ".join(pick.reason.terms), longest)
    return because + text(f": {terms}") if terms else because


def _popularity(paper: Paper) -> str:
    if paper.upvotes:
        return f"🔥 Trending: {_counted(paper.upvotes, 'upvote')}"
    return "🔥 From the trending list"


def _shown_abstract(paper: Paper) -> str:
    return isolate(paper.abstract) if paper.abstract else ""


def _quote(abstract: str, limit: int) -> Fragment:
    shown = cut(abstract, limit)
    if not shown or (limit < MIN_ABSTRACT and shown != abstract):
        return Fragment()
    return text("\n") + folded_quote(text(shown))


def _footer(picks: Sequence[Pick]) -> Fragment:
    if all(pick.slot is Slot.TRENDING for pick in picks):
        return text("Give a 👍 to what you like: the next digest follows it.")
    return Fragment()


def _thumb(digest_id: int, position: int, standing: Standing, up: bool) -> InlineKeyboardButton:  # noqa: FBT001 - the two thumbs
    thumb: Literal["👍", "👎"] = "👍" if up else "👎"
    label = f"{thumb} {position + 1}"
    votes = standing.ups if up else standing.downs
    if standing.counted and votes:
        label += f" · {votes}"
    if standing.mine is up:
        label = f"✅ {label}"
    return InlineKeyboardButton(label, callback_data=f"vote:{digest_id}:{position}:{'up' if up else 'down'}")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _is_id(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal() and len(digits) <= 18  # noqa: PLR2004 - fits 64 bits
