"""The bot's patience with a flood: a purse a person, a purse a group, and few files a day for each chat.

It stands before everything, so that who is over it costs neither the database nor Telegram anything. Whoever
reads and taps, however eagerly, never meets it. What was carried out before stays; what is refused is said to
be: to a writer once, to a finger each time, for it must know that its vote does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from telegram import CallbackQuery, Chat, Message, Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.chat.commanded import command_of
from bot.chat.desk import is_meant_for_us, reply, tolerated
from bot.messages.language import speak
from bot.messages.patience import say_enough_files, say_slow_down
from bot.pacing.purses import Budget, Purses, Spending

PERSON = Budget(most=60, per_second=2)
GROUP = Budget(most=180, per_second=6)
FILES = Budget(most=20, per_second=20 / 86_400)
# What each costs. Dear is what ranks, reads with the model, draws, or makes and takes files.
_TAP, _WORDS, _DEAR = 1, 2, 6
_DEAR_COMMANDS = frozenset({"today", "search", "similar", "why", "stats", "interests", "import", "export"})
_DEAR_PRESS = re.compile(r"search:.*|paper:\d+:(?:why|more|less)|rule:less:.*|data:export:.*", re.DOTALL)
_EXPORT = "data:export:"


@dataclass(frozen=True, slots=True)
class Patience:
    """Stands before all that is said and pressed; the owner may do as they like."""

    clock: Callable[[], datetime]
    admin_ids: Collection[int]
    people: Purses = field(default_factory=lambda: Purses(PERSON))
    groups: Purses = field(default_factory=lambda: Purses(GROUP))
    files: Purses = field(default_factory=lambda: Purses(FILES))

    async def check(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Pass an update on, or end its way here.

        Raises:
            ApplicationHandlerStop: It is more than a person, a group or a day has room for.
        """
        for purses, owner, price in self._bills(update):
            spending = purses.spend(owner, price, self.clock())
            if spending is not Spending.PAID:
                is_news = spending is Spending.REFUSED
                await _refuse(update, is_file=purses is self.files, is_news=is_news)
                raise ApplicationHandlerStop

    def _bills(self, update: Update) -> Iterator[tuple[Purses, int, int]]:
        """Tell who pays how much for an update, one after the other; nobody for what is not meant for us."""
        person, chat, price = _payer(update), update.effective_chat, _price(update)
        if not price or chat is None or (person is not None and person in self.admin_ids):
            return
        if person is not None:
            yield self.people, person, price
        if chat.type != Chat.PRIVATE and (update.callback_query is None or price > _TAP):
            yield self.groups, chat.id, price
        if _is_about_file(update):
            yield self.files, chat.id, 1


def _payer(update: Update) -> int | None:
    """Tell whose purse an update is on: a chat's where somebody speaks as it, for these share one user id."""
    message, person = update.message or update.channel_post, update.effective_user
    speaker = (message.sender_chat if message else None) or person
    return speaker.id if speaker else None


def _price(update: Update) -> int:
    """Tell what it costs to hear an update."""
    if update.callback_query:
        return _DEAR if _DEAR_PRESS.fullmatch(update.callback_query.data or "") else _TAP
    if update.message_reaction:
        return _TAP
    message = update.message or update.channel_post
    return _price_of(message) if message else 0


def _price_of(message: Message) -> int:
    command = command_of(message)
    if command is None and not is_meant_for_us(message):
        return 0
    is_guess = command == "start" and " " in (message.text or "")  # what follows may be a code
    return _DEAR if command in _DEAR_COMMANDS or is_guess or message.document else _WORDS


def _is_about_file(update: Update) -> bool:
    if update.callback_query:
        return (update.callback_query.data or "").startswith(_EXPORT)
    return bool(update.message and update.message.document)


async def _refuse(update: Update, *, is_file: bool, is_news: bool) -> None:
    """Say that it is too much: to a finger, so that the button stops spinning; to a writer only once."""
    language = speak(update.effective_user.language_code if update.effective_user else None)
    said = say_enough_files(language) if is_file else say_slow_down(language)
    if update.callback_query:
        await _answer(update.callback_query, said)
    elif update.message and is_news:
        await reply(update.message, said)


async def _answer(query: CallbackQuery, said: str) -> None:
    with tolerated("query is too old"):
        await query.answer(said)
