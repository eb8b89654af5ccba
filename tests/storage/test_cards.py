"""A digest in cards: a row a pick, sent in order and one at a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import settled
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick, Slot
from storage import ledger
from storage.ledger import Digest, Kind, State
from storage.states import Layout

LEASE = timedelta(minutes=2)
TODAY = date(2026, 1, 31)
PICKS = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in (3, 1, 2)]


async def in_cards(session: AsyncSession, now: datetime, chat_id: int = 5) -> list[int]:
    """Plan a digest in cards that a chat asked for, and name them."""
    lead_id = await ledger.plan(session, chat_id, Kind.ASKED, PICKS, now, layout=Layout.CARDS)
    assert lead_id is not None
    return await ledger.cards(session, chat_id, lead_id)


async def claim(session: AsyncSession, now: datetime, digest_id: int | None = None) -> list[int]:
    """Claim what there is, or one digest, and name it."""
    return [digest.id for digest in await ledger.claim(session, now, LEASE, 9, digest_id=digest_id)]


async def read(session: AsyncSession, digest_id: int) -> Digest:
    """Read a digest of the chat."""
    digest = await ledger.get(session, 5, digest_id)
    assert digest is not None
    return digest


async def test_each_pick_is_a_card(session: AsyncSession, now: datetime) -> None:
    """A card has one pick, and all but the first name that one; it alone has the day."""
    lead_id = await ledger.plan(
        session, 5, Kind.DAILY, PICKS, now, local_day=TODAY, layout=Layout.CARDS, topic_id=8
    )
    assert lead_id is not None
    cards = [await read(session, card_id) for card_id in await ledger.cards(session, 5, lead_id)]
    assert [list(card.picks) for card in cards] == [[pick] for pick in PICKS]
    assert [card.lead_id for card in cards] == [None, lead_id, lead_id]
    assert [card.local_day for card in cards] == [TODAY, None, None]
    assert {(card.layout, card.topic_id, card.kind) for card in cards} == {(Layout.CARDS, 8, Kind.DAILY)}


async def test_a_day_that_is_taken_gets_no_cards(session: AsyncSession, now: datetime) -> None:
    """Not one of them is planned where the chat's day has a row."""
    await ledger.skip(session, 5, TODAY, "late", now)
    assert await ledger.plan(session, 5, Kind.DAILY, PICKS, now, local_day=TODAY, layout=Layout.CARDS) is None
    assert (await ledger.counts(session, now))[State.PLANNED] == 0


async def test_without_picks_there_is_one_message(session: AsyncSession, now: datetime) -> None:
    """A digest that says that there is nothing is said once."""
    lead_id = await ledger.plan(session, 5, Kind.DAILY, [], now, local_day=TODAY, layout=Layout.CARDS)
    assert lead_id is not None
    assert await ledger.cards(session, 5, lead_id) == [lead_id]


async def test_cards_are_a_chats_own(session: AsyncSession, now: datetime) -> None:
    """Another chat cannot name them."""
    first, *_ = await in_cards(session, now)
    assert await ledger.cards(session, 6, first) == []


@pytest.mark.parametrize("settle", ["sent", "failed", "drop"])
async def test_cards_go_in_order(session: AsyncSession, now: datetime, settle: str) -> None:
    """A card may be claimed once the one before it is settled in any way, and not by its id before."""
    settling = {
        "sent": lambda card: settled.sent(session, card, card, now),
        "failed": lambda card: settled.failed(session, card, "no", now),
        "drop": lambda card: settled.skipped(session, card, "late", now),
    }[settle]
    cards = await in_cards(session, now)
    for place, card in enumerate(cards):
        assert [await claim(session, now, later) for later in cards[place + 1 :]] == [[]] * (2 - place)
        assert await claim(session, now) == [card]
        await settling(card)
    assert await claim(session, now + 9 * LEASE) == []


async def test_cards_wait_for_one_that_is_tried_again(session: AsyncSession, now: datetime) -> None:
    """A flood that holds one card up holds up those behind it."""
    first, second, _ = await in_cards(session, now)
    await claim(session, now)
    await settled.put_off(session, first, now + 2 * LEASE, "flood control")
    assert await claim(session, now + LEASE) == []
    assert await claim(session, now + LEASE, second) == []
    assert await claim(session, now + 2 * LEASE) == [first]


async def test_cards_wait_for_one_whose_sender_vanished(session: AsyncSession, now: datetime) -> None:
    """After a crash the same card comes first."""
    first, second, _ = await in_cards(session, now)
    await ledger.claim(session, now, -LEASE, 9)
    assert await claim(session, now) == [first]
    await settled.sent(session, first, 1, now)
    assert await claim(session, now) == [second]


async def test_nothing_planned_later_comes_between(session: AsyncSession, now: datetime) -> None:
    """Cards keep their place before what the chat was promised after them."""
    cards = await in_cards(session, now)
    later = await ledger.plan(session, 5, Kind.ASKED, PICKS, now + LEASE)
    came = []
    while claimed := await claim(session, now + 2 * LEASE):
        came += claimed
        await settled.sent(session, claimed[0], claimed[0], now + 2 * LEASE)
    assert came == [*cards, later]


async def test_cards_of_two_chats_do_not_wait_for_each_other(session: AsyncSession, now: datetime) -> None:
    """Each chat has one card on its way."""
    (mine, *_), (theirs, *_) = await in_cards(session, now, 5), await in_cards(session, now, 6)
    assert await claim(session, now) == [mine, theirs]


async def test_a_message_names_its_digest(session: AsyncSession, now: datetime) -> None:
    """The digest that a message carried is found by it, in its own chat alone."""
    first, second, _ = await in_cards(session, now)
    for card, message_id in ((first, 70), (second, 71)):
        await claim(session, now)
        await settled.sent(session, card, message_id, now)
    found = await ledger.of_message(session, 5, 71)
    assert found is not None
    assert (found.id, found.picks) == (second, (PICKS[1],))
    assert await ledger.of_message(session, 5, 72) is None
    assert await ledger.of_message(session, 6, 71) is None


async def test_what_waits_leaves_a_topic_that_is_gone(session: AsyncSession, now: datetime) -> None:
    """All that the chat still waits for comes to the whole chat; what came stays where it came."""
    lead_id = await ledger.plan(session, 5, Kind.ASKED, PICKS, now, layout=Layout.CARDS, topic_id=8)
    assert lead_id is not None
    first, second, third = await ledger.cards(session, 5, lead_id)
    elsewhere = await ledger.plan(session, 6, Kind.ASKED, PICKS, now, topic_id=8)
    assert elsewhere is not None
    await claim(session, now, first)
    await settled.sent(session, first, 1, now)
    await claim(session, now, second)
    await ledger.leave_topic(session, 5)
    assert [(await read(session, card)).topic_id for card in (first, second, third)] == [8, None, None]
    theirs = await ledger.get(session, 6, elsewhere)
    assert theirs is not None
    assert theirs.topic_id == 8
