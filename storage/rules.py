"""Rules: what a chat muted, boosted and follows. The same wish in other capitals is the same rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.concordance import Field
from recommender.rules import Rule, RuleKind
from storage.dialects import insert
from storage.handed import Ids, one_of
from storage.rows import AnyRow
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
    rows = await session.execute(_RULES.where(RULES.c.chat_id == chat_id).order_by(RULES.c.id))
    return [_kept(row) for row in rows]


async def of_chats(session: AsyncSession, chat_ids: Ids) -> dict[int, list[KeptRule]]:
    """Read all rules of many chats, each chat's oldest first. Chats without any are left out."""
    rows = await session.execute(
        _RULES.add_columns(RULES.c.chat_id)
        .where(one_of(session, RULES.c.chat_id, chat_ids))
        .order_by(RULES.c.chat_id, RULES.c.id)
    )
    return {chat_id: [_kept(row) for row in kept] for chat_id, kept in groupby(rows, itemgetter(-1))}


async def count(session: AsyncSession, chat_id: int) -> int:
    """Count the rules of a chat."""
    counted = await session.execute(select(func.count()).where(RULES.c.chat_id == chat_id))
    return counted.scalar_one()


def _kept(row: AnyRow) -> KeptRule:
    return KeptRule(row.id, Rule(RuleKind(row.kind), row.phrase, Field(row.field)))


_RULES = select(RULES.c.id, RULES.c.kind, RULES.c.phrase, RULES.c.field)
