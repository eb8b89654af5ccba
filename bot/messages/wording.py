"""The longer texts that a reader meets, and the list of commands. HTML as Telegram reads it."""

from __future__ import annotations

DESCRIPTION = (
    "I bring you the few papers that you would have picked yourself from the trending lists, every morning "
    "at the hour you choose. Your thumbs teach me. Press Start."
)
SHORT_DESCRIPTION = "The papers that you would have picked yourself, every morning."

COMMANDS = (
    ("today", "Papers for you, now"),
    ("settings", "Hour, time zone, number of picks"),
    ("liked", "The papers you gave a thumb"),
    ("saved", "The papers you saved, with your notes"),
    ("history", "The papers I brought you"),
    ("trending", "What everyone reads, today and this week"),
    ("search", "Find papers by words, author or date"),
    ("similar", "Papers like one that you name"),
    ("why", "Why I brought you a paper"),
    ("mute", "Keep papers with certain words away"),
    ("boost", "Lift papers with certain words"),
    ("follow", "Lift the papers of an author"),
    ("rules", "What you muted, boosted and follow"),
    ("interests", "What you like to read, in words"),
    ("import", "Bring the file of your library"),
    ("export", "Take along all that you told me"),
    ("stats", "What you like, as a picture"),
    ("pause", "No daily digest for a while"),
    ("resume", "The daily digest again"),
    ("privacy", "What is kept about you"),
    ("reset", "Forget what you like"),
    ("forget", "Delete all that I know of you"),
    ("help", "The commands, and how I pick"),
)

HOW = (
    "I compare the words of new papers with those of the papers you liked. Each pick says which liked paper "
    "speaks most for it. A 👎 counts against papers like it. No paper comes twice. Now and then one "
    "is something different, to learn more of your taste; it says so. Until your first 👍 you "
    "get what is trending."
)
HELP = """<b>My commands</b>

{commands}

<b>How I pick</b>
{how}

A thumb can be changed, and taken back by pressing it again."""

PRIVACY = """<b>What is kept</b>
• the id of this chat, its language, the settings you chose, and what I last asked you
• the papers I brought you, and when
• your votes, with your Telegram user id (not your phone number), so that you can take them back
• the interests you told me, papers you imported that no list brought, saved papers, notes and rules

<b>What is not</b>
• your name, your other messages, the files you sent, where you are
• nothing is passed on: picks are computed on the machine that runs this bot

Papers come from public lists; asking for them tells those sites nothing about you.
Nobody else is shown what you told me.

Blocking me stops all messages. /export gives you a copy of what you told me.
/forget deletes everything at once. Only numbers that a language model made of your interests may stay, \
without the words and without a sign of whose they were."""

PAUSED = "Paused: no daily digest until you /resume. /today still works."
RESUMED = "The daily digest comes again."
NOT_PAUSED = "The daily digest was not paused."
NO_PAPERS = (
    "I have no papers yet. The lists are read every {minutes} minutes: please try /today again soon. "
    "If this lasts, whoever runs me finds the cause with <code>paperboy doctor</code>."
)
ALL_SEEN = "You have seen every paper I know. The lists are read again every {minutes} minutes."
UNKNOWN_CITY = (
    "I do not know that city. Try the nearest larger one, in any language, or a time zone such as "
    "<code>Europe/Berlin</code>."
)
UNKNOWN_HOUR = (
    "I do not understand that hour. Press one above, or write it as in <code>8</code> or <code>20:00</code>."
)
NOTHING_LIKED = "You have not liked a paper yet. Press 👍 under a pick of /today and it will stand here."
NOT_UNDERSTOOD = "I only understand commands. /today brings papers, /help tells the rest."
UNKNOWN_BUTTON = "This button is from a message that I no longer know."
FAILED = "Sorry, something went wrong on my side. It is noted in my log; please try again."


def help_text() -> str:
    """Write the help with the command list."""
    return HELP.format(how=HOW, commands="\n".join(f"/{name} · {what}" for name, what in COMMANDS))
