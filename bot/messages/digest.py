"""What a digest looks like: one HTML message and its buttons. Pure: values in, a message out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.buttons import Standing, digest_buttons
from bot.messages.language import Language
from bot.messages.markup import Fragment, bold, cut, isolate, joined, share, text
from bot.messages.papers import fold_abstract, linked_title, shown_abstract, write_facts
from bot.messages.reasons import write_reason
from recommender.values import Interest, Paper, Pick
from storage.ledger import Digest, Kind, Lack
from storage.states import Layout

MAX_MESSAGE = 4096
MAX_HEADS = 3600  # what all but the abstracts may take
TITLE_LENGTHS = (300, 150, 75, 40)  # tried in this order; ten picks of the shortest always fit


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to be sent."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a digest speaks of.

    Attributes:
        papers: The picks, and the liked papers that their reasons name, by id.
        interests: The stated ones that their reasons name.
        standings: How the chat stands to the picks.
        knows_taste: Whether the chat has liked or stated anything yet.
    """

    papers: Mapping[int, Paper]
    interests: Mapping[int, Interest] = field(default_factory=dict)
    standings: Mapping[int, Standing] = field(default_factory=dict)
    knows_taste: bool = False


def render_digest(language: Language, digest: Digest, shown: Shown) -> Message:
    """Write a digest, or one card of it, as a message of at most 4096 characters after parsing.

    Titles, dates and reasons stand whole; the abstracts share what room is left.
    """
    if not digest.picks:
        return _render_empty(language, digest)
    picked = [shown.papers[pick.paper_id] for pick in digest.picks]
    heading, footer = _heading(language, digest), _footer(language, digest, shown)
    heads = _fitting_heads(language, digest, shown)
    taken = (heading, footer, *heads)
    room = MAX_MESSAGE - sum(part.length + 3 for part in taken)
    granted = share([text(shown_abstract(paper)).length for paper in picked], room)
    blocks = [
        joined([head, fold_abstract(paper, limit)], "\n")
        for head, paper, limit in zip(heads, picked, granted, strict=True)
    ]
    body = joined([heading, *blocks, footer], "\n\n")
    return Message(body.html, digest_buttons(digest, shown.standings))


def render_notice(written: str) -> Message:
    """Write what the owner has to say to all."""
    return Message(text(cut(written, MAX_MESSAGE)).html)


def say_all_seen(language: Language, minutes: int) -> str:
    """Say that there is no paper that the chat has not had, and when there may be."""
    return language.html(
        "You have seen every paper I know. The lists are read again every {minutes} minutes.", minutes=minutes
    ).html


def say_no_papers(language: Language, minutes: int) -> str:
    """Say that no paper is known, and when there may be one."""
    return language.html(
        "I have no papers yet. The lists are read every {minutes} minutes: please try /today again soon. "
        "If this lasts, whoever runs me finds the cause with <code>paperboy doctor</code>.",
        minutes=minutes,
    ).html


def _render_empty(language: Language, digest: Digest) -> Message:
    told = joined([_heading(language, digest), text(_say_lack(language, digest.lack))], "\n")
    silence = language.say("🔕 Be silent on such days")
    quiet = InlineKeyboardButton(silence, callback_data="set:empty:off")
    return Message(told.html, InlineKeyboardMarkup([[quiet]]))


def _say_lack(language: Language, lack: Lack | None) -> str:
    if lack is Lack.STRONG:
        return language.say(
            "Nothing strong today: of all that is new, nothing comes close to what you like. "
            "/today brings the nearest of it all the same."
        )
    return language.say("Nothing new for you today.")


def _heading(language: Language, digest: Digest) -> Fragment:
    """Write what stands above the picks; the cards after the first one have nothing there."""
    if digest.lead_id is not None:
        return Fragment()
    if digest.kind is Kind.DAILY and digest.local_day:
        return bold(text(f"☀️ {language.day(digest.local_day)}"))
    return bold(text(language.say("🗞 Your papers, fresh off the press")))


def _fitting_heads(language: Language, digest: Digest, shown: Shown) -> list[Fragment]:
    """Write the head of each pick, the titles and names as long as all of them leave room."""
    numbers: Sequence[str] = [f"{position}. " for position in range(1, len(digest.picks) + 1)]
    if digest.layout is Layout.CARDS:
        numbers = [""] * len(digest.picks)
    for longest in TITLE_LENGTHS:
        heads = [
            _head(language, number, pick, shown, longest)
            for number, pick in zip(numbers, digest.picks, strict=True)
        ]
        if sum(head.length for head in heads) <= MAX_HEADS:
            break
    return heads


def _head(language: Language, number: str, pick: Pick, shown: Shown, longest: int) -> Fragment:
    paper = shown.papers[pick.paper_id]
    title = bold(text(number) + linked_title(paper, longest))
    summary = text(isolate(cut(paper.summary, longest))) if paper.summary else Fragment()
    reason = write_reason(language, pick, shown.papers, shown.interests, longest)
    return joined([title, write_facts(language, paper, longest), summary, reason], "\n")


def _footer(language: Language, digest: Digest, shown: Shown) -> Fragment:
    if digest.lead_id is None and not shown.knows_taste:
        return text(language.say("Give a 👍 to what you like: the next digest follows it."))
    return Fragment()
