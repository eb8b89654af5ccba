"""Consequences: what a chat's answer to a digest changes for its reader."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivering.verdicts import Consequence, Verdict
from storage import ledger, readers
from storage.readers import Reader, ReaderState

MAX_MISSES = 3


async def bear(session: AsyncSession, verdict: Verdict) -> None:
    """Change a reader as a verdict has it; nothing where it says nothing of them, or they are gone."""
    chat_id = verdict.digest.chat_id
    if verdict.moved_to is not None:
        await readers.move(session, chat_id, verdict.moved_to)
    if verdict.consequence is None:
        return
    reader = await readers.get(session, chat_id)
    if verdict.consequence is Consequence.TOPIC_GONE:
        await ledger.leave_topic(session, chat_id)
    if reader:
        await readers.save(session, _changed(reader, verdict))


def _changed(reader: Reader, verdict: Verdict) -> Reader:
    match verdict.consequence:
        case Consequence.BLOCKED:
            return replace(reader, state=ReaderState.BLOCKED, next_due_at=None)
        case Consequence.MISSED if reader.misses + 1 < MAX_MISSES:
            return replace(reader, misses=reader.misses + 1)
        case Consequence.MISSED:
            return replace(reader, misses=reader.misses + 1, state=ReaderState.GONE, next_due_at=None)
        case Consequence.TOPIC_GONE if reader.topic_id == verdict.digest.topic_id:
            return replace(reader, topic_id=None)
        case Consequence.REACHED:
            return replace(reader, misses=0)
    return reader
