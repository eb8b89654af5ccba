from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick, Slot
from storage import ballots, ledger, readers, votes
from storage.ballots import Ballot, Outcome
from storage.ledger import Kind

UP, DOWN = True, False
ADA, BOB, GROUP = 7_000_000_001, 7_000_000_002, -1_001_234_567_890
PICKED = [Pick(1, 0.5, Slot.TASTE), Pick(2, 0.5, Slot.EXPLORE)]


@pytest.fixture
async def given_to(session: AsyncSession, now: datetime) -> dict[int, int]:
    """Give each chat a digest of the papers 1 and 2; tell its number."""
    digests = {}
    for chat_id in (ADA, GROUP):
        await readers.subscribe(session, chat_id, "private", now)
        digests[chat_id] = await ledger.plan(session, chat_id, Kind.ASKED, PICKED, now) or 0
    return digests


async def cast(session: AsyncSession, cast: Sequence[Ballot], now: datetime) -> list[bool | None]:
    return [outcome.standing for outcome in await ballots.cast(session, cast, now)]


async def test_a_vote_is_cast_changed_and_taken_back(
    session: AsyncSession, now: datetime, given_to: dict[int, int]
) -> None:
    presses = [Ballot(n, ADA, ADA, given_to[ADA], 1, up) for n, up in enumerate([True, False, False])]
    stood = [await cast(session, [press], now) for press in presses]
    assert stood == [[True], [False], [None]]
    assert await votes.of_chat(session, ADA) == []


async def test_of_one_group_each_is_counted_in_its_order(
    session: AsyncSession, now: datetime, given_to: dict[int, int]
) -> None:
    group = given_to[GROUP]
    presses = [
        Ballot(1, ADA, ADA, given_to[ADA], 0, UP),
        Ballot(2, GROUP, ADA, group, 0, DOWN),
        Ballot(3, GROUP, BOB, group, 0, UP),
        Ballot(4, GROUP, BOB, group, 0, UP),
    ]
    assert await cast(session, presses, now) == [True, False, True, None]
    assert await votes.tally(session, ADA, [1]) == {1: (1, 0)}
    assert await votes.tally(session, GROUP, [1]) == {1: (0, 1)}


async def test_a_press_that_comes_again_changes_nothing_and_tells_how_things_stand(
    session: AsyncSession, now: datetime, given_to: dict[int, int]
) -> None:
    press = Ballot(1, ADA, ADA, given_to[ADA], 0, UP)
    assert await cast(session, [press], now) == [True]
    assert await cast(session, [press], now) == [True]


async def test_nobody_votes_on_what_another_chat_was_given(
    session: AsyncSession, now: datetime, given_to: dict[int, int]
) -> None:
    """Nor on a pick or a digest that is not there; the good ones beside them count."""
    forged = [
        Ballot(1, BOB, BOB, given_to[ADA], 0, UP),
        Ballot(2, ADA, ADA, given_to[ADA], 2, UP),
        Ballot(3, ADA, ADA, 999, 0, UP),
        Ballot(4, GROUP, ADA, given_to[ADA], 0, UP),
    ]
    good = Ballot(5, ADA, ADA, given_to[ADA], 0, UP)
    outcomes = await ballots.cast(session, [*forged, good], now)
    assert [outcome.is_known for outcome in outcomes] == [False] * 4 + [True]
    assert len(await votes.of_chat(session, ADA)) == 1
    assert await votes.of_chat(session, BOB) == []
    assert await votes.of_chat(session, GROUP) == []


async def test_the_outcome_names_the_language_of_the_chat(
    session: AsyncSession, now: datetime, given_to: dict[int, int]
) -> None:
    await readers.save(session, readers.Reader(chat_id=ADA, kind="private", language="zh"))
    outcomes = await ballots.cast(
        session,
        [Ballot(1, ADA, ADA, given_to[ADA], 0, UP), Ballot(2, BOB, BOB, given_to[ADA], 0, UP)],
        now,
    )
    assert outcomes == [
        Outcome(is_known=True, standing=UP, language="zh"),
        Outcome(is_known=False, standing=None, language=None),
    ]


PRESSES = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from([ADA, BOB]), st.integers(0, 1), st.booleans()), max_size=25
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses=PRESSES, cut=st.integers(0, 25))
async def test_many_at_once_are_the_same_as_one_by_one(
    session: AsyncSession,
    now: datetime,
    presses: list[tuple[int, int, int, bool]],
    cut: int,
) -> None:
    """The group's votes are those that pressing one after the other leaves, wherever the cut is made."""
    savepoint = await session.begin_nested()
    digest = await ledger.plan(session, GROUP, Kind.ASKED, PICKED, now) or 0
    seen: set[int] = set()
    expected: dict[tuple[int, int], bool] = {}
    for number, person, place, up in presses:
        if number not in seen:
            key = (person, PICKED[place].paper_id)
            if expected.get(key) is up:
                del expected[key]
            else:
                expected[key] = up
        seen.add(number)
    told = [Ballot(number, GROUP, person, digest, place, up) for number, person, place, up in presses]
    for part in (told[:cut], told[cut:]):
        await ballots.cast(session, part, now)
    standing = {
        (person, paper): up
        for person in (ADA, BOB)
        for paper, up in (await votes.of_person(session, GROUP, person, [1, 2])).items()
    }
    await savepoint.rollback()
    assert standing == expected
