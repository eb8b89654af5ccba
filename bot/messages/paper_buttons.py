"""The buttons that speak of one paper, wherever they stand: what each does is written into its data.

The data are read back here too. They name the paper and nothing of the chat, so whoever reads them asks what
that chat may do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.buttons import Standing, bookmark_label, thumb_label
from bot.messages.language import Language
from bot.messages.markup import cut
from recommender.values import Paper

MUTABLE_TERMS = 3
_LONGEST_LABEL = 40
_DATA = re.compile(r"paper:(?P<id>\d{1,18}):(?P<act>[a-z]+)", re.ASCII)


class PaperAct(StrEnum):
    """What a button does with its paper."""

    OPEN = "open"
    UP = "up"
    DOWN = "down"
    SAVE = "save"
    DROP = "drop"
    """Take it out of what is saved, though its note goes with it."""
    KEEP = "keep"
    """Leave it there after all."""
    WHY = "why"
    MORE = "more"
    LESS = "less"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class PaperPress:
    """What a button stands for."""

    paper_id: int
    act: PaperAct


def paper_button(label: str, paper_id: int, act: PaperAct) -> InlineKeyboardButton:
    """Build a button that does something with a paper."""
    return InlineKeyboardButton(label, callback_data=f"paper:{paper_id}:{act}")


def read_paper_press(data: str) -> PaperPress | None:
    """Read the data of a button; None where they are not of our writing."""
    read = _DATA.fullmatch(data)
    if read is None or read["act"] not in {*PaperAct}:
        return None
    return PaperPress(int(read["id"]), PaperAct(read["act"]))


def card_buttons(language: Language, paper_id: int, standing: Standing) -> InlineKeyboardMarkup:
    """Build what stands under a card: thumbs and bookmark with their state, then what leads on."""
    votes = [
        paper_button(thumb_label(standing, True), paper_id, PaperAct.UP),  # noqa: FBT003 - the thumb up
        paper_button(thumb_label(standing, False), paper_id, PaperAct.DOWN),  # noqa: FBT003 - and down
        paper_button(bookmark_label(standing), paper_id, PaperAct.SAVE),
    ]
    likeness = [
        paper_button(language.say("➕ More like this"), paper_id, PaperAct.MORE),
        paper_button(language.say("➖ Less of this"), paper_id, PaperAct.LESS),
    ]
    about = [paper_button(language.say("💡 Why this?"), paper_id, PaperAct.WHY)]
    if standing.saved:
        about.append(paper_button(language.say("📝 Note"), paper_id, PaperAct.NOTE))
    return InlineKeyboardMarkup([votes, likeness, about])


def parting_buttons(language: Language, paper_id: int) -> InlineKeyboardMarkup:
    """Ask, in the place of a card's buttons, whether a note may go with its paper."""
    drop = paper_button(language.say("🗑 Take out, with its note"), paper_id, PaperAct.DROP)
    keep = paper_button(language.say("« Keep both"), paper_id, PaperAct.KEEP)
    return InlineKeyboardMarkup([[drop], [keep]])


def open_button(language: Language, paper_id: int) -> InlineKeyboardMarkup:
    """Lead to a paper's card."""
    return InlineKeyboardMarkup([[paper_button(language.say("📄 Show the paper"), paper_id, PaperAct.OPEN)]])


def mute_buttons(
    language: Language, paper_id: int, paper: Paper, terms: Sequence[str]
) -> InlineKeyboardMarkup | None:
    """Offer to mute the telling terms of a paper, its first author and its organization; None for nothing.

    The data name the place of a term among those that the ranker tells, not the term: it may be long.
    """
    offered = {f"t{place}": f"“{term}”" for place, term in enumerate(terms[:MUTABLE_TERMS])}
    if paper.authors:
        offered["author"] = language.say("by {name}", name=paper.authors[0])
    if paper.organization:
        offered["org"] = language.say("from {name}", name=paper.organization)
    rows = [
        [
            InlineKeyboardButton(
                f"🔇 {cut(label, _LONGEST_LABEL)}", callback_data=f"rule:less:{paper_id}:{what}"
            )
        ]
        for what, label in offered.items()
    ]
    return InlineKeyboardMarkup(rows) if rows else None
