"""A chat's rules held against papers, whose words are read once for all chats that ask for the same ones."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from recommender.concordance import Concordance
from recommender.rules import NO_RULES, Rule, Rulebook
from storage import papers, rules
from storage.rules import KeptRule


@dataclass(frozen=True, eq=False, slots=True)
class _Reading:
    """Papers by their place in the concordance, and the ids that were asked for: some may name no paper."""

    asked: frozenset[int]
    paper_ids: Sequence[int]
    words: Concordance


_NOTHING_READ = _Reading(frozenset(), (), Concordance.of(()))


class Rulebooks:
    """Makes rulebooks; the papers that were read last stay read, for the next chat asks for the same."""

    def __init__(self) -> None:
        self._last = _NOTHING_READ

    def forget(self) -> None:
        """Read papers anew when they are next asked for: a poll may have told more of them."""
        self._last = _NOTHING_READ

    async def rulebook_of(self, session: AsyncSession, chat_id: int, paper_ids: Iterable[int]) -> Rulebook:
        """Hold a chat's rules against at least these papers; without rules no paper is read."""
        kept = await rules.of_chat(session, chat_id)
        books = await self.rulebooks_of(session, {chat_id: kept} if kept else {}, paper_ids)
        return books.get(chat_id, NO_RULES)

    async def rulebooks_of(
        self, session: AsyncSession, kept: Mapping[int, Sequence[KeptRule]], paper_ids: Iterable[int]
    ) -> dict[int, Rulebook]:
        """Hold the rules of many chats, by chat, against at least these papers."""
        if not kept:
            return {}
        reading = await self._read(session, paper_ids)
        return {
            chat_id: Rulebook([each.rule for each in rules_], reading.words, reading.paper_ids)
            for chat_id, rules_ in kept.items()
        }

    async def count_met(self, session: AsyncSession, rule: Rule, paper_ids: Collection[int]) -> int:
        """Count the papers, among these, that a rule meets."""
        reading = await self._read(session, paper_ids)
        met = {reading.paper_ids[place] for place in reading.words.find(rule.phrase, rule.field)}
        return len(met.intersection(paper_ids))

    async def _read(self, session: AsyncSession, paper_ids: Iterable[int]) -> _Reading:
        reading, asked = self._last, frozenset(paper_ids)
        if not asked <= reading.asked:
            found = await papers.get(session, sorted(asked))
            words = await asyncio.to_thread(Concordance.of, list(found.values()))
            self._last = reading = _Reading(asked, list(found), words)
        return reading
