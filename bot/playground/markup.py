"""HTML of `parse_mode` into text and entities, with Telegram's tolerance and its own words for mistakes."""

import re
from dataclasses import dataclass, replace

from bot.playground.entities import Entity, utf16_length
from bot.playground.errors import BadRequest
from bot.playground.links import BadLinkError, checked_link, mentioned_user

_KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
}
_TAGS = frozenset({*_KINDS, "a", "code", "pre", "blockquote", "tg-emoji"})
_SPECIAL = re.compile("[<&]")
_REFERENCE = re.compile(
    r"&(?:#x(?P<hex>[0-9a-fA-F]+)|#(?P<decimal>[0-9]+)|(?P<name>lt|gt|amp|quot)(?![A-Za-z]));?"
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LONGEST_NUMERIC = 10
_LAST_CODE_POINT = 0x10FFFF
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_WORDS = (
    "Text contains invalid Unicode characters after decoding HTML entities, "
    "check for unmatched surrogate code units"
)
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"""[^\s=>/"']*""")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")
# (tag, attribute) -> what the value begins with; the rest of the value is the tag's argument.
_ARGUMENTS = {
    ("a", "href"): "",
    ("code", "class"): "language-",
    ("span", "class"): "tg-",
    ("tg-emoji", "emoji-id"): "",
}


