"""Reactions as values: one a person, counted, kept whole."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.constants import ReactionEmoji

from bot.playground.chats import Chat
from bot.playground.reactions import Reactions, known_reaction, reaction_counts, reactions_seen

users = st.integers(1, 4)
choices = st.lists(st.tuples(st.integers(1, 3), users, st.none() | st.sampled_from("👍👎🔥")))


@given(choices)
def test_a_person_has_one_reaction_to_a_message(chosen: list[tuple[int, int, str | None]]) -> None:
    """Whatever was chosen before, the last choice stands; each change tells the one before it."""
    reactions = Reactions()
    last: dict[tuple[int, int], str | None] = {}
    for message, user, emoji in chosen:
        assert reactions.set(message, user, emoji) == last.get((message, user))
        last[message, user] = emoji
    standing = {(message, user, emoji) for (message, user), emoji in last.items() if emoji}
    assert set(reactions.listed()) == standing
    assert Reactions(reactions.listed()).listed() == reactions.listed()


@given(st.dictionaries(users, st.sampled_from("👍👎🔥")))
def test_counts_and_names_agree(reactions: dict[int, str]) -> None:
    """Each emoji is counted once, as often as people chose it, the most frequent first."""
    counts = {one["type"]["emoji"]: one["total_count"] for one in reaction_counts(reactions)}
    assert counts == Counter(reactions.values())
    assert list(counts.values()) == sorted(counts.values(), reverse=True)
    assert {one["emoji"]: len(one["user_ids"]) for one in reactions_seen(reactions)} == counts


@pytest.mark.parametrize("emoji", list(ReactionEmoji))
def test_all_reactions_of_telegram_are_known(emoji: str) -> None:
    """Whatever the library names as a reaction is one here."""
    assert known_reaction(emoji) is not None


def test_a_forgotten_message_has_no_reactions() -> None:
    """With its message a reaction goes."""
    reactions = Reactions([(1, 2, "👍"), (2, 2, "👍")])
    reactions.forget(1)
    assert (reactions.on(1), reactions.listed()) == ({}, [(2, 2, "👍")])


def test_a_chat_forgets_what_hung_on_a_forgotten_message() -> None:
    """Of a deleted or pushed out message neither reactions nor the mark of a quiet edit stay."""
    chat = Chat(-5, "group", reactions=Reactions([(1, 2, "👍")]), quiet_edits={1})
    chat.add({"id": 2, "is_bot": False, "first_name": "Ben"}, 0.0, {"text": "x"})
    chat.forget([1])
    assert (chat.messages, chat.reactions.listed(), chat.quiet_edits) == ({}, [], set())
