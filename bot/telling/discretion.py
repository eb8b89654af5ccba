"""Discretion: what the log may tell, whoever writes the line. No secret, and nothing that anybody wrote.

How a line looks, `bot.telling.logs` knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from logging import LogRecord
from traceback import StackSummary, extract_tb

_TOKEN = re.compile(r"\d{3,}:[\w-]{20,}")
# A password may have a slash in it, and then only its user's colon tells it from the rest of an address.
_USER_AND_PASSWORD = re.compile(r"(?<=://)(?:[^\s/]+|[^\s/:@]*:[^\s@]*)@|(?<=[?&]password=)[^\s&]+")
# Telegram's refusals quote the text that it did not like.
_QUOTED = re.compile(r"\"[^\"]+\"|(?<= )'[^']+'(?=[\s:,.]|$)")
_QUOTING = ("telegram",)  # what it cannot read, it writes into the log: only its own words stay
OURS = ("bot", "sources", "storage", "recommender")
# What these say is of code or of the machine, never of what somebody wrote.
_TELLING = (
    ArithmeticError, AttributeError, ImportError, MemoryError, NameError, RecursionError, TypeError
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToldError:
    """What the log may tell of an error.

    Attributes:
        kind: Its class, by its full name.
        why: Its message; empty where that may hold an abstract, or what a reader wrote.
        frames: Where it was raised, the innermost frame last.
    """

    kind: str
    why: str
    frames: StackSummary


def blot_out(text: str) -> str:
    """Take tokens and passwords out of a text."""
    return _USER_AND_PASSWORD.sub("", _TOKEN.sub("<token>", text))


def tell_message(record: LogRecord, message: str) -> str:
    """Give what may be told of the message that a record comes to."""
    if _is_ours(record.name):
        message = _QUOTED.sub('"…"', message)
    elif record.name == "asyncio":  # what follows is of a task, and quotes the error that ended it
        message = message.partition("\n")[0]
    elif record.name.partition(".")[0] in _QUOTING:
        message = str(record.msg)
    return blot_out(message)


def tell_field(value: object) -> object:
    """Give what may be told of a field beside the message: of all but plain values, the type alone."""
    if isinstance(value, str):
        return blot_out(_QUOTED.sub('"…"', str(value)))
    return value if isinstance(value, int | float | None) else type(value).__name__


def tell_error(error: BaseException) -> list[ToldError]:
    """Give what may be told of an error and of those that it came of, the first cause first."""
    return [
        ToldError(
            f"{type(each).__module__}.{type(each).__qualname__}".removeprefix("builtins."),
            blot_out(_explain(each)),
            extract_tb(each.__traceback__),
        )
        for each in _chain(error, set())
    ]


def _chain(error: BaseException, told: set[int]) -> Iterator[BaseException]:
    """Walk through what an error came of, the first cause first, and what a group holds."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    held = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    told.add(id(error))
    for each in (*held, *([before] if before else [])):
        if id(each) not in told:
            yield from _chain(each, told)
    yield error


def _explain(error: BaseException) -> str:
    """Give the message of an error, where it can hold nothing that anybody wrote."""
    is_ours = _is_ours(type(error).__module__)
    if isinstance(error, OSError) and not is_ours:
        return error.strerror or ""  # without the name of a file, which may be a text
    return str(error) if is_ours or isinstance(error, _TELLING) else ""


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in OURS
