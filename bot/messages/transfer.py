"""What is said of files that readers bring and take. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.formats.collection import Collection, Obstacle, Problem, Reject
from bot.formats.importing import Taken
from bot.messages.language import Language, noop
from bot.messages.markup import Fragment, bold, cut, isolate, joined, text
from bot.messages.onboarding import on_button

FORMATS = {"json": "JSON", "bib": "BibTeX", "csv": "CSV"}
_NAMED_REJECTS = 5
_LONGEST_NAME = 40

_OBSTACLES = {
    Obstacle.TOO_LARGE: noop("The file is larger than 5 MB. Export a part of your library, and send that."),
    Obstacle.EMPTY: noop("The file is empty."),
    Obstacle.UNKNOWN: noop(
        "I cannot read this file. I read BibTeX (.bib), Zotero's CSV and RDF, CSL JSON, and the JSON that I "
        "export."
    ),
    Obstacle.NEWER: noop(
        "This file was made by a newer Paperboy. Export it again from there as BibTeX, and send that."
    ),
    Obstacle.UNSAFE: noop(
        "The file defines XML entities, which I do not open. Export it again from Zotero, or as BibTeX."
    ),
}
_PROBLEMS = {
    Problem.BROKEN: noop("it is not written as its format asks"),
    Problem.NO_TITLE: noop("it has no title"),
    Problem.NOT_A_PAPER: noop("it is not a paper"),
    Problem.NOT_A_WISH: noop("it is not a wish that I know"),
    Problem.BEYOND_LIMIT: noop("the file holds more than I read at once"),
}


def explain_import(language: Language, *, is_group: bool) -> str:
    """Tell which files may be sent, and how."""
    how = language.html(
        "📎 <b>Send me the file of your library</b>, as a document of at most 5 MB and 2,000 papers:\n"
        "• BibTeX (.bib), as Zotero, JabRef, Mendeley and Google Scholar write it\n"
        "• Zotero's CSV, RDF or CSL JSON\n"
        "• the JSON that /export gives\n\n"
        "Its papers count as likes. Those that I do not know yet guide me by their titles and abstracts, and "
        "nobody else's picks know of them."
    )
    if is_group:
        how += language.html("\n\nIn a group I take files from administrators, as replies to this message.")
    return how.html


def report_import(
    language: Language, brought: Collection, taken: Taken, *, in_setup: bool
) -> tuple[str, InlineKeyboardMarkup | None]:
    """Tell what came of a file; during the setup a button goes on to the settings."""
    lines = [
        bold(text(_count_read(language, len(brought.entries)))),
        *map(text, _count_news(language, taken)),
    ]
    if taken.is_nothing:
        lines.append(language.html("It told me nothing new, so nothing has changed."))
    report = joined([joined(lines, "\n"), _list_rejects(language, brought.rejects)], "\n\n")
    return report.html, InlineKeyboardMarkup([[on_button(language)]]) if in_setup else None


def say_obstacle(language: Language, obstacle: Obstacle) -> str:
    """Say why a file cannot be read, and what to do next."""
    return text(language.say(_OBSTACLES[obstacle])).html


def say_not_fetched(language: Language) -> str:
    """Say that Telegram did not hand a file over."""
    return language.html("Telegram did not give me that file. Please send it once more.").html


def ask_format(language: Language) -> tuple[str, InlineKeyboardMarkup]:
    """Ask in which format to export."""
    asked = language.html(
        "📤 <b>All that you told me, as a file.</b>\n"
        "JSON holds everything and can be sent back to me or to another Paperboy with /import; BibTeX and "
        "CSV hold the papers."
    )
    row = [
        InlineKeyboardButton(name, callback_data=f"data:export:{ending}") for ending, name in FORMATS.items()
    ]
    return asked.html, InlineKeyboardMarkup([row])


def say_nothing_to_export(language: Language) -> str:
    """Say that there is nothing to write to a file yet."""
    return language.say("There is nothing to export yet: you have neither votes nor interests.")


def caption_export(language: Language, told: Collection, *, has_all: bool) -> str:
    """Tell what a file holds: the papers alone, or interests and rules as well."""
    papers = language.count("{count} paper", "{count} papers", len(told.entries))
    if not has_all:
        return language.html("📤 In this file: {papers}.", papers=papers).html
    return language.html(
        "📤 In this file: {papers}, {interests}, {rules}. Send it to /import to have them again.",
        papers=papers,
        interests=language.count("{count} interest", "{count} interests", len(told.interests)),
        rules=language.count("{count} rule", "{count} rules", len(told.rules)),
    ).html


def _count_read(language: Language, read: int) -> str:
    if read == 0:
        return language.say("📎 I read your file.")
    return language.count("📎 I read {count} paper.", "📎 I read {count} papers.", read)


def _count_news(language: Language, taken: Taken) -> list[str]:
    """Say each thing that changed, or could not be kept, in a sentence of its own."""
    count = language.count
    said = {
        count(
            "👍 {count} paper that I know is now a like.",
            "👍 {count} papers that I know are now likes.",
            taken.liked,
        ): taken.liked,
        count(
            "👎 {count} paper that I know is now a dislike.",
            "👎 {count} papers that I know are now dislikes.",
            taken.disliked,
        ): taken.disliked,
        count("🔖 {count} paper is now saved.", "🔖 {count} papers are now saved.", taken.saved): taken.saved,
        count(
            "🧭 {count} paper that I do not know guides me by its text.",
            "🧭 {count} papers that I do not know guide me by their texts.",
            taken.guiding,
        ): taken.guiding,
        count(
            "✍️ {count} interest in words was added.", "✍️ {count} interests in words were added.", taken.stated
        ): taken.stated,
        count("📏 {count} rule was added.", "📏 {count} rules were added.", taken.ruled): taken.ruled,
        count(
            "{count} paper was saved elsewhere, and cannot be saved here as I do not know it yet.",
            "{count} papers were saved elsewhere, and cannot be saved here as I do not know them yet.",
            taken.unknown,
        ): taken.unknown,
        count(
            "{count} entry was left out, for I can keep no more interests or rules.",
            "{count} entries were left out, for I can keep no more interests or rules.",
            taken.beyond,
        ): taken.beyond,
    }
    return [sentence for sentence, number in said.items() if number]


def _list_rejects(language: Language, rejects: Sequence[Reject]) -> Fragment:
    if not rejects:
        return Fragment()
    heading = text(
        language.count("{count} entry could not be read:", "{count} entries could not be read:", len(rejects))
    )
    shown = [_tell_reject(language, reject) for reject in rejects[:_NAMED_REJECTS]]
    more = [text("…")] if len(rejects) > _NAMED_REJECTS else []
    return joined([heading, *shown, *more], "\n")


def _tell_reject(language: Language, reject: Reject) -> Fragment:
    return language.html(
        "• {where}: {reason}",
        where=isolate(cut(reject.where, _LONGEST_NAME)),
        reason=language.say(_PROBLEMS[reject.reason]),
    )