@dataclass(frozen=True, slots=True)
class _OpenTag:
    name: str
    argument: str
    offset: int
    part: int  # how many parts of the text were there before it


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the text without tags and its entities, in the order in which their tags end.

    Raises:
        BadRequest: "can't parse entities: ..." with a byte offset into the source.
    """
    return _HtmlReader(source).read()


def _decoded(reference: re.Match[str]) -> str | None:
    if reference["name"]:
        return _NAMED[reference["name"]]
    digits = reference["hex"] or reference["decimal"]
    code = int(digits, 16 if reference["hex"] else 10)
    if not 0 < code < _LAST_CODE_POINT or len(reference[0].rstrip(";")) >= _LONGEST_NUMERIC:
        return None
    return chr(code)


def _unescaped(text: str) -> str:
    return _REFERENCE.sub(lambda reference: _decoded(reference) or reference[0], text)


class _HtmlReader:
    """Walks once through a source; `at` is where it stands."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.offset = 0
        self.open: list[_OpenTag] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while special := _SPECIAL.search(self.source, self.at):
            self._add(self.source[self.at : special.start()])
            self.at = special.start()
            if special[0] == "&":
                self._read_reference()
            elif self.source.startswith("</", self.at):
                self._read_end_tag()
            else:
                self._read_start_tag()
        self._add(self.source[self.at :])
        if self.open:
            raise _unparsed(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        text = "".join(self.parts)
        if _SURROGATE.search(text):
            raise _unparsed(_SURROGATE_WORDS)
        return text, [replace(one, extra={}) if one.kind == "code" else one for one in self.entities]

    def _add(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.offset += utf16_length(text)

    def _read_reference(self) -> None:
        reference = _REFERENCE.match(self.source, self.at)
        decoded = _decoded(reference) if reference else None
        self._add(decoded or "&")
        self.at = reference.end() if reference and decoded else self.at + 1

    def _read_start_tag(self) -> None:
        begin = self.at
        name = self._take(_TAG_NAME, begin + 1).lower()
        if self._here() == "":
            raise self._unparsed_at("Unclosed start tag", begin)
        if name not in _TAGS:
            raise self._unparsed_at(f'Unsupported start tag "{name}"', begin)
        argument = self._read_attributes(name, begin)
        if name == "span" and argument != "spoiler":
            raise self._unparsed_at('Tag "span" must have class "tg-spoiler"', begin)
        self.at += 1
        self.open.append(_OpenTag(name, argument, self.offset, len(self.parts)))

    def _read_attributes(self, tag: str, begin: int) -> str:
        argument = ""
        self._take(_SPACE, self.at)
        while self._here() != ">":
            name = self._take(_ATTRIBUTE_NAME, self.at)
            if not name:
                raise self._unparsed_at(f'Empty attribute name in the tag "{tag}"', begin)
            self._take(_SPACE, self.at)
            value = self._read_value(tag, begin)
            if (tag, name) == ("blockquote", "expandable"):
                argument = "1"
            elif value is not None and value.startswith(start := _ARGUMENTS.get((tag, name), "\0")):
                argument = value.removeprefix(start)
            self._take(_SPACE, self.at)
        return argument

    def _read_value(self, tag: str, begin: int) -> str | None:
        has_value = self._here() == "="
        if has_value:
            self._take(_SPACE, self.at + 1)
        if self._here() == "":
            raise self._unparsed_at(f'Unclosed start tag "{tag}"', begin)
        if not has_value:
            return None
        value = self._read_quoted() if self._here() in {'"', "'"} else self._read_token()
        if self._here() == "":
            raise self._unparsed_at("Unclosed start tag", begin)
        return value

    def _read_quoted(self) -> str:
        end = self.source.find(self._here(), self.at + 1)
        end = len(self.source) if end < 0 else end
        value = self.source[self.at + 1 : end]
        self.at = end + 1
        return _unescaped(value)

    def _read_token(self) -> str:
        begin = self.at
        token = self._take(_NAME_TOKEN, begin)
        if self._here() not in {"", ">"} and not self._here().isspace():
            raise self._unparsed_at("Unexpected end of name token", begin)
        return token.lower()

    def _read_end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._unparsed_at("Unexpected end tag", begin)
        name = self._take(_TAG_NAME, begin + 2).lower()
        self._take(_SPACE, self.at)
        if self._here() != ">":
            raise self._unparsed_at("Unclosed end tag", begin)
        tag = self.open.pop()
        if name and name != tag.name:
            more = f', expected "</{tag.name}>", found "</{name}>"'
            raise self._unparsed_at("Unmatched end tag", begin, more)
        self.at += 1
        if self.offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        length = self.offset - tag.offset
        if tag.name in {"pre", "code"}:
            self._close_code(tag, length)
        elif tag.name == "a":
            self._close_link(tag, length)
        elif tag.name == "blockquote":
            kind = "expandable_blockquote" if tag.argument else "blockquote"
            self.entities.append(Entity(kind, tag.offset, length))
        elif tag.name == "tg-emoji":
            if not (tag.argument.isdecimal() and int(tag.argument)):
                raise _unparsed("Invalid custom emoji identifier specified")
            extra = {"custom_emoji_id": tag.argument}
            self.entities.append(Entity("custom_emoji", tag.offset, length, extra))
        else:
            self.entities.append(Entity(_KINDS[tag.name], tag.offset, length))

    def _close_code(self, tag: _OpenTag, length: int) -> None:
        """Join `<pre><code class="language-x">` to one entity with its language."""
        last = self.entities[-1] if self.entities else None
        inner = last if last and (last.offset, last.length) == (tag.offset, length) else None
        if tag.name == "pre" and inner and inner.kind == "code" and inner.extra:
            self.entities[-1] = Entity("pre", tag.offset, length, inner.extra)
        elif tag.name == "code" and inner and inner.kind == "pre" and tag.argument:
            self.entities[-1] = Entity("pre", tag.offset, length, {"language": tag.argument})
        else:
            extra = {"language": tag.argument} if tag.argument else {}
            self.entities.append(Entity(tag.name, tag.offset, length, extra))

    def _close_link(self, tag: _OpenTag, length: int) -> None:
        """Keep a link where Telegram takes it; what it does not take becomes plain text."""
        link = tag.argument or "".join(self.parts[tag.part :])
        if user_id := mentioned_user(link):
            user = {"id": user_id, "is_bot": False, "first_name": ""}
            self.entities.append(Entity("text_mention", tag.offset, length, {"user": user}))
            return
        try:
            self.entities.append(Entity("text_link", tag.offset, length, {"url": checked_link(link)}))
        except BadLinkError:
            return

    def _here(self) -> str:
        return self.source[self.at : self.at + 1]

    def _take(self, pattern: re.Pattern[str], start: int) -> str:
        match = pattern.match(self.source, start)
        taken = match[0] if match else ""
        self.at = start + len(taken)
        return taken

    def _unparsed_at(self, words: str, begin: int, more: str = "") -> BadRequest:
        offset = len(self.source[:begin].encode("utf-8", "surrogatepass"))
        return _unparsed(f"{words} at byte offset {offset}{more}")


def _unparsed(words: str) -> BadRequest:
    return BadRequest(f"can't parse entities: {words}")
