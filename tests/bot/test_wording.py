import re

from bot.messages import wording

LONGER = [wording.help_text(), wording.PRIVACY, wording.NO_PAPERS, wording.UNKNOWN_CITY]


def test_no_line_breaks_off_within_a_sentence() -> None:
    """A phone wraps lines itself: a break of ours between two words of a sentence looks broken there."""
    for said in LONGER:
        assert re.findall(r"[a-z,]\n[a-z]", said) == []


def test_the_help_names_every_command() -> None:
    assert all(f"/{name} " in wording.help_text() for name, _ in wording.COMMANDS)
