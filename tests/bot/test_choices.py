from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.choices import read_choice
from bot.messages.language import ENGLISH
from bot.messages.plan import tell_plan
from bot.messages.settings import View, render
from storage.readers import EVERY_DAY, Reader
from storage.states import Layout, ReaderState

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday
SET_UP = Reader(chat_id=7, kind="private", hour=8, timezone="Europe/Berlin")


def changed(data: str, reader: Reader = SET_UP) -> Reader:
    choice = read_choice(data, NOW)
    assert choice, data
    return choice.change(reader)


@pytest.mark.parametrize(
    ("data", "field", "value"),
    [
        ("set:hour:20", "hour", 20),
        ("set:arrival:on", "on_arrival", True),
        ("set:zone:Asia/Tokyo", "timezone", "Asia/Tokyo"),
        ("set:picks:7", "picks", 7),
        ("set:empty:off", "tell_empty", False),
        ("set:layout:cards", "layout", Layout.CARDS),
        ("set:language:en", "language", "en"),
        ("set:strength:90", "percentile", 90),
        ("set:strength:0", "percentile", 0),
        ("set:strength:own", "percentile", None),
        ("set:days:31", "days", 31),
        ("set:day:6:off", "days", 0b0111111),
        ("set:quiet:3", "quiet_until", date(2026, 11, 22)),
        ("set:quiet:0", "quiet_until", None),
    ],
)
def test_a_button_changes_what_it_says(data: str, field: str, value: object) -> None:
    assert getattr(changed(data), field) == value


def test_an_hour_ends_the_wish_for_early_papers() -> None:
    early = changed("set:arrival:on")
    assert not changed("set:hour:9", early).on_arrival


def test_the_last_day_stays_on() -> None:
    """No day at all would be a pause that nobody sees."""
    monday = changed("set:day:0:on", Reader(chat_id=7, kind="private", days=1))
    assert changed("set:day:0:off", monday).days == 1


def test_a_day_switched_twice_stays_as_the_press_said() -> None:
    """Two phones, or a double press: on is on."""
    off = changed("set:day:2:off")
    assert changed("set:day:2:off", off) == off


@given(st.text(max_size=30), st.text(max_size=30))
def test_forged_data_are_no_choice_or_a_known_one(setting: str, value: str) -> None:
    choice = read_choice(f"set:{setting}:{value}", NOW)
    assert choice is None or setting in {
        "view",
        "hour",
        "arrival",
        "zone",
        "picks",
        "empty",
        "layout",
        "language",
        "strength",
        "quiet",
        "day",
        "days",
    }


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("reader", [SET_UP, Reader(chat_id=-7, kind="group")])
def test_every_button_of_every_view_is_read_back(view: View, reader: Reader) -> None:
    _, keyboard = render(ENGLISH, reader, view, NOW)
    for button in (button for row in keyboard.inline_keyboard for button in row):
        data = str(button.callback_data)
        assert len(data.encode()) <= 64
        assert read_choice(data, NOW), data


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        (Reader(chat_id=7, kind="private"), "No daily digest yet"),
        (SET_UP, "3 picks every day at 08:00, Berlin time."),
        (changed("set:picks:1"), "1 pick every day at 08:00, Berlin time."),
        (changed("set:days:31"), "Only on these days: Monday to Friday."),
        (changed("set:days:31", changed("set:day:0:off")), "Only on these days: Monday to Friday."),
        (changed("set:quiet:7"), "Quiet until Thursday, 26 November."),
        (changed("set:arrival:on"), "3 picks as soon as the day's list is out, by the calendar of Berlin."),
    ],
)
def test_the_plan_is_told_in_words(reader: Reader, words: str) -> None:
    assert words in tell_plan(ENGLISH, reader, NOW)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2026, 11, 20, 19, tzinfo=UTC), "Next: today at 20:00 in Berlin."),
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "Next: tomorrow at 00:30 in Berlin."),
        (datetime(2026, 11, 23, 7, tzinfo=UTC), "Next: Monday, 23 November at 08:00 in Berlin."),
    ],
)
def test_the_next_digest_is_told_by_the_reader_s_own_calendar(due: datetime, words: str) -> None:
    reader = Reader(chat_id=7, kind="private", hour=8, timezone="Europe/Berlin", next_due_at=due)
    assert tell_plan(ENGLISH, reader, NOW).endswith(words)


def test_a_pause_is_told() -> None:
    paused = Reader(
        chat_id=7, kind="private", hour=8, timezone="UTC", state=ReaderState.PAUSED, days=EVERY_DAY
    )
    assert tell_plan(ENGLISH, paused, NOW).endswith("Paused until you /resume.")
