"""The place of a piece of text behind another: what it speaks against each step between two labels."""

from __future__ import annotations

from sources.text.shape import begins_inside, ends_open, ends_sentence, is_list_item
from sources.text.wrap import Piece, is_full

Steps = tuple[float, float, float]  # to a title, to more of a title, to an abstract

NO_TITLE = 6.0
NO_ABSTRACT = 4.0
DEAREST_STEP = 11.0
NEVER = 1e9
_ABSTRACT_BEHIND_FURNITURE = 1.0
_ABSTRACT_BEGINS_INSIDE = 5.0
_ABSTRACT_LIKE_TITLE = 4.5
_ABSTRACT_BEHIND_FULL_ROW = 4.0
_TITLE_GOES_ON = 3.0
_NEW_PARAGRAPH = 4.0
_UNFINISHED_PARAGRAPH = 3.0
_SAME_SENTENCE = 1.0
_TITLE_CUTS_SENTENCE = 1.5
_TITLE_CUTS_FULL_ROW = 8.0
_TITLE_BEHIND_FULL_ROW = 1.0
_LIKE_TITLE = 3.0
_LONGER_THAN_MOST_TITLES = 110


def from_title(before: Piece, piece: Piece, likeness: float, width: int | None) -> Steps:
    """Weigh the place of a piece behind a title. ``likeness`` is the piece's to an abstract."""
    line = piece.first
    full = is_full(before.last, line, width)
    inside = begins_inside(line.text)
    to_abstract = _ABSTRACT_BEHIND_FURNITURE if line.marked else 0.0
    if inside:
        to_abstract += _ABSTRACT_BEGINS_INSIDE
    if full:
        to_abstract += _ABSTRACT_BEHIND_FULL_ROW
    if width is None and _may_be_title(piece.text, likeness):
        to_abstract += _ABSTRACT_LIKE_TITLE
    together = not (line.blank or line.marked)
    goes_on = together and (full or inside or ends_open(before.text))
    return NO_ABSTRACT, _TITLE_GOES_ON if goes_on else NEVER, to_abstract


def from_abstract(before: Piece, piece: Piece, width: int | None) -> Steps:
    """Weigh the place of a piece behind an abstract."""
    line = piece.first
    if line.marked:
        return 0.0, NEVER, NO_TITLE
    finished = ends_sentence(before.text)
    if is_full(before.last, line, width):
        if finished:
            return _TITLE_BEHIND_FULL_ROW, NEVER, _SAME_SENTENCE
        return _TITLE_CUTS_FULL_ROW, NEVER, 0.0
    if begins_inside(line.text) or is_list_item(line.text):
        return _TITLE_CUTS_SENTENCE, NEVER, _SAME_SENTENCE
    if finished:
        return 0.0, NEVER, _NEW_PARAGRAPH
    return _TITLE_CUTS_SENTENCE, NEVER, _UNFINISHED_PARAGRAPH


def _may_be_title(text: str, likeness: float) -> bool:
    limit = 0.0 if len(text) > _LONGER_THAN_MOST_TITLES else _LIKE_TITLE
    return likeness <= limit and not ends_sentence(text)
