"""Reads the visible text of an HTML page, line by line, much as a browser copies it.

Its time is linear in the page, whatever is wrong with the page: each pattern matches where it begins or not
at all, and what is sought in vain is not sought again. Knows nothing of papers.
"""

from __future__ import annotations

import html
import re

_TAG = re.compile(
    r"""<(?:(?P<comment>!--)|[!?][^>]*+>?"""
    r"""|(?P<close>/?+)(?P<name>[a-zA-Z][^\s/>]*+)(?:[^>"']++|"[^"]*+"|'[^']*+')*+>?)"""
)
_SPACE = re.compile(r"[ \t\n\f\r]+")
_LINE_END = re.compile(r"\r\n?|\n")
_ENDLESS_REFERENCE = re.compile(r"&#[0-9]{20,}+;?")  # no character, and too long to be read as a number
_CODE = frozenset({"script", "style"})
_DROPPED = {
    name: re.compile(rf"</{name}\b[^>]*+>?", re.IGNORECASE)
    for name in (*_CODE, "nav", "noscript", "svg", "template", "title")
}
_BLOCK_NAMES = (
    "address article aside blockquote body dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html li main ol option p pre section summary table tbody td tfoot th "
    "thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())


def read_visible(page: str) -> str:
    """Read the text that a page shows: a line a block, a blank line around paragraphs."""
    return _Reader(page).read()


def unescape(text: str) -> str:
    """Put characters in the place of their references, such as ``&amp;``. Never raises."""
    return html.unescape(_ENDLESS_REFERENCE.sub("\ufffd", text)) if "&" in text else text


class _Reader:
    """Goes from tag to tag and remembers the lines before."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._lines: list[str] = []
        self._line: list[str] = []
        self._blank = False
        self._preformatted = False
        self._unclosed: set[str] = set()

    def read(self) -> str:
        position = 0
        while tag := _TAG.search(self._page, position):
            if tag.start() > position:
                self._add_text(self._page[position : tag.start()])
            position = self._pass_comment(tag) if tag["comment"] else self._pass_tag(tag)
        self._add_text(self._page[position:])
        self._end_line()
        return "\n".join(self._lines)

    def _pass_comment(self, opening: re.Match[str]) -> int:
        end = self._page.find("-->", opening.start() + 2)
        return len(self._page) if end < 0 else end + 3

    def _pass_tag(self, tag: re.Match[str]) -> int:
        name = (tag["name"] or "").lower()
        if name in _DROPPED and not tag["close"]:
            return self._skip(name, tag)
        if name == "br":
            self._break_line()
        elif name in _BLOCKS:
            self._end_line()
            self._blank |= name in {"p", "pre"}
            self._preformatted = not tag["close"] if name == "pre" else self._preformatted
        return tag.end()

    def _skip(self, name: str, tag: re.Match[str]) -> int:
        """Tell where an element that is not shown ends. Without an end, code goes on to that of the page."""
        if name in self._unclosed or (name not in _CODE and self._page.endswith("/>", 0, tag.end())):
            return tag.end()
        if closing := _DROPPED[name].search(self._page, tag.end()):
            return closing.end()
        self._unclosed.add(name)
        return len(self._page) if name in _CODE else tag.end()

    def _add_text(self, text: str) -> None:
        if not self._preformatted:
            self._line.append(_SPACE.sub(" ", unescape(text)))
            return
        first, *others = _LINE_END.split(unescape(text))
        self._line.append(first)
        for line in others:
            self._break_line()
            self._line.append(line)

    def _end_line(self) -> None:
        """End the line, where there is any text on it."""
        if (line := "".join(self._line)).strip():
            if self._blank and self._lines:
                self._lines.append("")
            self._lines.append(line)
            self._blank = False
        self._line.clear()

    def _break_line(self) -> None:
        """End the line even where it is empty."""
        self._blank |= not "".join(self._line).strip()
        self._end_line()
