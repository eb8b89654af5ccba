"""One paper as a message of its own: all that is known of it, and how the chat stands to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.buttons import Standing
from bot.messages.digest import MAX_MESSAGE, Message
from bot.messages.language import Language
from bot.messages.markup import Fragment, bold, cut, isolate, joined, link, text
from bot.messages.paper_buttons import card_buttons
from bot.messages.papers import fold_abstract, linked_title, write_facts, write_withdrawn
from recommender.values import Paper

MAX_NOTE = 1000
_MAX_TITLE = 300
_MAX_SUMMARY = 600
_BETWEEN = 2  # the line break before the abstract, and one to spare


@dataclass(frozen=True, slots=True)
class Card:
    """A paper and a chat's relation to it.

    Attributes:
        note: What the chat wrote on it; only saved papers have one.
    """

    paper_id: int
    paper: Paper
    standing: Standing
    note: str | None = None


def render_card(language: Language, card: Card) -> Message:
    """Write a paper as a message of at most 4096 characters; the abstract takes what room is left."""
    paper = card.paper
    summary = text(isolate(cut(paper.summary, _MAX_SUMMARY))) if paper.summary else Fragment()
    head = joined(
        [
            bold(linked_title(paper, _MAX_TITLE)),
            write_withdrawn(language, paper),
            write_facts(language, paper),
            write_upvotes(language, paper),
            summary,
        ],
        "\n",
    )
    foot = joined([_links(language, paper), _note(language, card.note)], "\n")
    abstract = fold_abstract(paper, MAX_MESSAGE - head.length - foot.length - _BETWEEN)
    body = joined([head, abstract, foot], "\n")
    return Message(body.html, card_buttons(language, card.paper_id, card.standing))


def write_upvotes(language: Language, paper: Paper) -> Fragment:
    """Write how popular a paper is on its list; nothing where that is not known."""
    if not paper.upvotes:
        return Fragment()
    return text(language.count("🔥 {count} upvote", "🔥 {count} upvotes", paper.upvotes))


def say_unknown_paper(language: Language) -> str:
    """Say that a paper is gone, or never was."""
    return language.say("I no longer know this paper. /search finds those I know.")


def say_note_at_stake(language: Language) -> str:
    """Warn that a note would go with its paper."""
    return language.say("Your note would go with it.")


def _links(language: Language, paper: Paper) -> Fragment:
    links = [
        link(text(language.say("Code")), paper.code_url) if paper.code_url else Fragment(),
        link(text(language.say("Project page")), paper.project_url) if paper.project_url else Fragment(),
    ]
    return joined(links, " · ")


def _note(language: Language, note: str | None) -> Fragment:
    return language.html("📝 {note}", note=isolate(cut(note, MAX_NOTE))) if note else Fragment()
