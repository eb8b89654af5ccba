"""How arXiv answers queries: pages of Atom, in both styles of namespaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus
from xml.sax.saxutils import escape

from benchmarks.newsstand.serving import Response
from benchmarks.newsstand.values import Edition, Preprint, World

MOST_RESULTS = 30_000
_FEW_RESULTS = 10
_CATEGORY = re.compile(r"cat:([\w.-]+)")
_SUBMITTED = re.compile(r"submittedDate:\[(\d{12}) TO (\d{12})\]")
_TITLE = re.compile(r'ti:"([^"]*)"')
_WORD = re.compile(r"\w+")
_ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
_SEARCH = 'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
_OWN = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'
_ATOM_TYPE = {"Content-Type": "application/atom+xml; charset=UTF-8"}


@dataclass(frozen=True, slots=True)
class Style:
    """Where an answer names its namespaces: at the top, as today, or at each element, as before."""

    top: str
    search: str
    own: str


STYLES = {
    "new": Style(f"<feed {_SEARCH} {_OWN} {_ATOM}>", "", ""),
    "old": Style(f"<feed {_ATOM}>", f" {_SEARCH}", f" {_OWN}"),
}


def query(world: World, now: datetime, asked: Mapping[str, str], style: Style) -> Response:
    """Answer the query API: a page of what is found, the newest first, and how many there are in all."""
    try:
        start, most = int(asked.get("start", 0)), int(asked.get("max_results", _FEW_RESULTS))
    except ValueError:
        return _error("start and max_results must be integers", style)
    if start < 0 or not 0 <= most <= MOST_RESULTS:
        return _error(f"max_results must be from 0 to {MOST_RESULTS}", style)
    if not asked.get("search_query") and not asked.get("id_list"):
        return _error("search_query or id_list must be given", style)
    found = sorted(_search(world.preprints, now, asked), key=lambda pair: pair[0].submitted, reverse=True)
    if asked.get("sortOrder") == "ascending":
        found.reverse()
    entries = (_entry(preprint, edition, style) for preprint, edition in found[start : start + most])
    return Response(_feed(asked, len(found), start, entries, style), headers=_ATOM_TYPE)


def _search(
    preprints: Iterable[Preprint], now: datetime, asked: Mapping[str, str]
) -> list[tuple[Preprint, Edition]]:
    matches = _matcher(asked)
    there = ((preprint, preprint.at(now)) for preprint in preprints)
    return [
        (preprint, edition)
        for preprint, edition in there
        if edition is not None and matches(preprint, edition)
    ]


def _matcher(asked: Mapping[str, str]) -> Callable[[Preprint, Edition], bool]:
    """Read the few forms of a query that this arXiv knows; all that it names must hold."""
    text = asked.get("search_query", "")
    categories = set(_CATEGORY.findall(text))
    span = _SUBMITTED.search(text)
    title = _TITLE.search(text)
    wanted = _phrase(title[1]) if title else None
    ids = {one.partition("v")[0] for one in asked.get("id_list", "").split(",") if one}

    def matches(preprint: Preprint, edition: Edition) -> bool:
        return (
            (not categories or not categories.isdisjoint(preprint.categories))
            and (span is None or span[1] <= f"{preprint.submitted:%Y%m%d%H%M}" <= span[2])
            and (wanted is None or wanted in _phrase(edition.title))
            and (not ids or preprint.id in ids)
        )

    return matches


def _phrase(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _feed(asked: Mapping[str, str], total: int, start: int, entries: Iterable[str], style: Style) -> bytes:
    told = escape(f"search_query={asked.get('search_query', '')}&id_list=&start={start}")
    numbers = {"totalResults": total, "startIndex": start, "itemsPerPage": asked.get("max_results", "")}
    lines = [
        "<?xml version='1.0' encoding='UTF-8'?>",
        style.top,
        f"  <id>https://arxiv.org/api/{blake2b(told.encode(), digest_size=16).hexdigest()}</id>",
        f'  <title type="html">arXiv Query: {told}</title>',
        *(f"  <opensearch:{name}{style.search}>{n}</opensearch:{name}>" for name, n in numbers.items()),
        *entries,
        "</feed>",
    ]
    return "\n".join(lines).encode()


def _entry(preprint: Preprint, edition: Edition, style: Style) -> str:
    address = f"http://arxiv.org/abs/{preprint.id}v{edition.version}"
    updated = preprint.submitted if edition.version == 1 else edition.announced - timedelta(hours=12)
    authors = "".join(
        f"\n    <author>\n      <name>{escape(n)}</name>\n    </author>" for n in preprint.authors
    )
    comment = (
        f"\n    <arxiv:comment{style.own}>{escape(edition.comment)}</arxiv:comment>"
        if edition.comment
        else ""
    )
    categories = "".join(f'\n    <category term="{c}"/>' for c in preprint.categories)
    return f"""  <entry>
    <id>{address}</id>
    <updated>{updated:%Y-%m-%dT%H:%M:%SZ}</updated>
    <published>{preprint.submitted:%Y-%m-%dT%H:%M:%SZ}</published>
    <title>{escape(edition.title)}</title>
    <summary>  {escape(edition.abstract)}
</summary>{authors}{comment}
    <link href="{address}" rel="alternate" type="text/html"/>
    <link title="pdf" href="{address.replace("/abs/", "/pdf/")}" rel="related" type="application/pdf"/>
    <arxiv:primary_category{style.own} term="{preprint.categories[0]}"/>{categories}
  </entry>"""


def _error(why: str, style: Style) -> Response:
    entry = f"""  <entry>
    <id>https://arxiv.org/api/errors#{why.replace(" ", "_")}</id>
    <title>Error</title>
    <summary>{escape(why)}</summary>
    <author>
      <name>arXiv api core</name>
    </author>
  </entry>"""
    return Response(_feed({}, 1, 0, [entry], style), HTTPStatus.BAD_REQUEST, _ATOM_TYPE)
