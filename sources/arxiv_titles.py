"""Looks papers up at arXiv by their titles. Whether what is found is the paper sought, others judge."""

from __future__ import annotations

import re

from recommender.values import Paper
from sources.arxiv_query import ArxivQuery
from sources.web.client import Web
from sources.xml_papers import read_entry

_MOST_FOUND = 10
_MOST_WORDS = 20
_LONGEST = 200  # characters of a query; a title is told by fewer
_FORMULA = re.compile(r"\$[^$]*\$|\\[a-zA-Z]+|[{}^_]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")  # noqa: RUF001 - the apostrophe of print


class ArxivTitles:
    """The titles of all papers at arXiv, asked through the query API."""

    def __init__(self, api: str, web: Web) -> None:
        self._query = ArxivQuery(api, web)

    async def seek(self, title: str) -> list[Paper]:
        """Find papers whose titles hold the words of this one in a row, the closest first, at most ten.

        Raises:
            SourceError: arXiv cannot be reached, refuses, or sends no whole answer.
        """
        phrase = _phrase(title)
        if not phrase:
            return []
        page = await self._query.read_page(f'ti:"{phrase}"', _MOST_FOUND)
        read = [read_entry(entry) for entry in page.entries]
        return [paper for paper in read if isinstance(paper, Paper)]


def _phrase(title: str) -> str:
    """Write a title's words as arXiv's search reads them, which takes a hyphen for a minus.

    Of a title with formulas the longest run of words between them is taken.
    """
    runs = [" ".join(_WORD.findall(run)[:_MOST_WORDS]) for run in _FORMULA.split(title)]
    phrase = max(runs, key=len).replace("’", "'")  # noqa: RUF001 - as above
    return phrase if len(phrase) <= _LONGEST else phrase[:_LONGEST].rpartition(" ")[0]
