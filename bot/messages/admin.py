"""The owner's overview of the bot: who reads, what arrived, what fails, how it is liked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.digest import MAX_MESSAGE, Message
from bot.messages.language import Language, noop
from bot.messages.markup import Fragment, cut, joined, text
from bot.messages.sources import write_sources
from bot.polling.health import SourceHealth
from recommender.values import Slot
from storage.health import SlotRate
from storage.ledger import State
from storage.notices import Progress
from storage.readers import ReaderState

_LONGEST_WHY = 100
_MEGABYTE = 1_000_000
_GAP = "\n\n"
_KINDS = {
    "private": noop("Private chats: {counts}"),
    "group": noop("Groups: {counts}"),
    "channel": noop("Channels: {counts}"),
}
_READER_STATES = {
    ReaderState.ACTIVE: noop("{count} active"),
    ReaderState.PAUSED: noop("{count} paused"),
    ReaderState.BLOCKED: noop("{count} blocked me"),
    ReaderState.GONE: noop("{count} gone"),
}
_DIGEST_STATES = {
    State.SENT: noop("{count} sent"),
    State.PLANNED: noop("{count} planned"),
    State.SENDING: noop("{count} being sent"),
    State.FAILED: noop("{count} failed"),
    State.SKIPPED: noop("{count} skipped"),
}
_SLOTS = {
    Slot.TASTE: noop("By taste: {share} of {voted} voted on were liked; {shown} shown"),
    Slot.TRENDING: noop("Trending: {share} of {voted} voted on were liked; {shown} shown"),
    Slot.EXPLORE: noop("Explored: {share} of {voted} voted on were liked; {shown} shown"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What is known of the bot at one moment.

    Attributes:
        new: Readers who subscribed in the last 7 days.
        digests: Of today, in UTC, by state.
        failures: Why digests of today failed, and how many, the commonest first.
        slots: Of the last 30 days.
        notice: How far the last broadcast is.
    """

    at: datetime
    readers: Mapping[tuple[str, ReaderState], int]
    new: int
    digests: Mapping[State, int]
    failures: Sequence[tuple[str, int]]
    sources: Sequence[SourceHealth]
    slots: Mapping[Slot, SlotRate]
    database_bytes: int
    space_bytes: int
    notice: Progress | None


def render_overview(language: Language, seen: Overview) -> Message:
    """Write the overview; a press on its button writes it anew. The sources get what room the rest leaves."""
    before = [
        language.html("🛠 <b>Paperboy, at {time} UTC</b>", time=f"{seen.at:%H:%M}"),
        _write_readers(language, seen),
        _write_digests(language, seen),
    ]
    after = [
        _write_slots(language, seen),
        _write_sizes(language, seen),
        _write_notice(language, seen.notice) if seen.notice else Fragment(),
        language.html(
            "<code>/admin broadcast</code> writes to all readers, <code>/admin invite 5</code> makes a link "
            "that lets in five chats, <code>/admin invites</code> lists those."
        ),
    ]
    room = MAX_MESSAGE - sum(block.length + len(_GAP) for block in (*before, *after))
    blocks = [*before, write_sources(language, seen.sources, room), *after]
    button = InlineKeyboardButton(language.say("🔄 Refresh"), callback_data="admin:refresh")
    return Message(joined(blocks, _GAP).html, InlineKeyboardMarkup([[button]]))


def _write_readers(language: Language, seen: Overview) -> Fragment:
    lines = [
        language.html(said, counts=_count_all(language, _READER_STATES, _of_kind(seen.readers, kind)))
        for kind, said in _KINDS.items()
        if _of_kind(seen.readers, kind)
    ]
    new = language.count(
        "{count} new reader in the last 7 days", "{count} new readers in the last 7 days", seen.new
    )
    return joined([language.html("<b>Readers</b>"), *lines, text(new)], "\n")


def _of_kind(readers: Mapping[tuple[str, ReaderState], int], kind: str) -> dict[ReaderState, int]:
    return {state: count for (of_kind, state), count in readers.items() if of_kind == kind}


def _write_digests(language: Language, seen: Overview) -> Fragment:
    counts = _count_all(language, _DIGEST_STATES, seen.digests) or language.say("none yet")
    failures = [
        language.html("⚠️ {count} failed: {why}", count=count, why=cut(why, _LONGEST_WHY))
        for why, count in seen.failures
    ]
    return joined([language.html("<b>Messages of today</b>"), text(counts), *failures], "\n")


def _write_slots(language: Language, seen: Overview) -> Fragment:
    lines = [
        language.html(
            said,
            share=language.percent(rate.liked / rate.voted) if rate.voted else "0",
            voted=language.number(rate.voted),
            shown=language.number(rate.shown),
        )
        for slot, said in _SLOTS.items()
        if (rate := seen.slots.get(slot))
    ]
    nothing = text(language.say("nothing shown yet"))
    return joined(
        [language.html("<b>Picks of the last 30 days, of 1,000 digests at most</b>"), *(lines or [nothing])],
        "\n",
    )


def _write_sizes(language: Language, seen: Overview) -> Fragment:
    return language.html(
        "<b>Room taken</b>\nDatabase {database} MB, feature space {space} MB",
        database=language.number(round(seen.database_bytes / _MEGABYTE, 1)),
        space=language.number(round(seen.space_bytes / _MEGABYTE, 1)),
    )


def _write_notice(language: Language, notice: Progress) -> Fragment:
    return language.html(
        "<b>Last broadcast</b>\n{arrived} sent, {waiting} waiting, {lost} not delivered",
        arrived=language.number(notice.arrived),
        waiting=language.number(notice.waiting),
        lost=language.number(notice.lost),
    )


def _count_all(
    language: Language,
    said: Mapping[ReaderState, str] | Mapping[State, str],
    counts: Mapping[ReaderState, int] | Mapping[State, int],
) -> str:
    """Tell counts by state, in the order of the words for them, none of what there is none of."""
    known: Mapping[str, int] = {str(state): count for state, count in counts.items()}
    told: Iterable[str] = (
        language.say(words, count=language.number(known[state]))
        for state, words in said.items()
        if known.get(state)
    )
    return ", ".join(told)
