"""The pauses that Telegram asked for: whom they concern, and that only time ends them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.pacing.errand import Chat, Errand
from bot.pacing.floods import Floods
from bot.pacing.limits import Urgency

FLOODS = st.lists(
    st.tuples(st.floats(0, 10), st.sampled_from([1, -2, "@lab"]), st.floats(1, 30)), max_size=20
)


def writing(chat: Chat) -> Errand:
    """Make a message into a chat."""
    return Errand("sendMessage", chat, Urgency.PUSH)


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    """Two requests of a chat that were under way at once may be told different times; the later end holds."""
    floods = Floods()
    floods.begin(writing(7), 0, 40)
    floods.begin(writing(7), 1, 3)
    assert floods.end_for(writing(7)) == 40
    assert floods.silent_until < 0


def test_a_third_chat_prolongs_the_silence() -> None:
    """The bot is silent until the last of the pauses that silenced it ends; the first chat's is its own."""
    floods = Floods()
    for now, chat, seconds in ((0, 1, 3600), (1, 2, 5), (2, 3, 20)):
        floods.begin(writing(chat), now, seconds)
    assert floods.silent_until == 22
    assert floods.end_for(Errand("answerCallbackQuery", None, Urgency.ANSWER)) == 22


def test_a_methods_pause_silences_nobody() -> None:
    """Two methods in pause, or a method and a chat, are no reason for the bot to be silent."""
    floods = Floods()
    floods.begin(Errand("setMyCommands", None, Urgency.ANSWER), 0, 10)
    floods.begin(Errand("getFile", None, Urgency.ANSWER), 1, 10)
    floods.begin(writing(7), 2, 10)
    assert floods.silent_until < 0
    assert floods.end_for(writing(8)) < 0


@given(floods=FLOODS)
def test_no_pause_ends_before_its_time(floods: list[tuple[float, Chat, float]]) -> None:
    """Whatever comes after it, what was asked for holds."""
    kept, now, ends = Floods(), 0.0, []
    for gap, chat, seconds in floods:
        now += gap
        kept.begin(writing(chat), now, seconds)
        ends.append((chat, now + seconds))
    for chat, end in ends:
        if end > now:
            assert kept.end_for(writing(chat)) >= end
    assert kept.silent_until <= max((end for _, end in ends), default=0)
