"""Reads XML dumps: pages of arXiv's query API, its feeds of what is new, and feeds of others."""

from __future__ import annotations

from recommender.values import Paper
from sources.rejects import Rejects
from sources.values import Parsed
from sources.xml_feed import read_feed
from sources.xml_papers import is_revision, read_entry


def parse_xml(text: str) -> Parsed:
    """Read all papers of the feeds in a text, which may follow each other; of one that is cut what is whole.

    A feed without entries is no reject: arXiv has days with nothing new.
    """
    feed = read_feed(text)
    papers: list[Paper] = []
    revisions: list[Paper] = []
    rejects = Rejects()
    for number, entry in enumerate(feed.entries, 1):
        read = read_entry(entry)
        if isinstance(read, str):
            rejects.add(f"entry {number}: {read}", entry.line, entry.first("title"))
        elif is_revision(entry):
            revisions.append(read)
        else:
            papers.append(read)
    in_order = sorted(rejects.all(behind=feed.breaks), key=lambda reject: reject.line or 0)
    return Parsed(tuple(papers), tuple(in_order), tuple(revisions))
