"""Decides what a dump's papers are to the database: new, known, or what shows two known papers to be one.

Pure: it is given what the database knows of them and keeps its decisions for `storage.papers` to write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from recommender.values import Paper
from storage.identity import is_cut_from


@dataclass(slots=True, eq=False)
class Entry:
    """One paper in the making.

    Attributes:
        paper: What is known of it so far.
        row_id: Its row, None while it has none.
        stored: What its row says, None while it has none.
        arxiv_id: Its id, known before all else that the batch tells.
        wordings: Keys that the database does not know yet.
    """

    paper: Paper
    first_seen: datetime
    sample: bool
    row_id: int | None = None
    stored: tuple[Paper, datetime, bool] | None = None
    arxiv_id: str | None = None
    wordings: list[str] = field(default_factory=list)

    @property
    def is_news(self) -> bool:
        """Whether its row is to say something else than it says."""
        return self.stored != (self.paper, self.first_seen, self.sample)


class Intake:
    """The decisions on one batch of papers: all are identified first, and then learned from in their order.

    So it makes no difference when in a batch two papers turn out to be one.

    Args:
        by_id: The stored papers that have an arXiv id of the batch.
        by_wording: The stored papers that were seen under a wording of the batch.

    Attributes:
        new: The papers that get a row, in the order of the batch.
        joined: Pairs of rows: the one that stays, and the one that becomes part of it.
    """

    def __init__(self, by_id: Mapping[str, Entry], by_wording: Mapping[str, Entry]) -> None:
        self._by_id = dict(by_id)
        self._by_wording = dict(by_wording)
        self.new: list[Entry] = []
        self.joined: list[tuple[int, int]] = []

    @property
    def known(self) -> list[Entry]:
        """The papers that have a row already, each once."""
        entries = {id(entry): entry for entry in (*self._by_id.values(), *self._by_wording.values())}
        return [entry for entry in entries.values() if entry.stored is not None]

    def identify(self, paper: Paper, key: str, now: datetime, *, sample: bool) -> None:
        """Find the entry of a paper, whose wording has this key, or begin one."""
        named = self._by_id.get(paper.arxiv_id or "")
        worded = self._by_wording.get(key)
        if worded and paper.arxiv_id and worded.arxiv_id not in {None, paper.arxiv_id}:
            worded = None  # another paper with the same text: the ids tell them apart
        entry = self._join(named, worded) if named and worded else named or worded
        if entry is None:
            entry = Entry(paper, now, sample)
            self.new.append(entry)
        if paper.arxiv_id:
            entry.arxiv_id = paper.arxiv_id
            self._by_id[paper.arxiv_id] = entry
        if key not in self._by_wording:
            self._by_wording[key] = entry
            entry.wordings.append(key)

    def learn(self, paper: Paper, key: str, *, sample: bool) -> None:
        """Add what the batch tells of a paper; one that any real dump names is no sample."""
        entry = self._by_id[paper.arxiv_id] if paper.arxiv_id else self._by_wording[key]
        entry.paper = merged(entry.paper, paper)
        entry.sample = entry.sample and sample

    def _join(self, one: Entry, other: Entry) -> Entry:
        """Make one paper of two. The older row stays, for more readers have seen it."""
        if one is other:
            return one
        kept, gone = sorted((one, other), key=_age)
        kept.paper = merged(kept.paper, gone.paper)
        kept.sample = kept.sample and gone.sample
        kept.wordings += gone.wordings
        if kept.row_id is not None and gone.row_id is not None:
            self.joined.append((kept.row_id, gone.row_id))
        self._forget(gone, kept)
        return kept

    def _forget(self, gone: Entry, kept: Entry) -> None:
        self._by_id = {key: kept if entry is gone else entry for key, entry in self._by_id.items()}
        self._by_wording = {key: kept if entry is gone else entry for key, entry in self._by_wording.items()}
        self.new = [entry for entry in self.new if entry is not gone]


def _age(entry: Entry) -> tuple[bool, int]:
    return entry.row_id is None, entry.row_id or 0


def merged(known: Paper, told: Paper) -> Paper:
    """Add to what is known of a paper what a later dump tells.

    What the dump leaves out stays; what it tells replaces, but an abstract is not replaced by its own
    beginning, and the day on the list is the last one.
    """
    if known == told:
        return known
    changes = {name: value for name in _FIELDS if (value := getattr(told, name)) not in _SILENT}
    if is_cut_from(told.abstract, known.abstract):
        changes["abstract"] = known.abstract
    if known.featured and told.featured:
        changes["featured"] = max(known.featured, told.featured)
    return replace(known, **changes)


_FIELDS = tuple(part.name for part in fields(Paper))
_SILENT: tuple[Any, ...] = (None, "", ())
