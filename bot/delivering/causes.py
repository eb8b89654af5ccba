"""Causes: what came of an attempt, and why, in a few words that are all known beforehand."""

from __future__ import annotations

from bot.delivering.verdicts import Consequence, Verdict
from storage.ledger import State

OTHER = "other"
_OUTCOMES = {State.PLANNED: "put off"}
_CONSEQUENCES = {
    Consequence.BLOCKED: "blocked",
    Consequence.MISSED: "chat not found",
    Consequence.TOPIC_GONE: "topic gone",
}
_WORDS = {
    "late": "late",
    "the reader is away": "reader away",
    "flood control": "flood control",
    "Telegram did not answer, twice: it may have arrived": "no answer",
    "a paper of it became part of another": "papers joined",
    "the database could not be read": "database",
}
CAUSES = frozenset({"", "chat moved", OTHER, *_CONSEQUENCES.values(), *_WORDS.values()})


def classify(verdict: Verdict) -> tuple[str, str]:
    """Name what came of an attempt and why; never in the words of anybody else, as Telegram's are."""
    state = verdict.outcome.state
    return _OUTCOMES.get(state, state.value), "" if state is State.SENT else _cause(verdict)


def _cause(verdict: Verdict) -> str:
    if verdict.moved_to is not None:
        return "chat moved"
    if verdict.consequence in _CONSEQUENCES:
        return _CONSEQUENCES[verdict.consequence]
    return _WORDS.get(verdict.outcome.why or "", OTHER)
