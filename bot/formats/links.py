"""Finds the papers that a reader linked to in a message, without asking any network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from bot.formats.arxiv import INTRODUCTION
from sources.arxiv_id import WRITTEN, spell
from sources.cleaning import clean

_HOSTS = r"(?:[a-z]{1,20}\.){0,3}(?:arxiv\.org|semanticscholar\.org|huggingface\.co|hf\.co|doi\.org)/"
# Addresses are ASCII, so that one ends where Chinese goes on without a space.
_ADDRESS = r"[!#-;=?-~]{1,2000}"
_MENTION = re.compile(
    rf"""
    (?P<address>(?:https?://|(?<![\w@./-])(?:www\.|{_HOSTS})){_ADDRESS})
    | (?P<identifier>(?<![\w./-]){INTRODUCTION}?{WRITTEN}(?!\w))
    | (?P<doi>(?<![\w./-])(?:doi:\s?)?10\.\d{{4,9}}/{_ADDRESS})
    """,
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
# No site but those of preprints has such a step in its addresses, so that any may be believed.
_STEP = re.compile(rf"(?:/|arxiv[:.]){WRITTEN}(?![\w-])", re.IGNORECASE | re.ASCII)
_SLUG = re.compile(r"\bsemanticscholar\.org/paper/([^/?#]+)/[0-9a-f]{40}\b", re.IGNORECASE)
_EMPTY_BRACKETS = re.compile(r"\[\]|\(\)|<>")
_CLOSING = ".,;:!?'*_)]}"


@dataclass(frozen=True, slots=True)
class Links:
    """The papers that a text names, and what else it says; each paper once, in the order of the text.

    Attributes:
        arxiv_ids: Without versions; also such as stand alone, or in a DOI of arXiv's.
        titles: As addresses of Semantic Scholar spell them: without punctuation, and with up to two surnames
            of the authors at the end.
        rest: The text without its links, line by line, for free-text interests.
        unknown: Addresses, and DOIs of other publishers, that only a network could turn into papers.
    """

    arxiv_ids: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    rest: str = ""
    unknown: tuple[str, ...] = ()


def find_links(text: str) -> Links:
    """Find links to papers: arXiv and its mirrors, Hugging Face, alphaXiv, Semantic Scholar, and DOIs."""
    arxiv_ids: list[str] = []
    titles: list[str] = []
    unknown: list[str] = []
    for mention in _MENTION.finditer(text):
        link = _link_of(mention)
        if paper := (mention if mention["identifier"] else _STEP.search(link)):
            arxiv_ids.append(spell(paper).id)
        elif slug := _SLUG.search(link):
            titles.append(clean(unquote(slug[1]).replace("-", " ")))
        else:
            unknown.append(link)
    return Links(_once(arxiv_ids), _once(titles), _without_links(text), _once(unknown))


def _once(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _without_links(text: str) -> str:
    """Keep the lines that say something beside their links."""
    left = _MENTION.sub(lambda mention: mention[0][len(_link_of(mention)) :], text)
    return "\n".join(_spoken_lines(_EMPTY_BRACKETS.sub("", left)))


def _link_of(mention: re.Match[str]) -> str:
    """Leave to the sentence what closes it rather than the link."""
    return mention[0].rstrip(_CLOSING)


def _spoken_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if any(map(str.isalnum, line)):
            yield clean(line)
