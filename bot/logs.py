"""Logging: to standard error, without a secret and without what anybody wrote, whoever writes the line."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import TextIO, TypeAlias

_TOKEN = re.compile(r"\d{3,}:[\w-]{20,}")
_USER_AND_PASSWORD = re.compile(r"(?<=://)[^\s/]+@")
# Telegram's refusals quote the text that it did not like.
_QUOTED = re.compile(r"\"[^\"]+\"|(?<= )'[^']+'(?=[\s:,.]|$)")
_QUOTING = ("telegram",)  # what it cannot read, it writes into the log: only its own words stay
_OURS = ("bot", "sources", "storage", "recommender")
# What these say is of code or of the machine, never of what somebody wrote.
_TELLING = (
    ArithmeticError, AttributeError, ImportError, MemoryError, NameError, RecursionError, TypeError
)  # fmt: skip
_Raised: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Blots out tokens, passwords and quotations, and of strange errors tells only where they were raised.

    The message of an error that is not of our own wording may hold an abstract, or what a reader wrote.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        record.exc_text = None  # another formatter may have left there what it made of the error
        written = super().format(record)
        record.exc_text = None
        return _USER_AND_PASSWORD.sub("", _TOKEN.sub("<token>", written))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Write the line itself."""
        if _is_ours(record.name):
            record.message = _QUOTED.sub('"…"', record.message)
        elif record.name == "asyncio":  # what follows is of a task, and quotes the error that ended it
            record.message = record.message.partition("\n")[0]
        if record.name.partition(".")[0] in _QUOTING:
            record.message = str(record.msg)
        return super().formatMessage(record)

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - logging's name
        """Write where an error was raised, and those that it came of before it."""
        return "\n".join(map(_tell, _chain(ei[1], set()))) if ei[1] else ""


class DiscreetHandler(logging.StreamHandler[TextIO]):
    """Writes to standard error; a line that cannot be written is let go."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say nothing, where logging itself would print what the line was to be made of."""


def configure_logging(level: str) -> None:
    """Log our own from ``level`` up, and libraries from WARNING up.

    Below that, httpx writes addresses with the token, and python-telegram-bot and SQLAlchemy what readers
    wrote and papers say.
    """
    handler = DiscreetHandler()
    handler.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # a round that still runs is no news


def _chain(error: BaseException, told: set[int]) -> Iterator[BaseException]:
    """Walk through what an error came of, the first cause first, and what a group holds."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    held = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    told.add(id(error))
    for each in (*held, *([before] if before else [])):
        if id(each) not in told:
            yield from _chain(each, told)
    yield error


def _tell(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    where = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{where}{kind}{_explain(error)}"


def _explain(error: BaseException) -> str:
    """Give the message of an error, where it can hold nothing that anybody wrote."""
    if isinstance(error, OSError) and not _is_ours(type(error).__module__):
        return (
            f": {error.strerror}" if error.strerror else ""
        )  # without the name of a file, which may be a text
    is_told = isinstance(error, _TELLING) or _is_ours(type(error).__module__)
    return f": {error}" if is_told else ""


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in _OURS
