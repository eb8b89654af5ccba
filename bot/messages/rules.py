"""How rules are spoken of: what a new one does, the list of all, and the buttons that take one back. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.digest import Message
from bot.messages.language import Language, noop
from bot.messages.markup import Fragment, bold, cut, isolate, joined, text
from bot.messages.pages import PAGE, clamp, count_pages, pager
from recommender.concordance import Field
from recommender.rules import MOST_RULES, Rule, RuleKind
from storage.rules import KeptRule

LONGEST_PHRASE = 100
_LONGEST_LABEL = 40
_DATA = re.compile(
    r"rule:(?P<act>undo|drop|page|quit)(?::(?P<number>\d{1,18}))?(?::(?P<page>\d{1,3}))?", re.ASCII
)
_LESS = re.compile(r"rule:less:(?P<paper_id>\d{1,18}):(?P<what>t0|t1|t2|author|org)", re.ASCII)
_SIGNS = {RuleKind.MUTE: "🔇", RuleKind.BOOST: "⬆️", RuleKind.FOLLOW: "👤"}

_EFFECTS = {
    (RuleKind.MUTE, Field.ANY): noop("🔇 Muted: papers that mention {phrase} come no longer."),
    (RuleKind.MUTE, Field.AUTHOR): noop("🔇 Muted: papers by {phrase} come no longer."),
    (RuleKind.MUTE, Field.ORGANIZATION): noop("🔇 Muted: papers from {phrase} come no longer."),
    (RuleKind.BOOST, Field.ANY): noop("⬆️ Boosted: papers that mention {phrase} rank higher."),
    (RuleKind.BOOST, Field.AUTHOR): noop("⬆️ Boosted: papers by {phrase} rank higher."),
    (RuleKind.BOOST, Field.ORGANIZATION): noop("⬆️ Boosted: papers from {phrase} rank higher."),
    (RuleKind.FOLLOW, Field.AUTHOR): noop(
        "👤 Followed: papers by {phrase} rank higher, and are always strong enough to come."
    ),
    (RuleKind.FOLLOW, Field.ORGANIZATION): noop(
        "👤 Followed: papers from {phrase} rank higher, and are always strong enough to come."
    ),
}


class Trouble(StrEnum):
    """Why a rule is not kept."""

    EMPTY = "empty"
    LONG = "long"
    MANY = "many"
    KNOWN = "known"


class RuleAct(StrEnum):
    """What a button under rules does."""

    UNDO = "undo"
    """Take back the rule that the message tells of."""
    DROP = "drop"
    """Remove one of the list."""
    PAGE = "page"
    """Show a page of the list."""
    QUIT = "quit"
    """Wait for no words any more."""


@dataclass(frozen=True, slots=True)
class RulePress:
    """What a button stands for; the number is a rule's id."""

    act: RuleAct
    number: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """The kind of rule that words are awaited for; where many talk, only a reply is an answer."""

    kind: RuleKind
    by_reply: bool = False


def read_rule_press(data: str) -> RulePress | None:
    """Read the data of a button; None where they are not of our writing."""
    read = _DATA.fullmatch(data)
    if read is None:
        return None
    return RulePress(RuleAct(read["act"]), int(read["number"] or 0), int(read["page"] or 1))


def read_less_press(data: str) -> tuple[int, str] | None:
    """Read which paper a button below "Less of this" is about, and what of it; None for other data."""
    read = _LESS.fullmatch(data)
    return (int(read["paper_id"]), read["what"]) if read else None


def tell_added(language: Language, kept: KeptRule, met: int) -> Message:
    """Tell what a new rule does, and to how many papers of the last week it would have done so."""
    told = joined([_tell_effect(language, kept.rule), text(_count_met(language, met))], "\n")
    undo = InlineKeyboardButton(language.say("↩️ Undo"), callback_data=f"rule:{RuleAct.UNDO}:{kept.id}")
    return Message(told.html, InlineKeyboardMarkup([[undo]]))


def tell_removed(language: Language, rule: Rule) -> str:
    """Tell that a rule counts no longer."""
    return language.html("↩️ Taken back: {rule} is a rule no more.", rule=bold(_name(language, rule))).html


def say_gone(language: Language) -> str:
    """Say that a rule was removed before."""
    return language.say("This rule is gone already.")


