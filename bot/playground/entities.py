"""Entities of a formatted text, and how Telegram makes them agree. All offsets count UTF-16 code units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
PREFORMATTED = frozenset({"pre", "code"})
# Of entities that cover the same text the one with the smaller rank comes first.
_RANKS = {"blockquote": 0, "expandable_blockquote": 0, "pre": 10, "code": 20}
_RANKS |= {"text_link": 49, "text_mention": 49}
_RANKS |= {"bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94, "custom_emoji": 99}
_FOUND_RANK = 50


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text with a meaning; `extra` holds the fields that only its kind has, such as `url`."""

    kind: str
    offset: int
    length: int
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """Return the offset of the first code unit after the entity."""
        return self.offset + self.length

    @property
    def order(self) -> tuple[int, int, int]:
        """Return the key by which Telegram sorts: where it begins, the longest first, then by kind."""
        return self.offset, -self.length, _RANKS.get(self.kind, _FOUND_RANK)

    def between(self, start: int, end: int) -> "Entity":
        """Return the same entity at another place."""
        return Entity(self.kind, start, end - start, self.extra)

    def json(self) -> dict[str, Any]:
        """Return the MessageEntity object of the Bot API."""
        return {"offset": self.offset, "length": self.length, "type": self.kind, **self.extra}


def utf16_length(text: str) -> int:
    """Count the UTF-16 code units of a text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def agree(given: Sequence[Entity], found: Sequence[Entity]) -> list[Entity]:
    """Join given and found entities to the nested, sorted list that Telegram returns.

    Links, code and the like never overlap: the first one stands, a given one before a found one. Quotes may
    hold them whole. Bold and its kin are cut where another entity begins or ends in them, and kept off code.
    """
    splittable = [entity for entity in given if entity.kind in SPLITTABLE]
    quotes = _first_ones(entity for entity in given if entity.kind in QUOTES)
    whole = _first_ones(entity for entity in given if entity.kind not in {*SPLITTABLE, *QUOTES})
    whole += [entity for entity in _first_ones(found) if not any(_meet(entity, other) for other in whole)]
    rest = [entity for entity in whole if not any(_cross(entity, quote) for quote in quotes)] + quotes
    return sorted([*rest, *_cut(splittable, rest)], key=lambda entity: entity.order)


def _first_ones(entities: Iterable[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda entity: entity.order):
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _meet(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end


def _cross(entity: Entity, quote: Entity) -> bool:
    return _meet(entity, quote) and not (quote.offset <= entity.offset and entity.end <= quote.end)


def _cut(splittable: Sequence[Entity], others: Sequence[Entity]) -> list[Entity]:
    runs = [run for kind in SPLITTABLE for run in _joined(kind, splittable)]
    cuts = {edge for other in others for edge in (other.offset, other.end)} | {run.offset for run in runs}
    code = [other for other in others if other.kind in PREFORMATTED]
    pieces = (piece for run in runs for piece in _pieces(run, cuts))
    return [piece for piece in pieces if not any(_meet(piece, other) for other in code)]


def _joined(kind: str, splittable: Iterable[Entity]) -> list[Entity]:
    runs: list[Entity] = []
    of_kind = (entity for entity in splittable if entity.kind == kind)
    for entity in sorted(of_kind, key=lambda entity: entity.order):
        if runs and entity.offset <= runs[-1].end:
            runs[-1] = runs[-1].between(runs[-1].offset, max(runs[-1].end, entity.end))
        else:
            runs.append(entity)
    return runs


def _pieces(run: Entity, cuts: Iterable[int]) -> list[Entity]:
    edges = sorted({run.offset, run.end, *(cut for cut in cuts if run.offset < cut < run.end)})
    return [run.between(start, end) for start, end in pairwise(edges)]
