from __future__ import annotations

from datetime import datetime

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.concordance import Field
from recommender.rules import Rule, RuleKind
from storage import rules

HERE, THERE = -1_001_234_567_890, 5
MUTE = Rule(RuleKind.MUTE, "Straße  bauen")
FOLLOW = Rule(RuleKind.FOLLOW, "Ada Ünal", Field.AUTHOR)


async def test_rules_come_back_oldest_first(session: AsyncSession, now: datetime) -> None:
    """As they were written, each with an id of its own."""
    for rule in (MUTE, FOLLOW):
        assert await rules.put(session, HERE, rule, now)
    kept = await rules.of_chat(session, HERE)
    assert [entry.rule for entry in kept] == [MUTE, FOLLOW]
    assert len({entry.id for entry in kept}) == await rules.count(session, HERE) == 2


async def test_rules_of_many_chats_are_those_of_each(session: AsyncSession, now: datetime) -> None:
    """Oldest first; chats without any are left out."""
    for chat_id, rule in ((THERE, FOLLOW), (HERE, MUTE), (THERE, MUTE), (6, MUTE)):
        await rules.put(session, chat_id, rule, now)
    assert await rules.of_chats(session, np.array([THERE, HERE, 7])) == {
        HERE: await rules.of_chat(session, HERE),
        THERE: await rules.of_chat(session, THERE),
    }
    assert await rules.of_chats(session, []) == {}


async def test_the_same_wish_is_one_rule(session: AsyncSession, now: datetime) -> None:
    """In other capitals or with other spaces it is there already, and the first wording stays."""
    await rules.put(session, HERE, MUTE, now)
    assert not await rules.put(session, HERE, Rule(RuleKind.MUTE, " STRASSE bauen "), now)
    assert [entry.rule for entry in await rules.of_chat(session, HERE)] == [MUTE]


async def test_other_wishes_are_other_rules(session: AsyncSession, now: datetime) -> None:
    """A phrase may be muted and boosted, looked for in other places, and ruled on in another chat."""
    assert await rules.put(session, HERE, MUTE, now)
    assert await rules.put(session, HERE, Rule(RuleKind.BOOST, MUTE.phrase), now)
    assert await rules.put(session, HERE, Rule(RuleKind.MUTE, MUTE.phrase, Field.AUTHOR), now)
    assert await rules.put(session, THERE, MUTE, now)
    assert await rules.count(session, HERE) == 3


async def test_a_rule_can_be_removed(session: AsyncSession, now: datetime) -> None:
    """It is given back, once; another chat cannot remove it."""
    await rules.put(session, HERE, FOLLOW, now)
    [kept] = await rules.of_chat(session, HERE)
    assert await rules.remove(session, THERE, kept.id) is None
    assert await rules.remove(session, HERE, kept.id) == FOLLOW
    assert await rules.remove(session, HERE, kept.id) is None


async def test_an_id_is_never_used_again(session: AsyncSession, now: datetime) -> None:
    """The button of a removed rule names no other one."""
    await rules.put(session, HERE, MUTE, now)
    [old] = await rules.of_chat(session, HERE)
    await rules.remove(session, HERE, old.id)
    await rules.put(session, HERE, FOLLOW, now)
    assert [entry.id for entry in await rules.of_chat(session, HERE)] > [old.id]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
async def test_any_phrase_is_itself_in_capitals(session: AsyncSession, now: datetime, phrase: str) -> None:
    """Whatever the letters, the phrase and its folded form are one rule."""
    savepoint = await session.begin_nested()
    await rules.put(session, HERE, Rule(RuleKind.MUTE, phrase), now)
    assert not await rules.put(session, HERE, Rule(RuleKind.MUTE, phrase.casefold()), now)
    await savepoint.rollback()
