"""Reactions to a message with one paper are votes on it: a person's own, or in a channel the audience's.

A reaction to a list of several papers is nobody's vote, for it does not say on which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from telegram import Bot, Chat, ReactionType, ReactionTypeEmoji, Update
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, kind_of, tolerated
from bot.chat.thumbs import redrawn
from storage import ledger, votes

AUDIENCE = 0  # the person whose vote in a channel is that of all who react
_ANY_STYLE = "\ufe0f"  # a sign that asks for the coloured picture; with or without it a heart is a heart
_FOR = frozenset("👍❤🔥👏🥰😁🎉🤩🙏👌😍💯⚡🏆🤗🫡😎🆒🤝💘🦄") | {"❤\u200d🔥"}
_AGAINST = frozenset("👎💩🤮😡🤬🥱😴🤡🖕💔")


@dataclass(frozen=True, slots=True)
class _Reactor:
    """Who reacted, to what; the person of a channel's reactions is its audience."""

    chat: Chat
    message_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Reactions:
    """Turns reactions into votes."""

    desk: Desk

    async def changed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Take what a person's reaction says as their vote; without it, take back a vote that it was."""
        change = update.message_reaction
        if change is None:
            return
        actor = change.user or change.actor_chat
        before, after = weigh(_each(change.old_reaction)), weigh(_each(change.new_reaction))
        if actor and before is not after:
            by = _Reactor(change.chat, change.message_id, actor.id)
            # A vote that a button changed since is not the reaction's to take back.
            await self._follow(context.bot, by, after=after, takes_back=() if before is None else (before,))

    async def counted(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Take what most of a channel's reactions say as one vote, the audience's."""
        count = update.message_reaction_count
        if count and kind_of(count.chat) == "channel":
            counts = {_sign_of(each.type): each.total_count for each in count.reactions}
            by = _Reactor(count.chat, count.message_id, AUDIENCE)
            await self._follow(context.bot, by, after=weigh(counts), takes_back=(True, False))

    async def _follow(
        self, bot: Bot, by: _Reactor, *, after: bool | None, takes_back: Collection[bool]
    ) -> None:
        """Set the vote on a message's paper, or take it back, and have its buttons show how things stand."""
        async with self.desk.database.writing() as session:
            digest = await ledger.of_message(session, by.chat.id, by.message_id)
            if digest is None or len(digest.picks) != 1:
                return
            paper_id = digest.picks[0].paper_id
            mine = await votes.of_person(session, by.chat.id, by.person_id, [paper_id])
            standing = mine.get(paper_id)
            if standing is after or (after is None and standing not in takes_back):
                return
            if after is None:
                await votes.take_back(session, by.chat.id, by.person_id, paper_id)
            else:
                await votes.put(session, by.chat.id, by.person_id, paper_id, after, self.desk.clock())
        self.desk.redraws.mark(by.chat.id, by.message_id, partial(self._draw, bot, by))

    async def _draw(self, bot: Bot, by: _Reactor) -> None:
        async with self.desk.database.reading() as session:
            digest = await ledger.of_message(session, by.chat.id, by.message_id)
            if digest is None:  # forgotten since
                return
            counted = kind_of(by.chat) != "private"
            keyboard = await redrawn(session, digest, by.person_id, counted=counted)
        with tolerated("message is not modified", "message to edit not found", "message can't be edited"):
            await bot.edit_message_reply_markup(by.chat.id, by.message_id, reply_markup=keyboard)


def weigh(counts: Mapping[str, int]) -> bool | None:
    """Weigh the signs for a paper against those against it, given how often each was set; None for even."""
    bare = Counter[str]()
    for sign, count in counts.items():
        bare[sign.replace(_ANY_STYLE, "")] += count
    ups, downs = (sum(bare[sign] for sign in signs) for signs in (_FOR, _AGAINST))
    return None if ups == downs else ups > downs


def _each(reactions: Iterable[ReactionType]) -> Mapping[str, int]:
    return dict.fromkeys(map(_sign_of, reactions), 1)


def _sign_of(reaction: ReactionType) -> str:
    return reaction.emoji if isinstance(reaction, ReactionTypeEmoji) else ""
