"""What becomes of the text of a message before Telegram keeps it: parsed, cleaned, trimmed, measured."""

import json
import re
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from bot.playground.detection import found_entities
from bot.playground.entities import PREFORMATTED, QUOTES, SPLITTABLE, Entity, agree, utf16_length
from bot.playground.errors import BadRequest
from bot.playground.links import BadLinkError, checked_link
from bot.playground.markup import parse_html

MAX_TEXT = 4096
MAX_CAPTION = 1024
_MAX_SOURCE_BYTES = 1 << 15
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANKED = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_INVISIBLE = "\u00a0\u00ad\u115f\u1160\u2800\u3000\u3164\ufeff" + "".join(map(chr, range(0x2000, 0x2010)))
# kind of entity -> the field that only it has, and the type of that field
_EXTRA_FIELDS: dict[str, tuple[str, type | tuple[()]]] = {
    "text_link": ("url", str),
    "pre": ("language", str),
    "text_mention": ("user", dict),
    "custom_emoji": ("custom_emoji_id", str),
}
_EMPTY_WITHOUT = frozenset({"text_link", "text_mention", "custom_emoji"})
_GIVEN_KINDS = frozenset({*SPLITTABLE, *QUOTES, *PREFORMATTED, *_EXTRA_FIELDS})


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities as Telegram keeps and returns them."""

    text: str
    entities: tuple[Entity, ...] = ()

    def fields(self, text: str, entities: str) -> dict[str, Any]:
        """Return the two fields of a Message, under these names; none for an empty text."""
        if not self.text:
            return {}
        found = [entity.json() for entity in self.entities]
        return {text: self.text, entities: found} if found else {text: self.text}


def formatted_message(source: str, parse_mode: str = "", entities: str = "") -> Formatted:
    """Return the text of a message; `entities` is the JSON that may stand in place of a parse mode.

    Raises:
        BadRequest: for what Telegram refuses, in its words.
    """
    if not source:
        raise BadRequest("message text is empty")
    formatted = _formatted(source, parse_mode, entities)
    if not formatted.text.strip(_INVISIBLE + " \n"):
        raise BadRequest("text must be non-empty")
    if len(formatted.text) > MAX_TEXT:
        raise BadRequest("message is too long")
    return formatted


def formatted_caption(source: str, parse_mode: str = "", entities: str = "") -> Formatted:
    """Return a caption; an empty one is allowed.

    Raises:
        BadRequest: for what Telegram refuses, in its words.
    """
    formatted = _formatted(source, parse_mode, entities)
    if len(formatted.text) > MAX_CAPTION:
        raise BadRequest("message caption is too long")
    return formatted


def _formatted(source: str, parse_mode: str, entities: str) -> Formatted:
    if len(source) > _MAX_SOURCE_BYTES or len(source.encode("utf-8", "replace")) > _MAX_SOURCE_BYTES:
        raise BadRequest("text is too long")
    text, given = _parsed(source, parse_mode.lower(), entities)
    text, given = _trimmed(*_cleaned(text, given))
    return Formatted(text, tuple(agree(given, found_entities(text))))


def _parsed(source: str, parse_mode: str, entities: str) -> tuple[str, list[Entity]]:
    if parse_mode == "html":
        return parse_html(source)
    if parse_mode.startswith("markdown"):
        raise BadRequest("the playground reads parse_mode HTML, not Markdown")
    if parse_mode not in {"", "none"}:
        raise BadRequest("unsupported parse_mode")
    return source, _given(entities, source)


def _given(entities: str, text: str) -> list[Entity]:
    """Read the JSON of `entities`; like Telegram, take what is no JSON list for none."""
    try:
        listed = json.loads(entities) if entities else []
    except ValueError:
        return []
    read = [_entity(fields) for fields in listed] if isinstance(listed, list) else []
    kept = [entity for entity in read if entity is not None and entity.length > 0]
    edges = _edges(text) if kept else frozenset()
    for entity in kept:
        _check_place(entity, utf16_length(text), edges)
    return kept


def _entity(fields: Any) -> Entity | None:
    if not isinstance(fields, dict):
        raise BadRequest("can't parse MessageEntity: expected an Object")
    for name in ("offset", "length", "type"):
        if name not in fields:
            raise BadRequest(f"can't parse MessageEntity: Can't find field \"{name}\"")
    kind, offset, length = str(fields["type"]), fields["offset"], fields["length"]
    if not (isinstance(offset, int) and isinstance(length, int)):
        raise BadRequest('can\'t parse MessageEntity: Field "offset" must be of type Number')
    if kind not in _GIVEN_KINDS:
        return None
    entity = Entity(kind, offset, length, _extra(kind, fields))
    if kind in _EMPTY_WITHOUT and not entity.extra:
        return None
    return _with_link(entity) if kind == "text_link" else entity


def _extra(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the field that only entities of this kind have; none where it is missing or of a wrong type."""
    name, needed = _EXTRA_FIELDS.get(kind, ("", ()))
    return {name: fields[name]} if isinstance(fields.get(name), needed) else {}


def _with_link(entity: Entity) -> Entity | None:
    try:
        return replace(entity, extra={"url": checked_link(entity.extra["url"])})
    except BadLinkError:
        return None


def _edges(text: str) -> frozenset[int]:
    """Return the offsets at which an entity may begin or end: not inside of a surrogate pair."""
    return frozenset(accumulate(map(utf16_length, text), initial=0))


def _check_place(entity: Entity, text_length: int, edges: frozenset[int]) -> None:
    if entity.offset < 0:
        raise BadRequest(f"receive an entity with incorrect offset {entity.offset}")
    if entity.offset > text_length:
        raise BadRequest(f"entity begins after the end of the text at UTF-16 offset {entity.offset}")
    if entity.end > text_length:
        place = f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text"
        raise BadRequest(f"{place} at UTF-16 offset {entity.end}")
    if entity.offset not in edges or entity.end not in edges:
        raise BadRequest(
            f"entity at UTF-16 offset {entity.offset} begins or ends in a middle of a UTF-16 symbol"
        )


def _cleaned(text: str, given: list[Entity]) -> tuple[str, list[Entity]]:
    """Blank control characters and take out those that would turn or break the line."""
    text = _BLANKED.sub(" ", text)
    removed = [utf16_length(text[: match.start()]) for match in _REMOVED.finditer(text)]
    if not removed:
        return text, given

    def moved(edge: int) -> int:
        return edge - sum(place < edge for place in removed)

    shrunk = [entity.between(moved(entity.offset), moved(entity.end)) for entity in given]
    return _REMOVED.sub("", text), [entity for entity in shrunk if entity.length]


def _trimmed(text: str, given: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut blanks at the end, and those at the beginning up to the first entity."""
    text = text.rstrip(" \n")
    end = utf16_length(text)
    kept = [entity.between(entity.offset, min(entity.end, end)) for entity in given if entity.offset < end]
    first = min((entity.offset for entity in kept), default=end)
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    return text[lead:], [entity.between(entity.offset - lead, entity.end - lead) for entity in kept]
