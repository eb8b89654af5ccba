"""A press on a button that speaks of a paper, with all that whoever carries it out needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.desk import Press, kind_of
from bot.chat.feedback import Presser
from bot.messages.language import Language
from recommender.values import Paper


@dataclass(frozen=True, slots=True)
class PressedPaper:
    """A press, and the paper that it is about, which is there."""

    press: Press
    language: Language
    paper_id: int
    paper: Paper
    by: Presser

    @property
    def is_shared(self) -> bool:
        """Whether several people share the button, so that it shows counts."""
        return kind_of(self.press.chat) != "private"
