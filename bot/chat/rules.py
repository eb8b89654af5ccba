"""/mute, /boost, /follow and /rules: rules are made of words or of a paper, listed, and taken back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.asking import await_answer
from bot.chat.desk import Desk, Press, kind_of, message_of, press_of, reply
from bot.chat.permission import is_permitted
from bot.chat.written_rule import read_rule, rule_of_paper
from bot.messages.digest import Message
from bot.messages.feedback import say_unknown_button
from bot.messages.language import Language
from bot.messages.markup import text
from bot.messages.paper_buttons import MUTABLE_TERMS
from bot.messages.rules import (
    Asked,
    RuleAct,
    RulePress,
    Trouble,
    read_less_press,
    read_rule_press,
    render_rules,
    say_gone,
    say_trouble,
    tell_added,
    tell_removed,
)
from bot.ranking.ranker import Ranker
from bot.ranking.rulebooks import Rulebooks
from recommender.rules import MOST_RULES, Rule, RuleKind
from storage import papers, readers, rules
from storage.readers import Reader
from storage.rules import KeptRule

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rules:
    """Keeps a chat's rules; in a group its administrators alone change them."""

    desk: Desk
    ranker: Ranker
    rulebooks: Rulebooks

    async def command(self, kind: RuleKind, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Make a rule of the words behind the command; without words show the rules and ask for some."""
        if not await is_permitted(self.desk, update):
            return
        if context.args:
            await self._add(kind, update, " ".join(context.args))
            return
        message = message_of(update)
        # Nobody can answer the bot in a channel: there is nothing but posts.
        is_channel = kind_of(message.chat) == "channel"
        await await_answer(self.desk, message.chat, message.from_user, None if is_channel else kind)
        await self.list(update, context)

    async def take(self, kind: RuleKind, update: Update, written: str) -> None:
        """Make a rule of words; where none can be made of them, wait for others."""
        if await is_permitted(self.desk, update):
            await self._add(kind, update, written)

    async def list(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """List all rules."""
        message, language = message_of(update), await self.desk.spoken_in(update)
        shown = await self._render(language, message.chat.id)
        await reply(message, shown.html, shown.keyboard)

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Remove a rule, turn a page, or mute what a paper is about."""
        pressed, language = press_of(update), await self.desk.spoken_in(update)
        less, meant = read_less_press(pressed.data), read_rule_press(pressed.data)
        if less is None and meant is None:
            await pressed.answer(say_unknown_button(language))
        elif not await is_permitted(self.desk, update):
            return
        elif less:
            await self._mute_of_paper(pressed, language, *less)
        elif meant:
            await self._carry_out(pressed, language, meant)

    async def _add(self, kind: RuleKind, update: Update, written: str) -> None:
        message, language = message_of(update), await self.desk.spoken_in(update)
        await message.reply_chat_action(ChatAction.TYPING)  # the words of a week's papers may have to be read
        added = await self._make(message.chat.id, read_rule(kind, written))
        if not isinstance(added, Trouble):
            await await_answer(self.desk, message.chat, message.from_user, None)
        told = await self._tell(language, added)
        await reply(message, told.html, told.keyboard)

    async def _render(self, language: Language, chat_id: int, page: int = 1) -> Message:
        """Write a page of the rules, and what words are awaited for, which the database remembers."""
        async with self.desk.database.reading() as session:
            reader = await readers.get(session, chat_id)
            kept = await rules.of_chat(session, chat_id)
        return render_rules(language, kept, page, _read_asked(reader))

    async def _carry_out(self, pressed: Press, language: Language, meant: RulePress) -> None:
        chat_id = pressed.chat.id
        match meant.act:
            case RuleAct.UNDO | RuleAct.DROP:
                async with self.desk.database.writing() as session:
                    removed = await rules.remove(session, chat_id, meant.number)
                await pressed.answer(None if removed else say_gone(language))
                if removed and meant.act is RuleAct.UNDO:
                    await pressed.edit_text(tell_removed(language, removed), None)
            case RuleAct.QUIT:
                await await_answer(self.desk, pressed.chat, pressed.query.from_user, None)
                await pressed.answer()
            case RuleAct.PAGE:
                await pressed.answer()
        if meant.act is not RuleAct.UNDO:
            shown = await self._render(language, chat_id, meant.page)
            await pressed.edit_text(shown.html, shown.keyboard)

    async def _mute_of_paper(self, pressed: Press, language: Language, paper_id: int, what: str) -> None:
        """Mute a term, the first author or the organization of a paper, as offered below "Less of this"."""
        async with self.desk.database.reading() as session:
            found = await papers.find(session, paper_id)
        terms = await self.ranker.telling_terms(found[0], MUTABLE_TERMS) if found else ()
        rule = rule_of_paper(found[1], terms, what) if found else None
        if rule is None:
            await pressed.answer(say_unknown_button(language))
            return
        told = await self._tell(language, await self._make(pressed.chat.id, rule))
        await asyncio.gather(pressed.answer(), pressed.say(told.html, told.keyboard))

    async def _make(self, chat_id: int, rule: Rule | Trouble) -> KeptRule | Trouble:
        """Keep a rule, unless it cannot be."""
        if isinstance(rule, Trouble):
            return rule
        async with self.desk.database.writing() as session:
            if await rules.count(session, chat_id) >= MOST_RULES:
                return Trouble.MANY
            if not await rules.put(session, chat_id, rule, self.desk.clock()):
                return Trouble.KNOWN
            kept = await rules.of_chat(session, chat_id)
        return next(each for each in kept if each.rule == rule)

    async def _tell(self, language: Language, added: KeptRule | Trouble) -> Message:
        if isinstance(added, Trouble):
            return Message(text(say_trouble(language, added)).html)
        async with self.desk.database.reading() as session:
            return tell_added(language, added, await self._count_met(session, added.rule))

    async def _count_met(self, session: AsyncSession, rule: Rule) -> int:
        recent = await papers.recent(session, self.desk.clock() - WEEK)
        return await self.rulebooks.count_met(session, rule, [paper.paper_id for paper in recent])


def _read_asked(reader: Reader | None) -> Asked | None:
    """Read what rule a chat is asked for the words of; in a private chat any text is an answer."""
    if reader is None or reader.asking is None or reader.asking not in {*RuleKind}:
        return None
    return Asked(RuleKind(reader.asking), by_reply=reader.kind != "private")
