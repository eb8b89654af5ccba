"""The pace that all processes keep together: who may send next and when, and until when nobody may.

A second has so many places, thirty say, and a place is free again a second after it was used. So no second
holds more than thirty, however late who uses a turn, as long as all say when they did. Between turns lies a
thirtieth of a second, so that they are even.

Times are seconds since 1970 by the database's own clock, and `now` is told with each: what a process makes of
them by its own clock is its affair. On SQLite, which one process has alone, the caller's clock counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    String,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialects import insert, speaks_postgresql
from storage.tables import PACES

_TURNS, _SILENCE, _PLACE = "turns", "silence", "place "
_TAKEN = literal_column("paces.taken", BigInteger)  # in a subquery of RETURNING it must be said whose it is
_MADE_UP = 3  # turns; who comes so much later than a turn was free is not late: the pace rested
_UNBELIEVABLE = 60.0  # seconds; a pace so far ahead was kept by a clock that has been set back since


@dataclass(frozen=True, slots=True)
class Pace:
    """How many messages may leave in each span of seconds."""

    places: int
    span: float

    @property
    def gap(self) -> float:
        """How far apart turns are."""
        return self.span / self.places


@dataclass(frozen=True, slots=True)
class Turn:
    """One message may leave ``at`` a time; it takes up a place."""

    now: float
    at: float
    place: int


@dataclass(frozen=True, slots=True)
class NoTurn:
    """Nothing was taken, for the pace is far enough ahead ``until`` then, or everybody is to be silent."""

    now: float
    until: float
    is_silence: bool


Drawn: TypeAlias = Turn | NoTurn


async def draw(session: AsyncSession, now: datetime, pace: Pace, ahead: float | None) -> Drawn:
    """Take the next turn, which may be one that was free a moment ago.

    With ``ahead`` none is taken that comes so many seconds from now or later. The session must have done
    nothing yet, and what it does from here on is committed by the statement: nobody waits for another's event
    loop.
    """
    await _commit_at_once(session)
    clock = _clock(session, now)
    taken = await session.execute(
        _taking(session, clock, pace, ahead).returning(
            clock, PACES.c.next_at, _TAKEN - 1, _free_at(_TAKEN - 1, pace), *_without_the_disk(session)
        )
    )
    if not (row := taken.first()):
        return await _why_not(session, clock, pace, ahead or 0.0)
    at = max(row[0], row[1] - pace.gap, min(row[3], row[0] + pace.span))
    return Turn(row[0], at, row[2] % pace.places)


async def note_use(session: AsyncSession, place: int, free_at: float) -> None:
    """Keep a place from being used again before a time."""
    await _commit_at_once(session)
    await _put_off(session, f"{_PLACE}{place}", literal(free_at, Double))


async def be_silent(session: AsyncSession, now: datetime, seconds: float) -> None:
    """Have nobody take a turn for so long; a silence that is on is never shortened."""
    await _put_off(session, _SILENCE, _clock(session, now) + seconds)


def _taking(
    session: AsyncSession, clock: ColumnElement[float], pace: Pace, ahead: float | None
) -> sqlite.Insert | postgresql.Insert:
    """Write the statement that moves the pace on by a turn, unless something is in the way."""
    is_wrong = PACES.c.next_at > clock + _UNBELIEVABLE
    has_rested = PACES.c.next_at < clock - _MADE_UP * pace.gap
    begun_at = case((or_(is_wrong, has_rested), clock), else_=PACES.c.next_at)
    statement = insert(session, PACES).values(name=_TURNS, next_at=clock + pace.gap, taken=1)
    return statement.on_conflict_do_update(
        index_elements=PACES.primary_key,
        set_={"next_at": begun_at + pace.gap, "taken": PACES.c.taken + 1},
        where=and_(_silent_until() <= clock, or_(is_wrong, _comes_soon(clock, pace, ahead))),
    )


async def _put_off(session: AsyncSession, name: str, until: ColumnElement[float]) -> None:
    statement = insert(session, PACES).values(name=name, next_at=until, taken=0)
    later = statement.excluded.next_at
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=PACES.primary_key, set_={"next_at": later}, where=PACES.c.next_at < later
        )
    )


async def _why_not(session: AsyncSession, clock: ColumnElement[float], pace: Pace, ahead: float) -> NoTurn:
    """Tell what is in the way; a silence that has just ended is none, and the turn may be asked for."""
    asked = select(clock, _silent_until(), PACES.c.next_at, _free_at(_TAKEN, pace)).where(
        PACES.c.name == _TURNS
    )
    now, silent_until, turn_at, free_at = (await session.execute(asked)).one()
    is_silence = silent_until > now
    return NoTurn(now, silent_until if is_silence else max(turn_at, free_at) - ahead, is_silence)


def _comes_soon(clock: ColumnElement[float], pace: Pace, ahead: float | None) -> ColumnElement[bool]:
    """Say of the next turn that it comes within so many seconds; None is any."""
    if ahead is None:
        return true()
    return and_(PACES.c.next_at <= clock + ahead, _free_at(_TAKEN, pace) <= clock + ahead)


def _free_at(number: ColumnElement[int], pace: Pace) -> ColumnElement[float]:
    """Read when the place is free that a turn takes up, by its number."""
    return _read_time(literal(_PLACE) + cast(number % pace.places, String))


def _silent_until() -> ColumnElement[float]:
    return _read_time(literal(_SILENCE))


def _read_time(name: ColumnElement[str]) -> ColumnElement[float]:
    """Read the time of another row; long ago where there is none."""
    other = PACES.alias()
    return func.coalesce(
        select(other.c.next_at).where(other.c.name == name).scalar_subquery(), 0.0, type_=Double
    )


def _clock(session: AsyncSession, now: datetime) -> ColumnElement[float]:
    if speaks_postgresql(session):
        return cast(extract("epoch", func.clock_timestamp()), Double)
    return literal(now.timestamp(), Double)


async def _commit_at_once(session: AsyncSession) -> None:
    """Keep a row locked no longer than the statement takes. A SQLite file is nobody else's anyway."""
    if speaks_postgresql(session):
        await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


def _without_the_disk(session: AsyncSession) -> list[ColumnElement[Any]]:
    """Have a turn not wait until it is on the disk: a server that crashes takes longer to come back."""
    return [func.set_config("synchronous_commit", "off", True)] if speaks_postgresql(session) else []  # noqa: FBT003 - SQL's own
