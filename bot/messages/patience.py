"""What is said to whoever asks for more at once than there is room for."""

from __future__ import annotations

from bot.messages.language import Language


def say_slow_down(language: Language) -> str:
    """Say that it was too much at once: at most 200 characters, for it may answer a press."""
    return language.say("That was a lot at once, and I missed the last of it. Please try again in a minute.")


def say_enough_files(language: Language) -> str:
    """Say that no more files go in or out for now: at most 200 characters, likewise."""
    return language.say("Those were many files for one day. Please try again tomorrow.")
