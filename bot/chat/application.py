"""The chat side as python-telegram-bot runs it: the handlers' table of contents."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from telegram import BotCommand, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    MessageReactionHandler,
    TypeHandler,
    filters,
)

from bot.chat.admin import Admin
from bot.chat.answers import Answers, Taker
from bot.chat.audience import Audience
from bot.chat.broadcast import BROADCAST
from bot.chat.desk import Desk
from bot.chat.exports import Exports
from bot.chat.farewell import Farewell
from bot.chat.faults import Handled, apologise
from bot.chat.gate import Gate
from bot.chat.genuine import check_button
from bot.chat.groups import Groups
from bot.chat.imports import Imports
from bot.chat.interests import INTERESTS, Interests
from bot.chat.library import Library
from bot.chat.notes import NOTE
from bot.chat.onboarding import Onboarding
from bot.chat.paper import PaperButtons
from bot.chat.patience import Patience
from bot.chat.preferences import CITY, HOUR, Preferences
from bot.chat.reactions import Reactions
from bot.chat.reception import Reception
from bot.chat.rules import Rules
from bot.chat.search import SEARCH, Search
from bot.chat.stats import Stats
from bot.chat.tasting import SHOWN
from bot.chat.thumbs import Thumbs
from bot.chat.today import Today
from bot.connections import Connections
from bot.messages.introduction import describe, describe_shortly, list_commands
from bot.messages.language import Language, known_codes, speak
from bot.pacing.bucket import Bucket
from bot.pacing.limiter import Limiter
from bot.pacing.limits import Limits
from recommender.rules import RuleKind

Answer: TypeAlias = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
_FRESH = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST  # an edited one was answered before


@dataclass(frozen=True, slots=True)
class TelegramAccess:
    """Which bot this is, where Telegram answers, the real one or a stand-in, and how fast it may be asked."""

    token: str
    api_url: str
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Handlers:
    """Everything that answers in a chat."""

    desk: Desk
    reception: Reception
    today: Today
    thumbs: Thumbs
    stats: Stats
    preferences: Preferences
    library: Library
    search: Search
    papers: PaperButtons
    onboarding: Onboarding
    interests: Interests
    imports: Imports
    exports: Exports
    farewell: Farewell
    rules: Rules
    groups: Groups
    reactions: Reactions
    admin: Admin
    gate: Gate
    patience: Patience


def build_application(
    access: TelegramAccess, bucket: Bucket | None = None
) -> Application[Any, Any, Any, Any, Any, Any]:
    """Build the application without an updater: `bot.receiving` feeds it.

    Other processes that send for the same bot draw their turns from the same ``bucket``; without one this
    process is the only one.
    """
    return (
        ApplicationBuilder()
        .application_class(Handled)
        .token(access.token)
        .base_url(f"{access.api_url}/bot")
        .base_file_url(f"{access.api_url}/file/bot")
        .request(Connections())
        .rate_limiter(Limiter(access.limits, bucket=bucket))
        .updater(None)
        .build()
    )


def register(application: Application[Any, Any, Any, Any, Any, Any], handlers: Handlers) -> None:
    """Say who answers what. What stands first is asked first, patience and the gate before all."""
    application.add_handler(TypeHandler(Update, handlers.patience.check), group=-4)
    application.add_handler(TypeHandler(Update, handlers.gate.check), group=-3)
    application.add_handler(CallbackQueryHandler(check_button), group=-2)
    application.add_handler(CallbackQueryHandler(Audience(handlers.desk).check), group=-1)
    owner = _FRESH & filters.ChatType.PRIVATE & filters.User(handlers.admin.admin_ids)
    application.add_handler(CommandHandler("admin", handlers.admin.command, filters=owner))
    for name, answer in _commands(handlers).items():
        application.add_handler(CommandHandler(name, answer, filters=_FRESH))
    for prefix, press in _presses(handlers).items():
        application.add_handler(CallbackQueryHandler(press, pattern=rf"^{prefix}:"))
    application.add_handler(CallbackQueryHandler(handlers.reception.unknown_button))
    application.add_handlers(_listeners(handlers))
    application.add_error_handler(apologise)


def _commands(handlers: Handlers) -> Mapping[str, Answer]:
    library, rules, reception = handlers.library, handlers.rules, handlers.reception
    return {
        "start": handlers.onboarding.start,
        "interests": handlers.interests.command,
        "import": handlers.imports.command,
        "export": handlers.exports.command,
        "reset": handlers.farewell.reset,
        "forget": handlers.farewell.forget,
        "today": handlers.today.command,
        "settings": handlers.preferences.command,
        "liked": library.liked,
        "saved": library.saved,
        "history": library.history,
        "trending": library.trending,
        "search": handlers.search.command,
        "similar": handlers.papers.likeness.command,
        "why": handlers.papers.explainer.command,
        "rules": rules.list,
        "mute": partial(rules.command, RuleKind.MUTE),
        "boost": partial(rules.command, RuleKind.BOOST),
        "follow": partial(rules.command, RuleKind.FOLLOW),
        "stats": handlers.stats.command,
        "pause": reception.pause,
        "resume": reception.resume,
        "privacy": reception.privacy,
        "help": reception.help,
    }


def _presses(handlers: Handlers) -> Mapping[str, Answer]:
    """Name who answers a button, by what its data begin with."""
    return {
        "set": handlers.preferences.press,
        "vote": handlers.thumbs.press,
        "paper": handlers.papers.press,
        "list": handlers.library.press,
        SEARCH: handlers.search.press,
        "rule": handlers.rules.press,
        "admin": handlers.admin.press,
        "start:step": handlers.onboarding.press,
        "start:card": handlers.onboarding.tasting.press,
        "start:wish": handlers.interests.press,
        "data:export": handlers.exports.press,
        "data:reset": handlers.farewell.press,
        "data:forget": handlers.farewell.press,
        "data:keep": handlers.farewell.press,
    }


def _takers(handlers: Handlers) -> Mapping[str, Taker]:
    """Name who takes a text, by what it was asked for."""
    preferences, interests = handlers.preferences, handlers.interests
    return {
        HOUR: preferences.take_hour,
        CITY: preferences.take_city,
        SEARCH: handlers.search.take,
        **{kind.value: partial(handlers.rules.take, kind) for kind in RuleKind},
        BROADCAST: handlers.admin.take_notice,
        NOTE: handlers.papers.notes.take,
        INTERESTS: interests.take,
        SHOWN: interests.take,
    }


def _listeners(handlers: Handlers) -> list[BaseHandler[Any, Any, Any]]:
    """Make what hears of anything but commands and buttons."""
    groups, reactions, imports = handlers.groups, handlers.reactions, handlers.imports
    answers = Answers(handlers.desk, _takers(handlers), handlers.reception.not_understood)
    personal = MessageReactionHandler.MESSAGE_REACTION_UPDATED
    counted = MessageReactionHandler.MESSAGE_REACTION_COUNT_UPDATED
    return [
        ChatMemberHandler(groups.membership, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(filters.StatusUpdate.MIGRATE, groups.moved),
        MessageReactionHandler(reactions.changed, message_reaction_types=personal),
        MessageReactionHandler(reactions.counted, message_reaction_types=counted),
        MessageHandler(_FRESH & filters.Document.ALL, imports.take),
        MessageHandler(_FRESH & filters.TEXT, answers.take),
    ]


async def introduce(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tell Telegram which commands there are, and what stands before Start."""
    for code in known_codes():
        await _introduce_in(application, speak(code), None if code == "en" else code)


async def _introduce_in(
    application: Application[Any, Any, Any, Any, Any, Any], language: Language, code: str | None
) -> None:
    """Tell it in one language; without a code, to all whose clients speak none that we know."""
    commands = [BotCommand(name, what) for name, what in list_commands(language)]
    await application.bot.set_my_commands(commands, language_code=code)
    await application.bot.set_my_description(describe(language), language_code=code)
    await application.bot.set_my_short_description(describe_shortly(language), language_code=code)
