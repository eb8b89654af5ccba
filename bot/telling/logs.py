"""Logging: to standard error, for people or as JSON, and discreet (`bot.telling.discretion`) in both.

Modules log by the standard library. Fields that hold for all that is done in a block, as the source that is
polled, are bound by `structlog.contextvars.bound_contextvars` and stand in each line of it.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal, TextIO, TypeAlias

from structlog.contextvars import merge_contextvars
from structlog.dev import Column, ConsoleRenderer, KeyValueColumnFormatter, plain_traceback
from structlog.processors import JSONRenderer
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from bot.telling.discretion import OURS, ToldError, tell_error, tell_field, tell_message

Format: TypeAlias = Literal["pretty", "json"]

_MACHINERY = {"_record", "_from_structlog", "exc_info", "stack_info", "event"}


class DiscreetFormatter(ProcessorFormatter):
    """Writes a line for people, or as one JSON object with the fields ``about`` this process.

    Blots out tokens, passwords and quotations, and of strange errors tells only where they were raised: the
    message of one that is not of our own wording may hold an abstract, or what a reader wrote.
    """

    def __init__(
        self, format_: Format, about: Mapping[str, object] = MappingProxyType({}), *, colors: bool = False
    ) -> None:
        chain = _for_people(colors=colors) if format_ == "pretty" else _for_machines(about)
        super().__init__(foreign_pre_chain=[merge_contextvars], processors=chain)


class DiscreetHandler(logging.StreamHandler[TextIO]):
    """Writes to standard error; a line that cannot be written is let go."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say nothing, where logging itself would print what the line was to be made of."""


def configure_logging(level: str, format_: Format = "pretty", roles: Collection[str] = ()) -> None:
    """Log our own from ``level`` up, and libraries from WARNING up; ``roles`` are those of this process.

    Below that, httpx writes addresses with the token, and python-telegram-bot and SQLAlchemy what readers
    wrote and papers say.
    """
    handler = DiscreetHandler()
    about = {"role": "+".join(sorted(roles)), "host": socket.gethostname(), "pid": os.getpid()}
    handler.setFormatter(DiscreetFormatter(format_, about, colors=handler.stream.isatty()))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # a round that still runs is no news


def _for_people(*, colors: bool) -> list[Processor]:
    """Make what writes a line; a field that the message names already is not said twice."""

    def tell(_logger: object, _name: str, noted: EventDict) -> EventDict:
        record = noted["_record"]
        event = tell_message(record, noted["event"])
        told = {
            **{name: value for name, value in _fields(noted).items() if not _names(event, value)},
            "time": _moment(record).astimezone().strftime("%Y-%m-%d %H:%M:%S"),
            "level": record.levelname,
            "logger": record.name,
            "event": event,
        }
        if errors := _errors(noted):
            told["exception"] = "\n".join(map(_write_error, errors))
        return told

    columns = _columns(colors=colors)
    return [tell, ConsoleRenderer(columns=columns, exception_formatter=plain_traceback, sort_keys=False)]


def _columns(*, colors: bool) -> list[Column]:
    """Lay out a line: when, how bad, who, what, and then the fields."""
    style = ConsoleRenderer.get_default_column_styles(colors)
    levels = ConsoleRenderer.get_default_level_styles(colors)

    def paint_level(key: str, value: object) -> str:  # noqa: ARG001 - structlog names both
        return f"{levels.get(str(value).lower(), '')}{value:<7}{style.reset}"

    return [
        Column("", KeyValueColumnFormatter(style.kv_key, style.kv_value, style.reset, str)),
        Column("time", KeyValueColumnFormatter(None, style.timestamp, style.reset, str)),
        Column("level", paint_level),
        Column("logger", KeyValueColumnFormatter(None, style.logger_name, style.reset, str, postfix=":")),
        Column("event", KeyValueColumnFormatter(None, "", "", str)),
    ]


def _for_machines(about: Mapping[str, object]) -> list[Processor]:
    def tell(_logger: object, _name: str, noted: EventDict) -> EventDict:
        record = noted["_record"]
        told = {
            "time": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": tell_message(record, noted["event"]),
            **about,
        }
        if errors := _errors(noted):
            told["exception"] = [_lay_out_error(error) for error in errors]
        return told | {name: value for name, value in _fields(noted).items() if name not in told}

    return [tell, JSONRenderer()]


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _fields(noted: EventDict) -> dict[str, object]:
    return {name: tell_field(value) for name, value in noted.items() if name not in _MACHINERY}


def _names(event: str, value: object) -> bool:
    return isinstance(value, str) and value in event


def _errors(noted: EventDict) -> list[ToldError]:
    error = (noted.get("exc_info") or (None, None))[1]
    return tell_error(error) if error else []


def _write_error(error: ToldError) -> str:
    """Write an error as Python does."""
    where = "".join(error.frames.format())
    what = f"{error.kind}: {error.why}" if error.why else error.kind
    return f"Traceback (most recent call last):\n{where}{what}"


def _lay_out_error(error: ToldError) -> dict[str, object]:
    frames = [
        {"file": frame.filename, "line": frame.lineno, "function": frame.name} for frame in error.frames
    ]
    return {"type": error.kind, "message": error.why, "frames": frames}
