"""Each command, given words that it cannot use, and given by a member of a group who is no administrator.

What each does when all is well stands in the tests of its own.
"""

from dataclasses import dataclass

import pytest
from town import Town, eventually

from bot.messages.introduction import list_commands
from bot.messages.language import ENGLISH

GROUP = -100500
ADMINS_ONLY = "Only the administrators here can change that."


@dataclass(frozen=True)
class Row:
    """A command, words that make no sense behind it, what it answers to these, and whose it is in a group."""

    command: str
    wrong: str
    answer: str
    for_all: bool = True


TABLE = (
    Row("start", "again please", "Hello, I am Paperboy", for_all=False),
    Row("today", "tomorrow", "fresh off the press"),
    Row("settings", "9", "⚙️ Settings", for_all=False),
    Row("liked", "99", "You have not liked a paper yet"),
    Row("saved", "99", "You have not saved a paper yet"),
    Row("history", "99", "I have not brought you a paper yet"),
    Row("trending", "year", "papers on the list"),
    Row("search", "author: boats", "I found no paper"),
    Row("similar", "zzz qqq", "I know no paper by that name"),
    Row("why", "99", "reply /why to a message"),
    Row("interests", "…", "I found no subject in that"),
    Row("mute", "***", "no letter or digit", for_all=False),
    Row("boost", "?!", "no letter or digit", for_all=False),
    Row("follow", "author:", "no letter or digit", for_all=False),
    Row("rules", "all", "You have no rules yet"),
    Row("stats", "now", "There is nothing to draw yet"),
    Row("pause", "forever", "Paused", for_all=False),
    Row("resume", "again", "The daily digest was not paused", for_all=False),
    Row("import", "my.bib", "Send me the file of your library"),
    Row("export", "pdf", "All that you told me", for_all=False),
    Row("privacy", "please", "What is kept"),
    Row("reset", "all", "There is nothing to forget", for_all=False),
    Row("forget", "her", "Shall I delete all that I know of you?", for_all=False),
    Row("help", "me", "How I pick"),
)
NAMES = [row.command for row in TABLE]


def test_the_table_has_every_command() -> None:
    assert sorted(NAMES) == sorted(["start", *(name for name, _ in list_commands(ENGLISH))])


@pytest.mark.parametrize("row", TABLE, ids=NAMES)
async def test_words_that_make_no_sense_are_answered_with_sense(town: Town, row: Row) -> None:
    await town.chat().say(f"/{row.command} {row.wrong}")
    await town.chat().wait_for(row.answer)


@pytest.mark.parametrize("row", TABLE, ids=NAMES)
async def test_a_member_of_a_group_reads_and_its_administrators_change(town: Town, row: Row) -> None:
    await town.chat(GROUP, user=1).do("add")
    greeting = await town.chat(GROUP, user=1).wait_for("Hello, I am Paperboy")
    member = town.chat(GROUP, user=2)
    await member.say(f"/{row.command}")

    async def answer() -> str | None:
        said = [m["text"] for m in await member.from_bot() if m["message_id"] != greeting["message_id"]]
        return said[0] if said else None

    assert (await eventually(answer, f"an answer to /{row.command}") != ADMINS_ONLY) is row.for_all


@pytest.mark.parametrize("words", ["/interests robots, no surveys", "/start nonsense"])
async def test_a_member_leaves_nothing_behind(town: Town, words: str) -> None:
    """What changes the whole group is refused, also as words behind a command that all may read."""
    await town.chat(GROUP, user=1).do("add")
    await town.chat(GROUP, user=2).say(words)
    await town.chat(GROUP, user=2).wait_for(ADMINS_ONLY)


async def test_interests_behind_the_command_are_taken(town: Town) -> None:
    await town.chat().say("/interests robots, no surveys")
    assert "robots" in (await town.chat().wait_for("This is what I understood."))["text"]
