"""The buttons under a digest: thumbs, bookmark and more for each pick, showing how the chat stands to it.

What a button stands for is written into its data here, and read back here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.language import Language
from storage.ledger import Digest
from storage.states import Layout

_DATA = re.compile(r"vote:(?P<digest>\d{1,18}):(?P<position>\d{1,18}):(?P<act>[a-z]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a chat stands to a paper: the votes of all, and, in a private chat, the reader's own."""

    ups: int = 0
    downs: int = 0
    mine: bool | None = None
    counted: bool = False  # a group shows counts, for its members share the buttons
    saved: bool = False


class Act(StrEnum):
    """What a button under a pick does."""

    UP = "up"
    DOWN = "down"
    SAVE = "save"
    MENU = "menu"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class DigestPress:
    """What a button under a digest stands for."""

    digest_id: int
    position: int
    act: Act


def digest_buttons(digest: Digest, standings: Mapping[int, Standing]) -> InlineKeyboardMarkup:
    """Build a row a pick."""
    return InlineKeyboardMarkup(
        [
            _row(digest, position, standings.get(pick.paper_id, Standing()))
            for position, pick in enumerate(digest.picks)
        ]
    )


def menu_buttons(language: Language, digest: Digest, position: int) -> InlineKeyboardMarkup:
    """Build what more can be done with one pick; it stands in the place of all rows until it is left."""
    paper = f"paper:{digest.picks[position].paper_id}"
    rows = [
        [
            InlineKeyboardButton(language.say("💡 Why this?"), callback_data=f"{paper}:why"),
            InlineKeyboardButton(language.say("📄 Open"), callback_data=f"{paper}:open"),
        ],
        [
            InlineKeyboardButton(language.say("➕ More like this"), callback_data=f"{paper}:more"),
            InlineKeyboardButton(language.say("➖ Less of this"), callback_data=f"{paper}:less"),
        ],
        [InlineKeyboardButton(language.say("« Back"), callback_data=_data(digest, position, Act.BACK))],
    ]
    return InlineKeyboardMarkup(rows)


def read_press(data: str) -> DigestPress | None:
    """Read the data of a button under a digest; None where they are not of our writing."""
    read = _DATA.fullmatch(data)
    if read is None or read["act"] not in {*Act}:
        return None
    return DigestPress(int(read["digest"]), int(read["position"]), Act(read["act"]))


def thumb_label(standing: Standing, up: bool, number: str = "") -> str:  # noqa: FBT001 - the two thumbs
    """Label a thumb: with a tick where the reader pressed it, with its count in a group."""
    label = f"{'👍' if up else '👎'} {number}".rstrip()
    votes = standing.ups if up else standing.downs
    if standing.counted and votes:
        label += f" · {votes}"
    return f"✅ {label}" if standing.mine is up else label


def bookmark_label(standing: Standing) -> str:
    """Label the bookmark, likewise."""
    return "✅ 🔖" if standing.saved else "🔖"


def _row(digest: Digest, position: int, standing: Standing) -> list[InlineKeyboardButton]:
    number = "" if digest.layout is Layout.CARDS else str(position + 1)
    why = f"paper:{digest.picks[position].paper_id}:why"
    labels = {
        _data(digest, position, Act.UP): thumb_label(standing, True, number),  # noqa: FBT003 - the thumb up
        _data(digest, position, Act.DOWN): thumb_label(standing, False, number),  # noqa: FBT003 - and down
        _data(digest, position, Act.SAVE): bookmark_label(standing),
        # A menu in the place of buttons that all members share would be in their way.
        **({why: "💡"} if standing.counted else {_data(digest, position, Act.MENU): "⋯"}),
    }
    return [InlineKeyboardButton(label, callback_data=data) for data, label in labels.items()]


def _data(digest: Digest, position: int, act: Act) -> str:
    return f"vote:{digest.id}:{position}:{act}"
