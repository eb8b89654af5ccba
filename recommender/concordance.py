"""Which words stand in which papers, and where a phrase can be found among them.

Owns the literal reading of phrases and papers. It knows neither readers nor what a phrase is looked up for.

A phrase is never a pattern. It is met as whole words side by side, whatever stands between them (space,
hyphen, line break), case, width and accents aside; scripts written without spaces are met anywhere. A plural
s is overlooked, save in names.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from recommender.values import Paper

_ACCENTS = re.compile("[\u0300-\u036f]")
# Scripts without spaces: Thai and Lao; Burmese; Khmer; kana; Chinese characters; Korean.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
)
# Between the parts of a paper, such as two authors. No phrase has this sign, so none reaches across.
_APART = "\0"
# A sign of such a script is a word by itself.
_WORD = re.compile(rf"[{UNSPACED}{_APART}]|[^\W{UNSPACED}]+(?:\+\+|#)?")
_SIGNS = {code: " " for code in range(1, 128) if not chr(code).isalnum()}
_SHORTEST_PLURAL = 4


class Field(StrEnum):
    """Where to look: at all that is said of a paper, at its authors alone, or at its organization alone."""

    ANY = "any"
    AUTHOR = "author"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Concordance:
    """The words of some papers, read once, so that any number of phrases cost a few look-ups each.

    A paper is named by its place among those given.
    """

    subjects: _Index
    authors: _Index
    organizations: _Index

    @classmethod
    def of(cls, papers: Sequence[Paper]) -> Concordance:
        """Read papers: the subject from title, abstract, summary and keywords; and the names."""
        return cls(
            _Index.of([_subject(paper) for paper in papers], _singular),
            _Index.of([paper.authors for paper in papers], _as_written),
            _Index.of([(paper.organization or "",) for paper in papers], _as_written),
        )

    def find(self, phrase: str, field: Field = Field.ANY) -> set[int]:
        """Find the places of the papers with a phrase; one without a letter or digit stands nowhere."""
        words = _words(phrase.replace(_APART, " "))
        match field:
            case Field.AUTHOR:
                return self.authors.find(words)
            case Field.ORGANIZATION:
                return self.organizations.find(words)
            case Field.ANY:
                return self.subjects.find(words) | self.authors.find(words) | self.organizations.find(words)


@dataclass(frozen=True, slots=True)
class _Index:
    """One kind of text of each paper.

    Attributes:
        level: Turns the ways to write a word into one.
        texts: The levelled words of each paper, a space on both sides of each.
        places: Where each word stands.
    """

    level: Callable[[str], str]
    texts: Sequence[str]
    places: Mapping[str, set[int]]

    @classmethod
    def of(cls, papers: Sequence[Iterable[str]], level: Callable[[str], str]) -> _Index:
        level_once = cache(level)
        texts = []
        places: defaultdict[str, set[int]] = defaultdict(set)
        for place, parts in enumerate(papers):
            words = [level_once(word) for word in _words(f" {_APART} ".join(parts))]
            texts.append(f" {' '.join(words)} ")
            for word in set(words):
                places[word].add(place)
        return cls(level, texts, dict(places))

    def find(self, words: Iterable[str]) -> set[int]:
        levelled = [self.level(word) for word in words]
        if not levelled:
            return set()
        together = set.intersection(*(self.places.get(word, set()) for word in levelled))
        phrase = f" {' '.join(levelled)} "
        return {place for place in together if phrase in self.texts[place]}


def _words(text: str) -> list[str]:
    """Read the words of a text as phrases are compared; "C++" and "C#" are spelt out, as they are not "C"."""
    folded = text.lower() if text.isascii() else _fold(text)
    return folded.replace("c++", "cpp").replace("c#", "csharp").translate(_SIGNS).split()


def _fold(text: str) -> str:
    """Level case, width and accents, and set the signs of unspaced scripts apart."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = unicodedata.normalize("NFKC", _ACCENTS.sub("", folded))
    return " ".join(_WORD.findall(bare))


def _singular(word: str) -> str:
    plural = len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural and word != "news" else word


def _as_written(word: str) -> str:
    return word


def _subject(paper: Paper) -> tuple[str, ...]:
    return (paper.title, paper.abstract, paper.summary or "", *paper.keywords)
