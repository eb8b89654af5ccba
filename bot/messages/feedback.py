"""What is said after a press: in one sentence what it did."""

from __future__ import annotations

from bot.messages.language import Language


def say_vote(language: Language, up: bool | None) -> str:  # noqa: FBT001 - a vote is a direction
    """Say how a vote stands now; None is no vote."""
    if up is None:
        return language.say("Taken back: this paper counts neither way.")
    if up:
        return language.say("Liked: papers like this one rank higher from now on.")
    return language.say("Disliked: papers like this one rank lower from now on.")


def say_saved(language: Language, *, is_saved: bool) -> str:
    """Say whether a paper is among the saved ones now."""
    if is_saved:
        return language.say("Saved: /saved has it.")
    return language.say("No longer among /saved.")


def say_has_note(language: Language) -> str:
    """Say why a saved paper is not taken out by the way."""
    return language.say("You wrote a note on this paper: take it out where /saved shows it.")


def say_administrators_only(language: Language) -> str:
    """Say who may change what is the whole group's."""
    return language.say("Only the administrators here can change that.")


def say_unknown_button(language: Language) -> str:
    """Say that what a button was about is not known."""
    return language.say("This button is from a message that I no longer know.")
