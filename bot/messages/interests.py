"""/interests: what a reader stated instead of voting, listed with buttons that remove it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.language import Language
from bot.messages.markup import Fragment, bold, cut, isolate, joined, text
from bot.messages.onboarding import on_button
from bot.messages.pages import PAGE, clamp, count_pages, pager
from recommender.values import Interest

_DATA = re.compile(
    r"start:wish:(?:add|page:(?P<page>\d{1,6})|drop:(?P<drop>-\d{1,19}):(?P<at>\d{1,6}))", re.ASCII
)
_LEAST_ID = -(2**63)
_LONGEST = 90
_LONGEST_LABEL = 40
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """What was made of a reader's words.

    Attributes:
        phrases: How many interests they held, new or not.
        liked: Papers that were linked to and are known.
        guiding: Papers that were linked to by their titles, and guide by these.
        missing: Links to papers that are not known yet.
        unread: Addresses of which nobody can tell what they link to.
        beyond: For how many there was no room.
        foreign: How many phrases are in other letters than the papers.
    """

    phrases: int = 0
    liked: int = 0
    guiding: int = 0
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    beyond: int = 0
    foreign: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether the words told nothing that counts."""
        return not (self.phrases or self.liked or self.guiding)


@dataclass(frozen=True, slots=True)
class InterestPress:
    """What a button stands for: a page to show, and what is removed before; without a page, more words."""

    page: int | None = None
    dropped: int | None = None


def read_interest_press(data: str) -> InterestPress | None:
    """Read the data of a button; None where they are not of our writing."""
    read = _DATA.fullmatch(data)
    if read is None or int(read["drop"] or 0) < _LEAST_ID:
        return None
    page = read["page"] or read["at"]
    return InterestPress(int(page) if page else None, int(read["drop"]) if read["drop"] else None)


def show_interests(
    language: Language,
    stated: Sequence[Interest],
    page: int = 1,
    *,
    in_setup: bool,
    above: Fragment | None = None,
) -> tuple[str, InlineKeyboardMarkup]:
    """List a page of interests, below what is said first; a page that is gone is the nearest one.

    The first page holds those stated last. During the setup a button goes on to the settings.
    """
    page = clamp(page, len(stated))
    end = len(stated) - (page - 1) * PAGE
    shown = stated[max(end - PAGE, 0) : end]
    blocks = [above or Fragment(), _heading(language, len(stated)), *_sides(language, shown)]
    if stated:
        blocks.append(language.html("Press one to remove it."))
    rows = [[_drop_button(interest, page)] for interest in shown]
    rows.append(pager(page, count_pages(len(stated)), lambda to: _data(f"page:{to}")))
    rows += [[_button(language.say("➕ Add"), "add")], [_cards_button(language)]]
    rows.append([on_button(language)] if in_setup else [])
    return joined(blocks, "\n\n").html, InlineKeyboardMarkup([row for row in rows if row])


def ask_more(language: Language, *, is_group: bool) -> tuple[str, InlineKeyboardMarkup]:
    """Ask for interests in words."""
    asked = language.html(
        "✍️ <b>What else?</b>\nWrite it in your words, as in <i>protein folding, robots, no crypto</i>, "
        "or send links to papers that you like."
    )
    if is_group:
        asked += language.html("\nIn a group I hear only replies to this message.")
    return asked.html, InlineKeyboardMarkup([[_button(language.say("« Back"), "page:1")]])


def say_heard(language: Language, heard: Heard) -> Fragment:
    """Say what was made of a reader's words, so that a mistake is seen."""
    liked = language.count(
        "👍 {count} paper that I know is now a like.",
        "👍 {count} papers that I know are now likes.",
        heard.liked,
    )
    guiding = language.count(
        "🧭 {count} paper that I do not know guides me by its title.",
        "🧭 {count} papers that I do not know guide me by their titles.",
        heard.guiding,
    )
    missing, unread = _named(heard.missing), _named(heard.unread)
    said = {
        language.html("<b>This is what I understood.</b>"): heard.phrases,
        text(liked): heard.liked,
        text(guiding): heard.guiding,
        language.html("I do not know these papers yet: {papers}", papers=missing): heard.missing,
        language.html("I cannot tell which papers these are: {links}", links=unread): heard.unread,
        language.html("I can keep no more: please remove some of your interests first."): heard.beyond,
        language.html(
            "The papers are in English, and so are the words that I find them by: please say it in English "
            "too."
        ): heard.foreign,
    }
    return joined([sentence for sentence, is_so in said.items() if is_so], "\n")


def say_nothing_heard(language: Language, heard: Heard) -> str:
    """Say that no interest was found in a reader's words, and how one looks."""
    hint = language.html(
        "I found no subject in that. Write me for example <i>speech recognition, no surveys</i>, or paste a "
        "link to a paper on arXiv."
    )
    return joined([say_heard(language, heard), hint], "\n\n").html


def say_removed(language: Language) -> str:
    """Say that an interest was removed."""
    return language.say("Removed.")


def _heading(language: Language, count: int) -> Fragment:
    if count == 0:
        return language.html(
            "🧭 <b>You have told me no interests.</b>\nYour votes guide me; words can do so too."
        )
    return bold(text(language.count("🧭 Your {count} interest", "🧭 Your {count} interests", count)))


def _sides(language: Language, shown: Sequence[Interest]) -> list[Fragment]:
    wanted = [_line(interest) for interest in shown if interest.wanted]
    unwanted = [_line(interest) for interest in shown if not interest.wanted]
    more, less = language.html("<b>More of</b>"), language.html("<b>Less of</b>")
    return [joined([heading, *lines], "\n") for heading, lines in ((more, wanted), (less, unwanted)) if lines]


def _line(interest: Interest) -> Fragment:
    sign = "• " if interest.text is None else "📄 "
    return text(sign + isolate(cut(interest.phrase, _LONGEST)))


def _named(links: Sequence[str]) -> str:
    named = ", ".join(cut(link, 60) for link in links[:_NAMED])
    return f"{named}, …" if len(links) > _NAMED else named


def _drop_button(interest: Interest, page: int) -> InlineKeyboardButton:
    return _button(f"✕ {cut(interest.phrase, _LONGEST_LABEL)}", f"drop:{interest.id}:{page}")


def _cards_button(language: Language) -> InlineKeyboardButton:
    return InlineKeyboardButton(language.say("🃏 Vote on five papers"), callback_data="start:step:cards")


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=_data(data))


def _data(what: str) -> str:
    return f"start:wish:{what}"
