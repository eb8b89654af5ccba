"""How rows become values, and values rows."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Row

from recommender.values import Paper, Pick, Reason, Slot, Vote
from storage.tables import PAPERS

AnyRow = Row[*tuple[Any, ...]]
_PAPER_FIELDS = tuple(field.name for field in fields(Paper))
PAPER_COLUMNS = tuple(PAPERS.c[name] for name in _PAPER_FIELDS)


def paper(row: AnyRow) -> Paper:
    """Read a paper from a row with `PAPER_COLUMNS`."""
    return Paper(**{name: getattr(row, name) for name in _PAPER_FIELDS})


def paper_values(value: Paper) -> dict[str, Any]:
    """Name a paper's values as its columns are named."""
    return {name: getattr(value, name) for name in _PAPER_FIELDS}


def vote(row: AnyRow) -> Vote:
    """Read a vote from its row."""
    return Vote(paper_id=row.paper_id, up=row.up, at=row.at)


def pick(row: AnyRow) -> Pick:
    """Read a pick from its row. A reason whose paper is gone is none."""
    reason = None if row.reason_paper_id is None else Reason(row.reason_paper_id, row.reason_terms)
    return Pick(row.paper_id, row.score, Slot(row.slot), reason, row.propensity)


def pick_values(value: Pick) -> dict[str, Any]:
    """Name a pick's values as its columns are named."""
    return {
        "paper_id": value.paper_id,
        "score": value.score,
        "slot": value.slot.value,
        "reason_paper_id": value.reason and value.reason.paper_id,
        "reason_terms": value.reason.terms if value.reason else (),
        "propensity": value.propensity,
    }
