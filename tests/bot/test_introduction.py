import re

import pytest

from bot.messages.digest import MAX_MESSAGE
from bot.messages.introduction import (
    describe,
    describe_shortly,
    list_commands,
    say_sorry,
    write_help,
    write_privacy,
)
from bot.messages.language import Language, known_codes, speak

LANGUAGES = [speak(code) for code in known_codes()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_keeps_telegram_s_limits(language: Language) -> None:
    """See setMyCommands, setMyDescription, setMyShortDescription and answerCallbackQuery."""
    assert len(describe(language)) <= 512
    assert len(describe_shortly(language)) <= 120
    assert len(say_sorry(language)) <= 200
    assert all(1 <= len(what) <= 256 for _, what in list_commands(language))
    assert write_help(language).length <= MAX_MESSAGE
    assert write_privacy(language).length <= MAX_MESSAGE


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_names_every_command(language: Language) -> None:
    told = write_help(language).html
    assert all(f"/{name} · " in told for name, _ in list_commands(language))


def test_no_line_breaks_off_within_a_sentence() -> None:
    """A phone wraps lines itself: a break of ours between two words of a sentence looks broken there."""
    for said in (write_help(speak("en")), write_privacy(speak("en"))):
        assert re.findall(r"[a-z,]\n[a-z]", said.html) == []
