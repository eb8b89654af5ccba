"""How rows become values, and values rows."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Row

from recommender.concordance import Field
from recommender.rules import Rule, RuleKind
from recommender.values import Paper, Pick, Reason, Slot, Vote
from storage.tables import PAPERS, PICKS

AnyRow = Row[*tuple[Any, ...]]
_PAPER_FIELDS = tuple(field.name for field in fields(Paper))
PAPER_COLUMNS = tuple(PAPERS.c[name] for name in _PAPER_FIELDS)
PICK_COLUMNS = tuple(column for column in PICKS.c if column.name not in {"digest_id", "position"})


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
    """Read a pick from a row with `PICK_COLUMNS`. A reason whose paper is gone is none."""
    because = row.reason_interest_id if row.reason_paper_id is None else row.reason_paper_id
    reason = None if because is None else Reason(because, row.reason_terms)
    rule = (
        None
        if row.rule_kind is None
        else Rule(RuleKind(row.rule_kind), row.rule_phrase, Field(row.rule_field))
    )
    return Pick(row.paper_id, row.score, Slot(row.slot), reason, row.propensity, rule)


def pick_values(value: Pick) -> dict[str, Any]:
    """Name a pick's values as its columns are named; an interest that it rests on has an id below zero."""
    because = value.reason.paper_id if value.reason else None
    return {
        "paper_id": value.paper_id,
        "score": value.score,
        "slot": value.slot.value,
        "reason_paper_id": None if because is None or because < 0 else because,
        "reason_interest_id": None if because is None or because >= 0 else because,
        "reason_terms": value.reason.terms if value.reason else (),
        "propensity": value.propensity,
        "rule_kind": value.rule.kind.value if value.rule else None,
        "rule_field": value.rule.field.value if value.rule else None,
        "rule_phrase": value.rule.phrase if value.rule else None,
    }