def say_trouble(language: Language, trouble: Trouble) -> str:
    """Say why a rule is not kept, and what to do."""
    match trouble:
        case Trouble.EMPTY:
            return language.say(
                "That has no letter or digit in it, so it would meet no paper. Please send words."
            )
        case Trouble.LONG:
            return language.say(
                "That is longer than {limit} characters. Please send a word or a short phrase.",
                limit=language.number(LONGEST_PHRASE),
            )
        case Trouble.MANY:
            return language.say(
                "You have {limit} rules, and there is no room for more. /rules removes some.",
                limit=language.number(MOST_RULES),
            )
        case Trouble.KNOWN:
            return language.say("That is a rule of yours already. /rules lists them all.")


def render_rules(
    language: Language, kept: Sequence[KeptRule], page: int = 1, asked: Asked | None = None
) -> Message:
    """Write a page of the rules, each with a button that removes it, and what words are awaited for."""
    page = clamp(page, len(kept))
    shown = kept[(page - 1) * PAGE : page * PAGE]
    lines = [text(f"{_SIGNS[each.rule.kind]} ") + _name(language, each.rule) for each in shown]
    blocks = [_write_heading(language, len(kept)), joined(lines, "\n"), *_write_foot(language, asked)]
    rows = [[_drop_button(language, each, page)] for each in shown]
    turning = pager(page, count_pages(len(kept)), lambda to: f"rule:{RuleAct.PAGE}:0:{to}")
    rows += [row for row in (turning, _quit(language, asked)) if row]
    return Message(joined(blocks, "\n\n").html, InlineKeyboardMarkup(rows) if rows else None)


def _write_heading(language: Language, count: int) -> Fragment:
    if not count:
        return language.html("📏 <b>You have no rules yet.</b>")
    return bold(text(language.count("📏 You have {count} rule", "📏 You have {count} rules", count)))


def _write_foot(language: Language, asked: Asked | None) -> list[Fragment]:
    """Ask for the words of a rule, or tell how to make one."""
    if asked is None:
        return [
            language.html(
                "/mute keeps papers with certain words away, /boost lifts them, "
                "/follow lifts the papers of an author."
            )
        ]
    by_reply = language.html("Please reply to this message.") if asked.by_reply else Fragment()
    return [_ask(language, asked.kind), by_reply]


def _ask(language: Language, kind: RuleKind) -> Fragment:
    match kind:
        case RuleKind.MUTE:
            return language.html(
                "<b>What shall I keep from you?</b> Send a word or a phrase, as it stands in a paper; "
                "<code>author:</code> or <code>org:</code> before it looks at the names alone."
            )
        case RuleKind.BOOST:
            return language.html(
                "<b>What shall rank higher?</b> Send a word or a phrase, as it stands in a paper; "
                "<code>author:</code> or <code>org:</code> before it looks at the names alone."
            )
        case RuleKind.FOLLOW:
            return language.html(
                "<b>Whom shall I follow?</b> Send the name of an author, as in Ada Lovelace."
            )


def _tell_effect(language: Language, rule: Rule) -> Fragment:
    return language.html(_EFFECTS[rule.kind, rule.field], phrase=bold(text(isolate(rule.phrase))))


def _count_met(language: Language, met: int) -> str:
    if not met:
        return language.say("No paper of the last week is met by it, so look at the spelling once more.")
    return language.count(
        "{count} paper of the last week is met by it.", "{count} papers of the last week are met by it.", met
    )


def _name(language: Language, rule: Rule) -> Fragment:
    """Name a rule by its phrase, and by where it looks if that is at names alone."""
    phrase = isolate(rule.phrase)
    match rule.field:
        case Field.AUTHOR:
            return language.html("by {name}", name=phrase)
        case Field.ORGANIZATION:
            return language.html("from {name}", name=phrase)
        case Field.ANY:
            return text(f"“{phrase}”")


def _drop_button(language: Language, kept: KeptRule, page: int) -> InlineKeyboardButton:
    phrase = cut(kept.rule.phrase, _LONGEST_LABEL)
    label = language.say("✖️ Remove {phrase}", phrase=f"{_SIGNS[kept.rule.kind]} {phrase}")
    return InlineKeyboardButton(label, callback_data=f"rule:{RuleAct.DROP}:{kept.id}:{page}")


def _quit(language: Language, asked: Asked | None) -> list[InlineKeyboardButton]:
    label = language.say("Never mind")
    return [InlineKeyboardButton(label, callback_data=f"rule:{RuleAct.QUIT}")] if asked else []
