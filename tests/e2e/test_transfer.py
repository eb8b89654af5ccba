"""/import and /export: files in and out, and from one reader to an empty one."""

import json

from town import Json, Town, buttons

from bot.formats.collection import Collection
from bot.formats.exporting import gather_all
from recommender.first_history import state
from recommender.interests import Interests
from recommender.rules import Rule, RuleKind
from storage import interests, rules, saved, votes

BIB = b"""
@article{boats, title = {First thoughts on boats <&_> 0}, year = 2026}
@article{other, title = {On Wholly Other Matters}, abstract = {Matters.}}
@article{none, year = 2001}
"""


async def told(town: Town, chat_id: int) -> Collection:
    async with town.bot.database.reading() as session:
        return await gather_all(session, chat_id)


async def tell_much(town: Town, chat_id: int = 7) -> None:
    now = town.clock()
    async with town.bot.database.writing() as session:
        await votes.put(session, chat_id, chat_id, 1, up=True, now=now)
        await votes.put(session, chat_id, chat_id, 6, up=False, now=now)
        await saved.put(session, chat_id, 2, now)
        await saved.annotate(session, chat_id, 2, "for <Monday>\nfirst")
        await interests.put(session, chat_id, state(Interests(("robots",), ("law",))), now)
        await rules.put(session, chat_id, Rule(RuleKind.FOLLOW, "Ada First"), now)


async def test_a_library_becomes_likes_and_guides_and_tells_what_it_could_not_read(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    await chat.attach("library.bib", BIB)
    report = (await chat.wait_for("📎 I read 2 papers."))["text"]
    assert "👍 1 paper that I know is now a like." in report
    assert "🧭 1 paper that I do not know guides me by its text." in report
    assert "1 entry could not be read:\n• none: it has no title" in report
    assert [entry.title for entry in (await told(town, 7)).entries] == [
        "First thoughts on boats <&_> 0",
        "On Wholly Other Matters",
    ]


async def test_the_same_file_again_changes_nothing_and_says_so(town: Town) -> None:
    chat = town.chat()
    await chat.attach("library.bib", BIB)
    await chat.wait_for("📎 I read 2 papers.")
    before = await told(town, 7)
    await chat.attach("library.bib", BIB)
    await chat.wait_for("It told me nothing new, so nothing has changed.")
    assert await told(town, 7) == before


async def test_a_file_answers_the_question_of_the_start(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.press(await chat.wait_for("What do you like to read?"), "Bring my library")
    await chat.wait_for("Send me the file of your library")
    await chat.attach("library.bib", BIB)
    await chat.press(await chat.wait_for("📎 I read 2 papers."), "Go on")
    await chat.wait_for("At which hour")


async def test_import_tells_which_files_can_be_sent(town: Town) -> None:
    await town.chat().say("/import")
    assert "Zotero" in (await town.chat().wait_for("Send me the file of your library"))["text"]


async def test_a_file_that_cannot_be_read_says_what_can(town: Town) -> None:
    chat = town.chat()
    await chat.attach("picture.png", b"\x89PNG\r\n\x1a\n\x00\x01\x02")
    await chat.wait_for("I read BibTeX (.bib), Zotero's CSV and RDF, CSL JSON")
    await chat.attach("empty.bib", b" \n")
    await chat.wait_for("The file is empty.")


async def test_a_file_that_is_too_large_is_not_even_fetched(town: Town) -> None:
    chat = town.chat()
    await chat.attach("library.bib", b"%" * 5_000_001)
    await chat.wait_for("larger than 5 MB")
    assert await town.requests("getFile") == []


async def test_a_file_that_telegram_keeps_to_itself_is_asked_for_again(town: Town) -> None:
    await town.fault(method="getFile", kind="bad_request")
    await town.chat().attach("library.bib", BIB)
    await town.chat().wait_for("Please send it once more.")


async def test_all_goes_from_one_reader_to_an_empty_one(town: Town) -> None:
    await tell_much(town)
    chat, empty = town.chat(), town.chat(8)
    await chat.say("/export")
    await chat.press(await chat.wait_for("All that you told me"), "JSON")
    document = await chat.wait_for_document()
    assert document["document"]["file_name"] == "paperboy-2026-11-20.json"
    assert "3 papers, 2 interests, 1 rule" in document["caption"]

    await empty.attach("paperboy.json", await chat.download(document))
    await empty.wait_for("📎 I read 3 papers.")
    assert await told(town, 8) == await told(town, 7)


async def test_bibtex_and_csv_hold_the_papers(town: Town) -> None:
    await tell_much(town)
    chat = town.chat()
    await chat.say("/export")
    asked = await chat.wait_for("All that you told me")
    await chat.press(asked, "BibTeX")
    bib = await chat.download(await chat.wait_for_document())
    await chat.press(asked, "CSV")
    csv = await chat.download(await chat.wait_for_document(2))
    assert b"First thoughts on boats" in bib
    assert b"First thoughts on boats" in csv


async def test_an_export_holds_nothing_of_other_chats(town: Town) -> None:
    await tell_much(town, chat_id=8)
    await tell_much(town, chat_id=7)
    async with town.bot.database.writing() as session:
        await votes.put(session, 8, 8, 3, up=True, now=town.clock())
    chat = town.chat()
    await chat.say("/export")
    await chat.press(await chat.wait_for("All that you told me"), "JSON")
    written = json.loads(await chat.download(await chat.wait_for_document()))
    assert len(written["papers"]) == 3


async def test_nothing_to_export_is_said(town: Town) -> None:
    chat = town.chat()
    await chat.say("/export")
    asked = await chat.wait_for("All that you told me")
    for label in ("JSON", "BibTeX", "CSV"):
        assert "nothing to export" in (await chat.press(asked, label))["text"]
    assert await town.requests("sendDocument") == []


async def test_a_forged_format_is_none(town: Town) -> None:
    await town.chat().say("/export")
    data = "data:export:exe"
    answer = await town.chat().press_data(await town.forge_button(7, data), data)
    assert "no longer know" in answer["text"]


async def test_in_a_group_administrators_bring_and_take_files(town: Town) -> None:
    maker, member = town.chat(-100500, user=1), town.chat(-100500, user=2)
    await maker.say("/import")
    asked: Json = await maker.wait_for("as replies to this message")
    await maker.attach("talk.bib", BIB)
    await member.attach("mine.bib", BIB, answering=asked)
    await member.wait_for("Only the administrators")
    assert (await told(town, -100500)).entries == ()
    await maker.attach("ours.bib", BIB, answering=asked)
    await maker.wait_for("📎 I read 2 papers.")

    await member.say("/export")
    await member.wait_for("Only the administrators", 2)
    await maker.say("/export")
    choice = await maker.wait_for("All that you told me")
    assert "administrators" in (await member.press(choice, "JSON"))["text"]
    await maker.press(choice, "JSON")
    await maker.wait_for_document()
    assert len(buttons(choice)) == 3
