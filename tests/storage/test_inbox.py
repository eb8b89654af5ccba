from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import inbox
from storage.inbox import KeptUpdate

ADA, BOB = 7_000_000_001, 7_000_000_002


def told(update_id: int, now: datetime, chat_id: int = ADA) -> KeptUpdate:
    return KeptUpdate(update_id, chat_id, f'{{"update_id": {update_id}}}', now)


async def ids(session: AsyncSession) -> list[int]:
    return [kept.update_id for kept in await inbox.waiting(session)]


async def test_what_is_kept_waits_as_it_was_told(session: AsyncSession, now: datetime) -> None:
    assert await inbox.keep(session, [told(5, now), told(6, now)]) == {5, 6}
    assert await inbox.waiting(session) == [told(5, now), told(6, now)]


async def test_the_order_is_that_of_coming(session: AsyncSession, now: datetime) -> None:
    """After a quiet week Telegram begins anew with any number."""
    await inbox.keep(session, [told(900, now)])
    await inbox.keep(session, [told(8, now + timedelta(days=8)), told(7, now + timedelta(days=8))])
    assert await ids(session) == [900, 7, 8]


async def test_what_waits_is_not_new_when_it_is_told_again(session: AsyncSession, now: datetime) -> None:
    await inbox.keep(session, [told(5, now)])
    assert await inbox.keep(session, [told(5, now), told(6, now)]) == {6}
    assert await ids(session) == [5, 6]


async def test_what_was_carried_out_is_not_taken_in_again(session: AsyncSession, now: datetime) -> None:
    """Telegram tells again what was not confirmed before a crash."""
    await inbox.keep(session, [told(5, now), told(6, now)])
    await inbox.settle(session, [5, 6], now)
    assert await ids(session) == []
    assert await inbox.keep(session, [told(5, now), told(6, now), told(7, now)]) == {7}


async def test_the_same_may_be_settled_twice(session: AsyncSession, now: datetime) -> None:
    await inbox.keep(session, [told(5, now)])
    await inbox.settle(session, [5], now)
    await inbox.settle(session, [5], now)
    assert await ids(session) == []


async def test_nothing_kept_is_nothing_new(session: AsyncSession) -> None:
    assert await inbox.keep(session, []) == set()


async def test_tries_are_counted_until_an_orderly_end(session: AsyncSession, now: datetime) -> None:
    await inbox.keep(session, [told(5, now), told(6, now)])
    await inbox.count_try(session, [6])
    await inbox.count_try(session, [6])
    assert [kept.tries for kept in await inbox.waiting(session)] == [0, 2]
    await inbox.acquit(session)
    assert [kept.tries for kept in await inbox.waiting(session)] == [0, 0]


async def test_what_is_set_aside_waits_no_more_and_never_comes_again(
    session: AsyncSession, now: datetime
) -> None:
    await inbox.keep(session, [told(5, now), told(6, now)])
    await inbox.set_aside(session, 5)
    await inbox.acquit(session)
    assert await ids(session) == [6]
    assert await inbox.keep(session, [told(5, now)]) == set()


async def test_only_what_was_set_aside_is_forgotten_with_time(session: AsyncSession, now: datetime) -> None:
    await inbox.keep(session, [told(5, now), told(6, now)])
    await inbox.set_aside(session, 5)
    await inbox.forget_aside(session, now)
    assert await inbox.keep(session, [told(5, now)]) == set()
    await inbox.forget_aside(session, now + timedelta(seconds=1))
    assert await inbox.keep(session, [told(5, now)]) == {5}
    assert await ids(session) == [5, 6]


async def test_a_chat_that_leaves_takes_what_was_set_aside_of_it(
    session: AsyncSession, now: datetime
) -> None:
    await inbox.keep(session, [told(5, now), told(6, now), told(7, now, BOB)])
    for number in (5, 7):
        await inbox.set_aside(session, number)
    await inbox.forget_chat(session, ADA)
    assert await inbox.keep(session, [told(5, now), told(7, now, BOB)]) == {5}
    assert await ids(session) == [5, 6]
