"""How every list of papers looks: a heading, numbered titles with a line each, buttons to open and to turn.

What a list holds and says is for each list to tell. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.digest import Message
from bot.messages.markup import Fragment, bold, joined, text
from bot.messages.pages import PAGE, pager
from bot.messages.paper_buttons import PaperAct, paper_button
from bot.messages.papers import linked_title
from recommender.values import Paper

_IN_A_ROW = 4
_TURN = re.compile(r"(?P<book>list:[a-z]+|search):(?P<page>\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper of a list.

    Attributes:
        said: What stands below its title, in a line or two.
    """

    paper_id: int
    paper: Paper
    said: Fragment


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list.

    Attributes:
        heading: Above the papers, in as many lines as it takes.
        entries: At most ``PAGE``.
        book: What the data of the buttons that turn its pages begin with, as in ``list:liked``.
        page: From 1 on.
        pages: How many there are; the pages of a list of one cannot be turned.
        tabs: Buttons in a row of their own, to choose between lists.
    """

    heading: Fragment
    entries: Sequence[Entry]
    book: str = ""
    page: int = 1
    pages: int = 1
    tabs: Sequence[InlineKeyboardButton] = ()


def render_listing(listing: Listing) -> Message:
    """Write a page. Numbers go on from page to page, so that "the ninth" is one paper."""
    first = (listing.page - 1) * PAGE + 1
    blocks = [
        joined([bold(text(f"{number}. ") + linked_title(entry.paper)), entry.said], "\n")
        for number, entry in enumerate(listing.entries, start=first)
    ]
    opening = [
        paper_button(str(number), entry.paper_id, PaperAct.OPEN)
        for number, entry in enumerate(listing.entries, start=first)
    ]
    rows = [opening[start : start + _IN_A_ROW] for start in range(0, len(opening), _IN_A_ROW)]
    turning = pager(listing.page, listing.pages, lambda page: _turn(listing.book, page))
    rows += [row for row in (turning, list(listing.tabs)) if row]
    return Message(joined([listing.heading, *blocks], "\n\n").html, InlineKeyboardMarkup(rows))


def read_turn(data: str) -> tuple[str, int] | None:
    """Read which page of which book a button turns to; None where the data are not of our writing."""
    read = _TURN.fullmatch(data)
    return (read["book"], int(read["page"])) if read else None


def turn_button(label: str, book: str, page: int) -> InlineKeyboardButton:
    """Build a button that turns to a page."""
    return InlineKeyboardButton(label, callback_data=_turn(book, page))


def _turn(book: str, page: int) -> str:
    return f"{book}:{page}"
