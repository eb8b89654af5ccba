"""Rules: what a chat muted, boosted and follows. The same wish in other capitals is the same rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.concordance import Field
from recommender.rules import Rule, RuleKind
from storage.dialects import insert
from storage.tables import RULES


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule, and the id that a button names it by."""

    id: int
    rule: Rule


async def put(session: AsyncSession, chat_id: int, rule: Rule, now: datetime) -> bool:
    """Keep a rule; False where the chat has it already."""
    made = await session.execute(
        insert(session, RULES)
        .values(
            chat_id=chat_id,
            kind=rule.kind,
            field=rule.field,
            key=" ".join(rule.phrase.casefold().split()),
            phrase=rule.phrase,
            at=now,
        )
        .on_conflict_do_nothing()
        .returning(RULES.c.id)
    )
    return made.first() is not None


async def remove(session: AsyncSession, chat_id: int, rule_id: int) -> Rule | None:
    """Remove a rule of a chat and return it; None where it is not there."""
    removed = await session.execute(
        delete(RULES)
        .where(RULES.c.chat_id == chat_id, RULES.c.id == rule_id)
        .returning(RULES.c.kind, RULES.c.phrase, RULES.c.field)
    )
    row = removed.first()
    return Rule(RuleKind(row.kind), row.phrase, Field(row.field)) if row else None


async def of_chat(session: AsyncSession, chat_id: int) -> list[KeptRule]:
    """Read all rules of a chat, oldest first."""
    rows = await session.execute(
        select(RULES.c.id, RULES.c.kind, RULES.c.phrase, RULES.c.field)
        .where(RULES.c.chat_id == chat_id)
        .order_by(RULES.c.id)
    )
    return [KeptRule(row.id, Rule(RuleKind(row.kind), row.phrase, Field(row.field))) for row in rows]


async def count(session: AsyncSession, chat_id: int) -> int:
    """Count the rules of a chat."""
    counted = await session.execute(select(func.count()).where(RULES.c.chat_id == chat_id))
    return counted.scalar_one()
