"""Why a digest did not arrive, in words that are known beforehand, whatever Telegram said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.delivering.causes import CAUSES, classify
from bot.delivering.verdicts import arrived, failed, judge
from storage.ledger import Digest, Kind, State

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SENT_TO_A_TOPIC = Digest(
    id=3,
    chat_id=5,
    kind=Kind.DAILY,
    local_day=NOW.date(),
    topic_id=9,
    planned_at=NOW,
    state=State.SENDING,
    picks=(),
    lack=None,
    message_id=None,
    attempts=0,
    unanswered=1,
    why=None,
)
SENT = replace(SENT_TO_A_TOPIC, topic_id=None)


def unanswered() -> NetworkError:
    error = NetworkError("httpx.ReadError")
    error.__cause__ = httpx.ReadError("")
    return error


@pytest.mark.parametrize(
    ("error", "outcome", "why"),
    [
        (RetryAfter(timedelta(seconds=3)), "put off", "flood control"),
        (ChatMigrated(-7), "put off", "chat moved"),
        (Forbidden("bot was blocked by the user"), "failed", "blocked"),
        (BadRequest("Chat not found"), "failed", "chat not found"),
        (BadRequest("Message thread not found"), "put off", "topic gone"),
        (BadRequest("can't parse entities: what a reader wrote"), "failed", "other"),
        (NetworkError("Bad Gateway"), "put off", "other"),
        (unanswered(), "failed", "no answer"),
    ],
)
def test_each_answer_has_an_outcome_and_a_cause(error: TelegramError, outcome: str, why: str) -> None:
    verdict = judge(SENT_TO_A_TOPIC if why == "topic gone" else SENT, error, NOW, 0.0)
    assert verdict
    assert classify(verdict) == (outcome, why)


def test_what_arrived_has_no_cause() -> None:
    """Nor where it is the first that a chat took for a while."""
    assert classify(arrived(SENT, 12, missed_before=True)) == ("sent", "")


@given(st.text())
def test_no_words_of_others_are_a_cause(said: str) -> None:
    _, why = classify(failed(SENT, said))
    assert why in CAUSES
