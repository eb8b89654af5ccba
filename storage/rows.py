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
PICK_NAMES = (
    "paper_id",
    "score",
    "slot",
    "reason_paper_id",
    "reason_interest_id",
    "reason_terms",
    "propensity",
    "rule_kind",
    "rule_field",
    "rule_phrase",
)
PICK_COLUMNS = tuple(PICKS.c[name] for name in PICK_NAMES)


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


def pick_row(value: Pick) -> tuple[Any, ...]:
    """Lay out a pick's values as `PICK_COLUMNS`; an interest that it rests on has an id below zero."""
    because = value.reason.paper_id if value.reason else None
    rests_on_paper = because is not None and because >= 0
    rule = value.rule
    return (
        value.paper_id,
        value.score,
        value.slot.value,
        because if rests_on_paper else None,
        None if rests_on_paper else because,
        value.reason.terms if value.reason else (),
        value.propensity,
        rule.kind.value if rule else None,
        rule.field.value if rule else None,
        rule.phrase if rule else None,
    )


def pick_values(value: Pick) -> dict[str, Any]:
    """Name a pick's values as its columns are named."""
    return dict(zip(PICK_NAMES, pick_row(value), strict=True))
