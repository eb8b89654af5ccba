"""What the bot says of itself: before Start, in Telegram's menu, in /help and /privacy, in an excuse."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from bot.messages.language import Language, noop
from bot.messages.markup import Fragment, bold, joined, text

# The commands by what they are for, in the order of the menu.
COMMANDS: Mapping[str, Mapping[str, str]] = {
    noop("Reading"): {
        "today": noop("Papers for you, now"),
        "trending": noop("What everyone reads, today and this week"),
        "why": noop("Why I brought you a paper"),
    },
    noop("Your taste"): {
        "interests": noop("What you like to read, in words"),
        "mute": noop("Keep papers with certain words away"),
        "boost": noop("Lift papers with certain words"),
        "follow": noop("Lift the papers of an author"),
        "rules": noop("What you muted, boosted and follow"),
        "stats": noop("What you like, as a picture"),
    },
    noop("Finding again"): {
        "liked": noop("The papers you gave a thumb"),
        "saved": noop("The papers you saved, with your notes"),
        "history": noop("The papers I brought you"),
        "search": noop("Find papers by words, author or date"),
        "similar": noop("Papers like one that you name"),
    },
    noop("Your settings and data"): {
        "settings": noop("When, how many, how strong, in which language"),
        "pause": noop("No daily digest for a while"),
        "resume": noop("The daily digest again"),
        "import": noop("Bring the file of your library"),
        "export": noop("Take along all that you told me"),
        "privacy": noop("What is kept about you"),
        "reset": noop("Forget what you like"),
        "forget": noop("Delete all that I know of you"),
        "help": noop("The commands, and how I pick"),
    },
}


def list_commands(language: Language) -> list[tuple[str, str]]:
    """List the commands for Telegram's menu, each with what it does."""
    return [(name, language.say(what)) for commands in COMMANDS.values() for name, what in commands.items()]


def describe(language: Language) -> str:
    """Say what stands in an empty chat, before Start: at most 512 characters."""
    return language.say(
        "I bring you the few papers that you would have picked yourself from the trending lists, every "
        "morning at the hour you choose. Your thumbs teach me. Press Start."
    )


def describe_shortly(language: Language) -> str:
    """Say what stands on the bot's page and in shared links: at most 120 characters."""
    return language.say("The papers that you would have picked yourself, every morning.")


def write_help(language: Language) -> Fragment:
    """Write the commands by what they are for, and how picks are made."""
    how = language.say(
        "I compare new papers, by their words and their meaning, with those you liked and the interests you "
        "told me. Each pick says what speaks most for it. A 👎 counts against papers like it. No paper comes "
        "twice. Now and then one is something different, to learn more of your taste; it says so. Until I "
        "know your taste you get what is trending."
    )
    undo = language.say("A thumb can be changed, and taken back by pressing it again.")
    groups = [_group(language, heading, commands) for heading, commands in COMMANDS.items()]
    ways = joined([bold(text(language.say("How I pick"))), text(how)], "\n")
    return joined([*groups, ways, text(undo)], "\n\n")


def write_privacy(language: Language) -> Fragment:
    """Write what is kept of a reader, what is not, and how to be rid of it."""
    kept = [
        language.say("the id of this chat, its language, the settings you chose, and what I last asked you"),
        language.say("the papers I brought you, and when"),
        language.say(
            "your votes, with your Telegram user id (not your phone number), so that you can take them back"
        ),
        language.say(
            "the interests you told me, papers you imported that no list brought, saved papers, notes and "
            "rules"
        ),
    ]
    not_kept = [
        language.say("your name, your other messages, the files you sent, where you are"),
        language.say(
            "nothing is passed on: picks are computed on the machine that runs this bot, and nobody else is "
            "shown what you told me"
        ),
    ]
    closing = language.say(
        "Papers come from public lists; asking for them tells those sites nothing about you. Blocking me "
        "stops all messages. /export gives you a copy of what you told me. /forget deletes everything at "
        "once."
    )
    parts = [
        _bullets(language.say("What is kept"), kept),
        _bullets(language.say("What is not"), not_kept),
        text(closing),
    ]
    return joined(parts, "\n\n")


def say_paused(language: Language) -> str:
    """Say that no daily digest comes."""
    return language.say("Paused: no daily digest until you /resume. /today still works.")


def say_resumed(language: Language, *, was_paused: bool) -> str:
    """Say that the daily digest comes, or that it was never stopped."""
    if was_paused:
        return language.say("The daily digest comes again.")
    return language.say("The daily digest was not paused.")


def say_not_understood(language: Language) -> str:
    """Point to the commands."""
    return language.say("I only understand commands. /today brings papers, /help tells the rest.")


def say_unknown_command(language: Language, command: str) -> str:
    """Say that there is no such command, and name the one or two that are nearest to it."""
    names = ["start", *(name for commands in COMMANDS.values() for name in commands)]
    if near := get_close_matches(command, names, n=2):
        meant = ", ".join(f"/{name}" for name in near)
        return language.say("I do not know /{command}. Did you mean {meant}?", command=command, meant=meant)
    return language.say("I do not know /{command}. /help tells what I can do.", command=command)


def say_sorry(language: Language) -> str:
    """Say that a fault was ours: at most 200 characters, for it may answer a press."""
    return language.say("Sorry, something went wrong on my side. It is noted in my log; please try again.")


def say_delayed(language: Language) -> str:
    """Say that what was asked for will be done later: at most 200 characters, likewise."""
    return language.say(
        "Sorry, I cannot write anything down right now. It will be done as soon as I can again."
    )


def _group(language: Language, heading: str, commands: Mapping[str, str]) -> Fragment:
    lines = [text(f"/{name} · {language.say(what)}") for name, what in commands.items()]
    return joined([bold(text(language.say(heading))), *lines], "\n")


def _bullets(heading: str, lines: list[str]) -> Fragment:
    return joined([bold(text(heading)), *(text(f"• {line}") for line in lines)], "\n")
