from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Interest
from storage import interests

HERE, THERE = -1_001_234_567_890, 5
BIRDS, FISH = Interest(-(2**62), "Birds"), Interest(-7, "fish", wanted=False)
PAPER = Interest(-8, "A title", text="A title. An abstract.")


async def test_interests_come_back_in_the_order_stated(session: AsyncSession, now: datetime) -> None:
    """Whatever their numbers, also over the bounds of a batch, and those stated later come later."""
    many = [Interest(number * 7_919 % 2_503 - 3_000, str(number)) for number in range(2_500)]
    await interests.put(session, HERE, many, now)
    await interests.put(session, HERE, [PAPER], now + timedelta(hours=1))
    assert await interests.of_chat(session, HERE) == [*many, PAPER]
    assert await interests.count(session, HERE) == 2_501


async def test_one_stated_again_keeps_its_place(session: AsyncSession, now: datetime) -> None:
    """What was wanted and is not any more is one interest, with its last words."""
    await interests.put(session, HERE, [BIRDS, FISH], now)
    unwanted = Interest(BIRDS.id, "BIRDS", wanted=False, text="x")
    await interests.put(session, HERE, [unwanted], now + timedelta(hours=1))
    assert await interests.of_chat(session, HERE) == [unwanted, FISH]


async def test_interests_are_found_by_number(session: AsyncSession, now: datetime) -> None:
    """Unknown ones, and those of another chat, are left out."""
    await interests.put(session, HERE, [BIRDS, PAPER], now)
    await interests.put(session, THERE, [FISH], now)
    numbers = [BIRDS.id, FISH.id, PAPER.id, *range(40_000)]
    assert await interests.get(session, HERE, numbers) == {BIRDS.id: BIRDS, PAPER.id: PAPER}


async def test_interests_of_many_chats_are_those_of_each(session: AsyncSession, now: datetime) -> None:
    """In the order stated; chats without any are left out."""
    for chat_id, stated in ((THERE, [BIRDS, PAPER]), (HERE, [FISH, BIRDS, PAPER]), (6, [FISH])):
        await interests.put(session, chat_id, stated, now)
    chats = np.array([THERE, HERE, 7])
    assert await interests.of_chats(session, chats) == {HERE: [FISH, BIRDS, PAPER], THERE: [BIRDS, PAPER]}
    assert await interests.of_chats(session, []) == {}


async def test_one_interest_can_be_removed(session: AsyncSession, now: datetime) -> None:
    """It is told whether it was there; the same interest of another chat stays."""
    for chat_id in (HERE, THERE):
        await interests.put(session, chat_id, [BIRDS, FISH], now)
    assert await interests.remove(session, HERE, BIRDS.id)
    assert not await interests.remove(session, HERE, BIRDS.id)
    assert await interests.of_chat(session, HERE) == [FISH]
    assert await interests.of_chat(session, THERE) == [BIRDS, FISH]


async def test_no_interests_may_be_stated(session: AsyncSession, now: datetime) -> None:
    """An empty list changes nothing."""
    await interests.put(session, HERE, [], now)
    assert await interests.count(session, HERE) == 0
