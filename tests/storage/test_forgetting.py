from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import numpy as np
import pytest
import settled
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.rules import Rule, RuleKind
from recommender.values import Interest, Pick, Slot
from storage import forgetting, inbox, interests, ledger, notices, readers, rules, saved, vectors, votes
from storage.inbox import KeptUpdate
from storage.ledger import Kind
from storage.states import Layout
from storage.tables import PICKS, metadata

ADA, BOB, GROUP = 7_000_000_001, 7_000_000_002, -1_001_234_567_890
PICKED = [Pick(1, 0.5, Slot.TASTE), Pick(2, 0.5, Slot.EXPLORE)]


async def live(session: AsyncSession, chat_id: int, person_id: int, now: datetime) -> None:
    """Do in a chat all that leaves a trace."""
    await readers.subscribe(session, chat_id, "private", now)
    await votes.put(session, chat_id, person_id, 1, up=True, now=now)
    await interests.put(session, chat_id, [Interest(-1, "birds")], now)
    await saved.put(session, chat_id, 1, now)
    await saved.annotate(session, chat_id, 1, "mine")
    await rules.put(session, chat_id, Rule(RuleKind.MUTE, "fish"), now)
    await ledger.plan(session, chat_id, Kind.ASKED, PICKED, now, layout=Layout.CARDS)
    first = await ledger.plan(session, chat_id, Kind.DAILY, PICKED, now, local_day=now.date())
    [digest] = await ledger.claim(session, now, timedelta(minutes=1), 1, digest_id=first)
    await settled.sent(session, digest.id, 1, now)
    number = abs(chat_id + person_id)
    await inbox.keep(session, [KeptUpdate(number, chat_id, "said, and never understood", now)])
    await inbox.set_aside(session, number)


@pytest.fixture
async def lived_in(session: AsyncSession, now: datetime) -> AsyncSession:
    """Fill two private chats, and a group where both people vote; a notice waits for all."""
    await live(session, ADA, ADA, now)
    await live(session, BOB, BOB, now)
    await live(session, GROUP, ADA, now)
    await votes.put(session, GROUP, BOB, 2, up=False, now=now)
    await ledger.plan_notice(session, await notices.draft(session, "Hello", now), now)
    return session


async def traces(session: AsyncSession, number: int) -> dict[str, int]:
    """Count the rows that name a chat or a person, in every column that names either."""
    columns = [
        column
        for table in metadata.tables.values()
        for column in table.c
        if column.name in {"chat_id", "person_id"}
    ]
    counted = [await session.execute(select(func.count()).where(column == number)) for column in columns]
    return {str(column): rows.scalar_one() for column, rows in zip(columns, counted, strict=True)}


async def count_picks(session: AsyncSession) -> int:
    """Count the picks of all digests."""
    return (await session.execute(select(func.count()).select_from(PICKS))).scalar_one()


async def test_nothing_is_left_of_a_chat(lived_in: AsyncSession) -> None:
    """No table names the chat or its person, and no pick is left behind."""
    before, picks = await traces(lived_in, ADA), await count_picks(lived_in)
    assert all(before.values()), "a table that the example leaves no trace in is not tested"
    await forgetting.forget_chat(lived_in, ADA)
    assert set((await traces(lived_in, ADA)).values()) == {0}
    assert await count_picks(lived_in) == picks * 2 // 3


async def test_others_are_left_alone(lived_in: AsyncSession) -> None:
    """All that is another chat's stays, a group's too, but for the votes of who left."""
    bob, group = await traces(lived_in, BOB), await traces(lived_in, GROUP)
    await forgetting.forget_chat(lived_in, ADA)
    assert await traces(lived_in, BOB) == bob
    assert await traces(lived_in, GROUP) == group | {"votes.chat_id": 1}


async def test_a_group_forgets_its_own(lived_in: AsyncSession) -> None:
    """What its members have in their private chats stays."""
    ada = await traces(lived_in, ADA)
    await forgetting.forget_chat(lived_in, GROUP)
    assert set((await traces(lived_in, GROUP)).values()) == {0}
    assert await traces(lived_in, ADA) == ada | {"votes.person_id": 1}


async def test_who_comes_back_is_new(lived_in: AsyncSession, now: datetime) -> None:
    """A chat that was forgotten has no day taken, and its new digests have ids that no old button names."""
    await forgetting.forget_chat(lived_in, ADA)
    last = await ledger.plan(lived_in, BOB, Kind.ASKED, [], now)
    assert last is not None
    await forgetting.forget_chat(lived_in, BOB)
    _, is_new = await readers.subscribe(lived_in, BOB, "private", now)
    assert is_new
    again = await ledger.plan(lived_in, BOB, Kind.DAILY, [], now, local_day=now.date())
    assert again is not None
    assert again > last


async def test_a_stranger_is_forgotten_too(lived_in: AsyncSession) -> None:
    """There is nothing to forget, and that is no error; all others stay."""
    before = await traces(lived_in, ADA)
    await forgetting.forget_chat(lived_in, 99)
    assert await traces(lived_in, ADA) == before


async def test_a_taste_can_be_forgotten_alone(lived_in: AsyncSession) -> None:
    """Votes and interests of the chat go; what was sent, saved and ruled stays."""
    before = await traces(lived_in, ADA)
    await forgetting.forget_taste(lived_in, ADA)
    gone = {"votes.chat_id": 0, "interests.chat_id": 0, "votes.person_id": 1}
    assert await traces(lived_in, ADA) == before | gone


@pytest.mark.parametrize("forget", [forgetting.forget_taste, forgetting.forget_chat])
async def test_what_a_model_made_of_interests_goes_too(
    lived_in: AsyncSession, now: datetime, forget: Callable[[AsyncSession, int], Awaitable[None]]
) -> None:
    """What it made of papers stays."""
    stated, paper = vectors.text_key("birds"), vectors.text_key("A paper.")
    await vectors.put(lived_in, "model", {key: np.ones(4, np.float32) for key in (stated, paper)})
    await forget(lived_in, ADA)
    assert set(await vectors.known(lived_in, "model", [stated, paper])) == {paper}
