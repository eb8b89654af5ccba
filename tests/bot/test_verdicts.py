"""Verdicts: each answer of Telegram's means one thing for the digest, and one for its reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest

from bot.delivering.verdicts import LONGEST_PAUSE, Consequence, Verdict, back_off, judge
from storage.ledger import Digest, Kind, State

NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)


def digest(topic_id: int | None = None, attempts: int = 0, unanswered: int = 0) -> Digest:
    """Make a digest that is being sent."""
    return Digest(
        id=3,
        chat_id=5,
        kind=Kind.ASKED,
        local_day=None,
        topic_id=topic_id,
        planned_at=NOW,
        state=State.SENDING,
        picks=(),
        lack=None,
        message_id=None,
        attempts=attempts,
        unanswered=unanswered,
        why=None,
    )


def verdict_on(error: Exception, sent: Digest | None = None) -> Verdict:
    """Judge a digest by an error of Telegram's."""
    verdict = judge(sent or digest(), error, NOW, 0.0)
    assert verdict is not None
    return verdict


def caused_by(cause: Exception) -> NetworkError:
    """Make the error that python-telegram-bot raises for one of httpx's."""
    error = TimedOut() if isinstance(cause, httpx.TimeoutException) else NetworkError("httpx failed")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("pause", [40, timedelta(seconds=40)])
def test_a_flood_is_waited_out_for_as_long_as_asked(pause: int | timedelta) -> None:
    """To the second, and as no attempt."""
    outcome = verdict_on(RetryAfter(pause)).outcome
    assert (outcome.state, outcome.not_before) == (State.PLANNED, NOW + timedelta(seconds=40))
    assert (outcome.attempts, outcome.unanswered) == (0, 0)


@pytest.mark.parametrize(
    ("error", "state", "consequence"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), State.FAILED, Consequence.BLOCKED),
        (BadRequest("Chat not found"), State.FAILED, Consequence.MISSED),
        (BadRequest("Message is too long"), State.FAILED, None),
        (BadRequest("Message thread not found"), State.FAILED, None),
        (NetworkError("Bad Gateway"), State.PLANNED, None),
        (InvalidToken(), State.PLANNED, None),
    ],
)
def test_what_an_answer_means(error: Exception, state: State, consequence: Consequence | None) -> None:
    """Only a refusal of the chat changes anything for the reader; that of a token is nobody's fault."""
    verdict = verdict_on(error)
    assert (verdict.outcome.state, verdict.consequence, verdict.moved_to) == (state, consequence, None)
    assert verdict.outcome.why


def test_a_topic_that_is_gone_sends_the_digest_elsewhere() -> None:
    verdict = verdict_on(BadRequest("Bad Request: message thread not found"), digest(topic_id=8))
    assert (verdict.outcome.state, verdict.consequence) == (State.PLANNED, Consequence.TOPIC_GONE)
    assert verdict.outcome.not_before == NOW


def test_a_chat_that_moved_is_followed() -> None:
    verdict = verdict_on(ChatMigrated(-1005))
    assert (verdict.outcome.state, verdict.moved_to) == (State.PLANNED, -1005)


@pytest.mark.parametrize("cause", [httpx.ConnectError(""), httpx.ConnectTimeout(""), httpx.PoolTimeout("")])
def test_a_request_that_never_left_is_tried_again_however_often(cause: Exception) -> None:
    outcome = verdict_on(caused_by(cause), digest(attempts=50, unanswered=1)).outcome
    assert (outcome.state, outcome.attempts, outcome.unanswered) == (State.PLANNED, 1, 0)


@pytest.mark.parametrize(
    "cause",
    [httpx.ReadTimeout(""), httpx.ReadError(""), httpx.RemoteProtocolError(""), httpx.DecodingError("")],
)
def test_a_second_silence_is_the_last(cause: Exception) -> None:
    """It may have arrived twice by then; faults before it do not count."""
    outcome = verdict_on(caused_by(cause), digest(attempts=50)).outcome
    assert (outcome.state, outcome.unanswered) == (State.PLANNED, 1)
    assert verdict_on(caused_by(cause), digest(attempts=51, unanswered=1)).outcome.state is State.FAILED


def test_an_answer_that_nobody_can_read_is_a_silence() -> None:
    """As the page of a network that wants one to sign in; a message that it hides may have arrived."""
    with pytest.raises(TelegramError) as garbled:
        BaseRequest.parse_json_payload(b"<html>sign in</html>")
    outcome = verdict_on(garbled.value).outcome
    assert (outcome.state, outcome.unanswered) == (State.PLANNED, 1)
    assert verdict_on(garbled.value, digest(unanswered=1)).outcome.state is State.FAILED


def test_a_bug_is_not_judged() -> None:
    assert judge(digest(), KeyError("papers"), NOW, 0.0) is None


@given(st.integers(0, 100), st.floats(0, 1, exclude_max=True))
def test_pauses_grow_up_to_a_bound_and_are_spread_out(attempts: int, draw: float) -> None:
    """No two digests that failed together need come together again."""
    pause = back_off(attempts, draw)
    assert timedelta(seconds=1) <= back_off(0, draw) <= pause <= LONGEST_PAUSE
    assert back_off(attempts, 0.0) / 2 <= pause <= back_off(attempts, 0.0)
