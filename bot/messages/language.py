"""The language that a reader is spoken to in: messages from catalogues, dates and numbers as people write.

Messages stand in English where they are said; the catalogues in ``bot/locales`` hold the others. What Babel
finds there are literals in calls of ``say``, ``html``, ``count`` and ``noop``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from html import unescape
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from bot.messages.markup import Fragment, text, utf16_length

CATALOGUES = Path(__file__).parent.parent / "locales"
_WITHIN = "LC_MESSAGES/messages.po"  # where Babel and translators' tools look for it
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, eq=False, slots=True)
class Language:
    """One language. Its values are filled in by name, as in ``say("{count} papers", count=3)``.

    Attributes:
        code: As Babel names it, as in ``en`` or ``zh``.
    """

    code: str
    translations: NullTranslations

    @property
    def locale(self) -> Locale:
        """How this language writes dates and numbers."""
        return Locale.parse(self.code)

    def say(self, message: str, **values: object) -> str:
        """Say something as plain text."""
        return self.translations.gettext(message).format(**values)

    def count(self, singular: str, plural: str, count: int, **values: object) -> str:
        """Say something of ``{count}`` things as plain text."""
        shown = self.number(count)
        return self.translations.ngettext(singular, plural, count).format(count=shown, **values)

    def html(self, message: str, **values: object) -> Fragment:
        """Say something in Telegram's HTML; values that are no fragments are taken as they stand."""
        told = self.translations.gettext(message)
        fragments = {
            name: value if isinstance(value, Fragment) else text(str(value)) for name, value in values.items()
        }
        plain = unescape(_TAG.sub("", told.format(**dict.fromkeys(values, ""))))
        # A value that stands twice in a message counts twice.
        lengths = (told.count(f"{{{name}}}") * fragment.length for name, fragment in fragments.items())
        written = told.format(**{name: fragment.html for name, fragment in fragments.items()})
        return Fragment(written, utf16_length(plain) + sum(lengths))

    def number(self, number: float) -> str:
        """Write a number."""
        return format_decimal(number, locale=self.locale)

    def percent(self, share: float) -> str:
        """Write a share from 0 to 1 in whole percents."""
        return format_percent(share, locale=self.locale)

    def day(self, day: date) -> str:
        """Write a day of this year or so, as in ``Friday, 21 November``."""
        if self.code == "en":  # English as Europe writes it: a day, then a month
            return f"{day:%A}, {day.day} {day:%B}"
        return format_skeleton("MMMMEEEEd", day, locale=self.locale)

    def date(self, day: date) -> str:
        """Write a date with its year, as in ``21 Nov 2026``."""
        if self.code == "en":
            return f"{day.day} {day:%b %Y}"
        return format_date(day, "medium", locale=self.locale)


def noop(message: str) -> str:
    """Mark a message that is said elsewhere, so that it reaches the catalogues."""
    return message


def known_codes() -> tuple[str, ...]:
    """Name the languages that there are catalogues for, and English, which needs none."""
    return ("en", *sorted(file.parts[-3] for file in CATALOGUES.glob(f"*/{_WITHIN}")))


@cache
def speak(code: str | None) -> Language:
    """Take the language of a code as Telegram's clients tell it (``zh-hans``); else English."""
    short = (code or "").lower().partition("-")[0].partition("_")[0]
    if short not in known_codes() or short == "en":
        return Language("en", NullTranslations())
    return Language(short, _read_catalogue(CATALOGUES / short / _WITHIN))


def _read_catalogue(file: Path) -> GNUTranslations:
    """Compile a catalogue in memory, so that there is one file a language and nothing to build."""
    compiled = BytesIO()
    with file.open("rb") as catalogue:
        write_mo(compiled, read_po(catalogue))
    compiled.seek(0)
    return GNUTranslations(compiled)


ENGLISH = Language("en", NullTranslations())


def name_of(code: str) -> str:
    """Name a language in itself, as in ``English`` or ``简体中文``."""
    return "简体中文" if code == "zh" else Locale.parse(code).get_display_name() or code
