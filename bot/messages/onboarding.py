"""What a newcomer meets before the settings: a greeting, one question, and five papers to vote on. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.language import Language
from bot.messages.markup import Fragment, joined
from bot.messages.papers import fold_abstract, linked_title, write_facts
from recommender.values import Paper

CARDS = 5
_DATA = re.compile(r"start:card:(?P<paper>\d{1,18}):(?P<act>up|down|next)", re.ASCII)
_LONGEST_ABSTRACT = 1_500


@dataclass(frozen=True, slots=True)
class Card:
    """One of the papers to vote on.

    Attributes:
        number: Which of them it is, from 1 on.
        tally: How many members of a group like and dislike it; None in a private chat.
    """

    paper_id: int
    paper: Paper
    number: int
    tally: tuple[int, int] | None = None


class CardAct(StrEnum):
    """What a button under such a paper does."""

    UP = "up"
    DOWN = "down"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class CardPress:
    """What a button under such a paper stands for."""

    paper_id: int
    act: CardAct


def read_card_press(data: str) -> CardPress | None:
    """Read the data of a button; None where they are not of our writing."""
    read = _DATA.fullmatch(data)
    return CardPress(int(read["paper"]), CardAct(read["act"])) if read else None


def greet(language: Language, *, is_back: bool) -> str:
    """Say hello, to a newcomer with what is to be expected."""
    if is_back:
        return language.html(
            "<b>Good to see you again.</b> Your votes and settings are as you left them."
        ).html
    return language.html(
        "<b>Hello, I am Paperboy.</b> 🗞\n\n"
        "I bring you the few papers that you would have picked yourself from the trending lists. Give a 👍 "
        "or 👎 to what I bring: the next digest follows it.\n\n"
        "/today brings papers right now."
    ).html


def ask_interests(language: Language, *, is_group: bool) -> tuple[str, InlineKeyboardMarkup]:
    """Ask what the reader likes to read, and offer other ways to tell it."""
    asked = _ask_group(language) if is_group else _ask_person(language)
    rows = [
        [_button(language.say("🃏 Vote on five papers"), "start:step:cards")],
        [_button(language.say("📎 Bring my library"), "start:step:file")],
        [_button(language.say("⏭ Skip"), "start:step:on")],
    ]
    return asked.html, InlineKeyboardMarkup(rows)


def show_card(language: Language, card: Card) -> tuple[str, InlineKeyboardMarkup]:
    """Show a paper to vote on."""
    heading = language.html(
        "🃏 <b>Paper {number} of {count}:</b> would you like to read it?", number=card.number, count=CARDS
    )
    title, facts = linked_title(card.paper, limit=300), write_facts(language, card.paper)
    abstract = fold_abstract(card.paper, _LONGEST_ABSTRACT)
    head = joined([title, facts], "\n")
    return joined([heading, head, abstract], "\n\n").html, InlineKeyboardMarkup(_card_rows(language, card))


def close_cards(language: Language, *, shown: int, in_setup: bool) -> tuple[str, InlineKeyboardMarkup | None]:
    """Thank for the votes, or say that there is nothing to vote on."""
    said = (
        language.html("🃏 <b>Thank you.</b> What I bring follows these votes. /liked shows them.")
        if shown
        else language.html("🃏 I have no papers to show yet. /interests tells me what you like in words.")
    )
    return said.html, InlineKeyboardMarkup([[on_button(language)]]) if in_setup else None


def say_done(language: Language) -> str:
    """Say that a step was taken before."""
    return language.say("That is done already. /settings shows what I know.")


def say_too_old(language: Language) -> str:
    """Say that a message is too old to go on from."""
    return language.say("This message is too old. Send /start to go on.")


def on_button(language: Language) -> InlineKeyboardButton:
    """Build the button that goes on to the settings."""
    return _button(language.say("Go on »"), "start:step:on")


def _ask_person(language: Language) -> Fragment:
    return language.html(
        "📚 <b>What do you like to read?</b>\n"
        "Write it in your words, as in <i>diffusion models for video, no medical imaging</i>. Links to "
        "papers that you like are just as good, and so is the file of your library."
    )


def _ask_group(language: Language) -> Fragment:
    return language.html(
        "📚 <b>What does this group like to read?</b>\n"
        "Press 🃏 and vote on five papers together. An administrator may also tell me in words, as a reply "
        "to this message."
    )


def _card_rows(language: Language, card: Card) -> list[list[InlineKeyboardButton]]:
    up, down = ("👍", "👎") if card.tally is None else (f"👍 {card.tally[0]}", f"👎 {card.tally[1]}")
    onward = language.say("⏭ Skip") if card.tally is None else language.say("⏭ Next paper")
    data = f"start:card:{card.paper_id}"
    return [
        [_button(up, f"{data}:{CardAct.UP}"), _button(down, f"{data}:{CardAct.DOWN}")],
        [_button(onward, f"{data}:{CardAct.NEXT}"), _button(language.say("Enough"), "start:step:on")],
    ]


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)
