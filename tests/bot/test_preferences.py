import pytest

from bot.chat.preferences import read_hour


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("8", 8),
        ("08:00", 8),
        (" 20.00 ", 20),
        ("20h", 20),
        ("8 am", 8),
        ("8 p.m.", 20),
        ("12 am", 0),
        ("12pm", 12),
        ("0", 0),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, hour: int) -> None:
    assert read_hour(written) == hour


@pytest.mark.parametrize("written", ["24", "8:30", "13 pm", "0 am", "eight", "²", "", "8 8", "-1"])
def test_what_is_no_full_hour_is_not_guessed(written: str) -> None:
    assert read_hour(written) is None
