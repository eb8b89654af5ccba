"""Verdicts: what Telegram's answer makes of a digest and of its chat. Pure: it is carried out elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.pacing.asked_pause import pause_asked
from storage.ledger import Digest, Outcome, State

MAX_UNANSWERED = 2
LONGEST_PAUSE = timedelta(minutes=15)


class Consequence(Enum):
    """What a chat's answer means for its reader."""

    REACHED = "reached"
    MISSED = "missed"
    BLOCKED = "blocked"
    TOPIC_GONE = "topic gone"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a digest, and what follows for its reader.

    Attributes:
        moved_to: The chat that the reader's has become.
    """

    digest: Digest
    outcome: Outcome
    consequence: Consequence | None = None
    moved_to: int | None = None

    @property
    def concerns_reader(self) -> bool:
        """Whether more than the ledger has to be written."""
        return self.consequence is not None or self.moved_to is not None


def arrived(digest: Digest, message_id: int, *, missed_before: bool) -> Verdict:
    """Judge a digest that Telegram took."""
    outcome = Outcome(digest_id=digest.id, state=State.SENT, message_id=message_id)
    return Verdict(digest, outcome, Consequence.REACHED if missed_before else None)


def dropped(digest: Digest, why: str) -> Verdict:
    """Judge a digest that is not wanted any more."""
    return Verdict(digest, Outcome(digest_id=digest.id, state=State.SKIPPED, why=why))


def failed(digest: Digest, why: str, consequence: Consequence | None = None) -> Verdict:
    """Judge a digest that will never arrive."""
    return Verdict(digest, Outcome(digest_id=digest.id, state=State.FAILED, why=why), consequence)


def put_off(digest: Digest, not_before: datetime, why: str) -> Verdict:
    """Judge a digest that has to wait through no fault of its own: no attempt is counted."""
    again = Outcome(digest_id=digest.id, state=State.PLANNED, why=why, not_before=not_before)
    return Verdict(digest, again)


def judge(digest: Digest, error: Exception, now: datetime, draw: float) -> Verdict | None:
    """Judge a digest by Telegram's error; None for an error that is not Telegram's.

    ``draw``, from 0 up to 1, spreads out what is tried again.
    """
    match error:
        case RetryAfter():
            return put_off(digest, now + pause_asked(error), "flood control")
        case ChatMigrated():
            moved = put_off(digest, now, "the group became a supergroup")
            return Verdict(digest, moved.outcome, moved_to=error.new_chat_id)
        case Forbidden():
            return failed(digest, error.message, Consequence.BLOCKED)
        case BadRequest():
            return _judge_refusal(digest, error.message, now)
        case TelegramError():
            return _judge_fault(digest, error, now, draw)
        case _:
            return None


def _judge_refusal(digest: Digest, why: str, now: datetime) -> Verdict:
    if digest.topic_id is not None and "thread not found" in why.lower():
        return Verdict(digest, put_off(digest, now, why).outcome, Consequence.TOPIC_GONE)
    return failed(digest, why, Consequence.MISSED if "chat not found" in why.lower() else None)


def _judge_fault(digest: Digest, fault: Exception, now: datetime, draw: float) -> Verdict:
    unanswered = _may_have_arrived(fault)
    if unanswered and digest.unanswered + 1 >= MAX_UNANSWERED:
        return failed(digest, "Telegram did not answer, twice: it may have arrived")
    again = Outcome(
        digest_id=digest.id,
        state=State.PLANNED,
        why=type(fault).__name__,
        not_before=now + back_off(digest.attempts, draw),
        attempts=1,
        unanswered=int(unanswered),
    )
    return Verdict(digest, again)


def _may_have_arrived(fault: Exception) -> bool:
    """Tell whether a request left and no readable answer came: not so for 5xx and failed connections."""
    cause = fault.__cause__
    never_left = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return isinstance(cause, httpx.RequestError | ValueError) and not isinstance(cause, never_left)


def back_off(attempts: int, draw: float) -> timedelta:
    """Tell how long to wait after so many attempts and one: twice as long each time, less up to a half."""
    longest = min(timedelta(seconds=2 ** min(attempts + 1, 12)), LONGEST_PAUSE)
    return longest * (1 - draw / 2)
