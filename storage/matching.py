"""How words are looked for in each database: by SQLite's FTS5, or by PostgreSQL's tsvector.

Both take a word in any of its English forms, and count a title for more than names, and names for more than
an abstract. FTS5 overlooks accents too; tsvector passes over the commonest English words.

Scripts that put no spaces between words are to both one long word. What is asked in such a script must stand
in the texts just so, and all texts are read for it: 0.25 s for 100,000 papers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    column,
    func,
    literal_column,
    or_,
    table,
    type_coerce,
)

from recommender.concordance import UNSPACED
from storage.tables import PAPERS

_TERM = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{UNSPACED}]")
_MOST_TERMS = 16
_LONGEST = 64  # PostgreSQL refuses words of 2 kB
_SHORTEST_BEGINNING = 3  # a shorter one begins half of all words

_INDEX = table("paper_words", column("rowid"), column("paper_words"))
# Of the title, an abstract, the authors, the organization: as the index has its columns.
_FTS5_WEIGHTS = (4.0, 1.0, 2.0, 2.0)
_VECTOR: ColumnElement[Any] = literal_column("papers.words")
# Of an abstract, the organization, the authors, the title.
_VECTOR_WEIGHTS: ColumnElement[Any] = literal_column("'{0.25, 0.5, 0.5, 1}'::float4[]")
_ENGLISH: ColumnElement[Any] = literal_column("'english'::regconfig")


@dataclass(frozen=True, slots=True)
class Match:
    """What a paper must meet to hold the words.

    Attributes:
        where: Conditions on papers, and on the index where there is one.
        index: What is to be joined to papers by its ``rowid``.
        worst: What grows the less a paper tells of the words; None where that cannot be told.
    """

    where: Sequence[ColumnElement[bool]]
    index: FromClause | None = None
    worst: ColumnElement[Any] | None = None


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    of_author: bool
    is_beginning: bool = False

    @property
    def is_unspaced(self) -> bool:
        return bool(_IS_UNSPACED.match(self.text))


def on_sqlite(words: str, author: str, *, half_typed: bool) -> Match | None:
    """Write for SQLite what a paper's words must meet; None where no paper can."""
    terms = _read(words, author, half_typed=half_typed)
    if terms is None:
        return None
    asked = " AND ".join(map(_for_fts5, _spaced(terms)))
    if not asked:
        return Match(_unspaced(terms))
    is_met = _INDEX.c.paper_words.bool_op("MATCH")(asked)
    return Match([is_met, *_unspaced(terms)], _INDEX, func.bm25(_INDEX.c.paper_words, *_FTS5_WEIGHTS))


def on_postgresql(words: str, author: str, *, half_typed: bool) -> Match | None:
    """Write for PostgreSQL what a paper's words must meet; None where no paper can."""
    terms = _read(words, author, half_typed=half_typed)
    if terms is None:
        return None
    asked = " & ".join(map(_for_tsquery, _spaced(terms)))
    if not asked:
        return Match(_unspaced(terms))
    query = func.to_tsquery(_ENGLISH, asked)
    is_met = _VECTOR.bool_op("@@")(query)
    return Match([is_met, *_unspaced(terms)], worst=-func.ts_rank(_VECTOR_WEIGHTS, _VECTOR, query))


def _for_fts5(term: _Term) -> str:
    """Write a term in quotes, so that it is no operator."""
    return f'{"authors : " if term.of_author else ""}"{term.text}"{"*" if term.is_beginning else ""}'


def _for_tsquery(term: _Term) -> str:
    marks = f"{'B' if term.of_author else ''}{'*' if term.is_beginning else ''}"
    return f"{term.text}:{marks}" if marks else term.text


def _read(words: str, author: str, *, half_typed: bool) -> list[_Term] | None:
    """Read what is asked as terms, all of them to be met; None where something is asked and no term is left.

    Half typed, the last term is the beginning of a word; where it cannot be one, no term is left.
    """
    subject, names = _terms(words, of_author=False), _terms(author, of_author=True)
    if (words.strip() and not subject) or (author.strip() and not names):
        return None
    return [*names, *subject] if not half_typed else _with_beginning([*names, *subject])


def _with_beginning(terms: Sequence[_Term]) -> list[_Term] | None:
    if not terms or terms[-1].is_unspaced or len(terms[-1].text) < _SHORTEST_BEGINNING:
        return None
    return [*terms[:-1], replace(terms[-1], is_beginning=True)]


def _terms(text: str, *, of_author: bool) -> list[_Term]:
    found = _TERM.findall(unicodedata.normalize("NFKC", text))
    return [_Term(term[:_LONGEST], of_author) for term in found[:_MOST_TERMS]]


def _spaced(terms: Sequence[_Term]) -> Iterator[_Term]:
    return (term for term in terms if not term.is_unspaced)


def _unspaced(terms: Sequence[_Term]) -> list[ColumnElement[bool]]:
    return [_stands(term) for term in terms if term.is_unspaced]


def _stands(term: _Term) -> ColumnElement[bool]:
    names = type_coerce(PAPERS.c.authors, Text)
    where = [names] if term.of_author else [PAPERS.c.title, PAPERS.c.abstract, names, PAPERS.c.organization]
    return or_(*(text.contains(term.text) for text in where))
