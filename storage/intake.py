"""Decides what a dump's papers are to the database: new, known, or what shows two known papers to be one.

Pure: it is given what the database knows of them and keeps its decisions for `storage.papers` to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce

from recommender.values import Paper
from storage.identity import Sameness, judge_sameness, title_key, wording
from storage.merging import merged

CROWD = 8  # so many texts under one title make it a heading, as "Editorial", that tells no paper from another


@dataclass(frozen=True, slots=True)
class Told:
    """A paper as a dump tells it, with the keys that it is looked up by."""

    paper: Paper
    key: str
    title_key: int

    @classmethod
    def of(cls, paper: Paper) -> Told:
        """Compute the keys of a paper."""
        return cls(paper, wording(paper.title, paper.abstract), title_key(paper.title))


@dataclass(slots=True, eq=False)
class Entry:
    """One paper in the making.

    Attributes:
        paper: What is known of it so far.
        row_id: Its row, None while it has none.
        stored: What its row says, None while it has none.
        arxiv_id: Its id, known before all else that the batch tells.
        wordings: Keys that the database does not know yet.
        part_of: The paper that it turned out to be.
    """

    paper: Paper
    first_seen: datetime
    sample: bool
    row_id: int | None = None
    stored: tuple[Paper, datetime, bool] | None = None
    arxiv_id: str | None = None
    wordings: list[str] = field(default_factory=list)
    part_of: Entry | None = None

    @property
    def is_news(self) -> bool:
        """Whether its row is to say something else than it says."""
        return self.stored != (self.paper, self.first_seen, self.sample)

    @property
    def whole(self) -> Entry:
        """The paper that it is by now: itself, or the one that it became part of."""
        entry = self
        while entry.part_of:
            entry = entry.part_of
        return entry


class Intake:
    """The decisions on one batch of papers: all are identified first, and then learned from in their order.

    So it makes no difference when in a batch two papers turn out to be one.

    Args:
        by_id: The stored papers that have an arXiv id of the batch.
        by_wording: The stored papers that were seen under a wording of the batch.
        by_title: The stored papers that bear a title of the batch, by its key; of a crowd, any nine.
    """

    def __init__(
        self,
        by_id: Mapping[str, Entry],
        by_wording: Mapping[str, Entry],
        by_title: Mapping[int, Iterable[Entry]],
    ) -> None:
        self._by_id = dict(by_id)
        self._by_wording = dict(by_wording)
        self._by_title = {
            key: [(entry, entry.paper) for entry in entries] for key, entries in by_title.items()
        }
        self._begun: list[Entry] = []
        self._gone: list[Entry] = []

    @property
    def new(self) -> list[Entry]:
        """The papers that get a row, in the order of the batch."""
        return [entry for entry in self._begun if entry.part_of is None]

    @property
    def known(self) -> list[Entry]:
        """The papers that have a row already, each once."""
        found = {entry.whole: None for entry in (*self._by_id.values(), *self._by_wording.values())}
        return [entry for entry in found if entry.stored is not None]

    @property
    def joined(self) -> dict[int, int]:
        """Rows that become part of another, with the row that stays."""
        pairs = [(entry.row_id, entry.whole.row_id) for entry in self._gone]
        return {gone: kept for gone, kept in pairs if gone is not None and kept is not None}

    def take_in(self, batch: Sequence[Told], now: datetime, *, sample: bool) -> None:
        """Decide on a whole batch; what is new in it is first seen ``now``."""
        for told in batch:
            self.identify(told, now, sample=sample)
        for told in batch:
            self.learn(told, sample=sample)

    def identify(self, told: Told, now: datetime, *, sample: bool) -> None:
        """Find the entry of a paper, or begin one."""
        found, is_new_wording = dict.fromkeys(self._find(told)), told.key not in self._by_wording
        entry = reduce(self._join, found) if found else self._begin(told, now, sample=sample)
        if told.paper.arxiv_id:
            entry.arxiv_id = told.paper.arxiv_id
            self._by_id[told.paper.arxiv_id] = entry
        if is_new_wording:
            self._by_wording[told.key] = entry
            entry.wordings.append(told.key)
        if is_new_wording or not found:
            self._note_title(told, entry)

    def learn(self, told: Told, *, sample: bool) -> None:
        """Add what the batch tells of a paper; one that any real dump names is no sample."""
        arxiv_id = told.paper.arxiv_id
        entry = (self._by_id[arxiv_id] if arxiv_id else self._by_wording[told.key]).whole
        entry.paper = merged(entry.paper, told.paper)
        entry.sample = entry.sample and sample

    def _find(self, told: Told) -> list[Entry]:
        """Find all entries that are this paper: by its id, its wording and, where that is new, its title."""
        arxiv_id = told.paper.arxiv_id
        found = [self._by_id[arxiv_id].whole] if arxiv_id and arxiv_id in self._by_id else []
        if told.key not in self._by_wording:
            return found + self._find_alike(told)
        worded = self._by_wording[told.key].whole
        # Another id with the same text is another paper: the ids tell them apart.
        return [*found, worded] if _may_be(worded, arxiv_id) else found

    def _find_alike(self, told: Told) -> list[Entry]:
        """Find the entries that a new wording of their title is of; several papers, told by ids, are none."""
        bearers = self._by_title.get(told.title_key, ())
        if len(bearers) > CROWD:
            return []
        judged: dict[Entry, set[Sameness]] = {}
        for entry, text in bearers:
            is_other = not _may_be(entry.whole, told.paper.arxiv_id)
            verdict = Sameness.NONE if is_other else judge_sameness(told.paper, text)
            judged.setdefault(entry.whole, set()).add(verdict)
        certain = [entry for entry, verdicts in judged.items() if Sameness.CERTAIN in verdicts]
        if certain:
            ids = {entry.arxiv_id for entry in certain if entry.arxiv_id}
            return certain if len(ids) <= 1 else []
        return [*judged] if [*judged.values()] == [{Sameness.BY_TITLE}] else []

    def _begin(self, told: Told, now: datetime, *, sample: bool) -> Entry:
        entry = Entry(told.paper, now, sample)
        self._begun.append(entry)
        return entry

    def _note_title(self, told: Told, entry: Entry) -> None:
        bearers = self._by_title.setdefault(told.title_key, [])
        if len(bearers) <= CROWD:
            bearers.append((entry, told.paper))

    def _join(self, one: Entry, other: Entry) -> Entry:
        """Make one paper of two. The older row stays, for more readers have seen it."""
        kept, gone = sorted((one, other), key=_age)
        kept.paper = merged(kept.paper, gone.paper)
        kept.sample = kept.sample and gone.sample
        kept.arxiv_id = kept.arxiv_id or gone.arxiv_id
        kept.wordings += gone.wordings
        if gone.row_id is not None:
            kept.first_seen = min(kept.first_seen, gone.first_seen)
        gone.part_of = kept
        self._gone.append(gone)
        return kept


def _may_be(entry: Entry, arxiv_id: str | None) -> bool:
    return entry.arxiv_id is None or arxiv_id is None or entry.arxiv_id == arxiv_id


def _age(entry: Entry) -> tuple[bool, int]:
    return entry.row_id is None, entry.row_id or 0
