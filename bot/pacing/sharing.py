"""One process among those that share the bot's pace: it asks for turns, holds one and hears of silences.

Who uses a turn is decided elsewhere, when its time has come. A chat's own pace and pauses are not shared: an
answer of one process and a push of another may come to a chat closer together than one process would send
them, and where Telegram has enough of it, whom it tells obeys.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

from bot.pacing.bucket import Bucket, BucketError
from bot.pacing.foreign_clock import ForeignClock
from bot.pacing.held_turn import HAIR, HeldTurn
from bot.pacing.landings import Departure, Trips
from bot.pacing.limits import Urgency
from storage.paces import Drawn, NoTurn

log = logging.getLogger(__name__)


class Sharing:
    """Asks for one turn at a time, as soon as somebody could use one.

    Where there is no answer it sends slowly by itself: neither never again nor as if it were alone.

    Args:
        bucket: Where turns come from.
        per_second: How many there are for all.
        clock: Tells the seconds by which turns are used.
        on_change: Called when there is another answer to `turn_at`.
        on_silence: Called with the time until which nobody may send.
    """

    def __init__(
        self,
        bucket: Bucket,
        per_second: float,
        clock: Callable[[], float],
        on_change: Callable[[], None],
        on_silence: Callable[[float], None],
    ) -> None:
        self._bucket = bucket
        self._held = HeldTurn(per_second)
        self._clock = clock
        self._on_change = on_change
        self._on_silence = on_silence
        self._there = ForeignClock()
        self._trips = Trips()
        self._places: dict[Departure, int] = {}  # of what is on its way
        self._asking: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()
        self._is_alone = False

    def turn_at(self, urgency: Urgency, now: float) -> float | None:
        """Tell when to look for a turn again, at once where there is one; None where one is being asked for.

        Somebody so urgent must be there to use it, for it asks if there is none.
        """
        ready_at = self._held.ready_at(now)
        if self._asking or ready_at is not None:
            return ready_at
        ask_at = self._held.ask_at(urgency, now)
        if ask_at > now:
            return ask_at
        self._asking = asyncio.create_task(self._ask(urgency))
        return None

    def take(self, now: float) -> Departure | None:
        """Use the turn that is held: a request leaves. None where there is none at this time."""
        if not self._held.take(now):
            return None
        departure = Departure(now)
        if self._held.place is not None:
            self._places[departure] = self._held.place
            self._tell_use(self._held.place, now)
        return departure

    def note_return(self, departure: Departure, now: float) -> None:
        """Learn that the request of a turn was answered, and tell if it landed later than it left."""
        self._trips.note_return(departure, now)
        place, landed_at = self._places.pop(departure, None), self._trips.landing(departure)
        if place is not None and landed_at - departure.at > HAIR:
            self._tell_use(place, landed_at)

    def spread_silence(self, seconds: float) -> None:
        """Have all processes be silent for so long."""
        self._tell(self._bucket.be_silent(seconds))

    async def close(self) -> None:
        """Ask for nothing any more, and say what there is to say."""
        if self._asking:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
            self._asking = None
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _ask(self, urgency: Urgency) -> None:
        asked = self._clock()
        try:
            drawn = await self._bucket.draw(self._held.pace, self._held.ahead(urgency, asked))
        except BucketError as error:
            self._go_on_alone(str(error))
        except Exception as bug:  # it must not keep the bot from sending
            if not self._is_alone:
                log.exception("no turn can be asked for")
            self._go_on_alone(type(bug).__name__)
        else:
            self._hear(drawn, asked, self._clock())
        self._asking = None
        self._on_change()

    def _hear(self, drawn: Drawn, asked: float, heard: float) -> None:
        self._there.learn(drawn.now, asked, heard)
        if self._is_alone:
            log.info("the database tells again when to send")
        self._is_alone = False
        if not isinstance(drawn, NoTurn):
            self._held.give(self._there.to_own(drawn.at), drawn.place, heard)
        elif drawn.is_silence:
            self._on_silence(self._there.to_own(drawn.until))
        else:
            self._held.refuse(self._there.to_own(drawn.until), heard)

    def _go_on_alone(self, why: str) -> None:
        if not self._is_alone:
            log.warning("nobody tells when to send, so a message a second goes until then: %s", why)
        self._is_alone = True
        self._held.help_oneself(self._clock())

    def _tell_use(self, place: int, at: float) -> None:
        free_at = at + self._held.pace.span
        self._tell(self._bucket.note_use(place, self._there.to_theirs(free_at)))

    def _tell(self, what: Coroutine[None, None, None]) -> None:
        """Tell the others by the way; nobody waits for that."""
        telling = asyncio.create_task(_unless_unanswered(what))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)


async def _unless_unanswered(telling: Coroutine[None, None, None]) -> None:
    try:
        await telling
    except BucketError as error:
        log.info("other processes do not learn what this one did: %s", error)
