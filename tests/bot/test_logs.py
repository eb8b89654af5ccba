"""What the log tells, in both of its formats, as the handler that `configure_logging` sets writes it."""

from __future__ import annotations

import io
import json
import logging
from datetime import UTC, datetime

import pytest
from structlog.contextvars import bound_contextvars

from bot.errors import BotError
from bot.telling.logs import DiscreetFormatter, DiscreetHandler, Format

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
WRITTEN = "what a reader wrote"
ABOUT = {"role": "plan", "host": "one", "pid": 7}


class Seen(io.StringIO):
    """What was logged in one of the formats."""

    def __init__(self, format_: Format) -> None:
        super().__init__()
        self.format = format_

    def told(self) -> str:
        """Read the messages, one a line, and what of errors they tell."""
        text = self.getvalue()
        if self.format == "pretty":
            return text.replace("bot.test: ", "\0").replace("asyncio: ", "\0").partition("\0")[2]
        return "".join(_tell(json.loads(line)) for line in text.splitlines())


def _tell(line: dict[str, object]) -> str:
    raised = [
        "".join(f"in {frame['function']}\n" for frame in error["frames"])
        + f"{error['type']}: {error['message']}\n"
        for error in line.get("exception", [])
    ]
    return f"{line['event']}\n" + "".join(raised)


@pytest.fixture(params=["pretty", "json"])
def seen(request: pytest.FixtureRequest) -> Seen:
    return Seen(request.param)


@pytest.fixture
def log(seen: Seen) -> logging.Logger:
    """A logger of ours that no other test shares."""
    handler = DiscreetHandler(seen)
    handler.setFormatter(DiscreetFormatter(seen.format, ABOUT))
    log = logging.Logger("bot.test")  # noqa: LOG001 - see above
    log.addHandler(handler)
    return log


def fail(error: BaseException, cause: BaseException | None = None) -> None:
    raise error from cause


def test_no_token_reaches_a_log_line(seen: Seen, log: logging.Logger) -> None:
    """Neither in a message, nor in an argument, nor in an error, nor in a field."""
    with bound_contextvars(source=f"the bot {TOKEN}"):
        log.warning("GET /bot%s/getMe", TOKEN)
    try:
        fail(BotError(f"no route to /bot{TOKEN}/getMe"))
    except BotError:
        log.exception("failed")
    assert "AAHdq" not in seen.getvalue()
    assert seen.getvalue().count("<token>") == 3


def test_no_password_of_an_address_reaches_a_log_line(seen: Seen, log: logging.Logger) -> None:
    """Also not the rest of one with a sign that it should have been written without."""
    for password in ("s3cret", "s3@cret", "s3/cret"):
        address = f"postgresql://paperboy:{password}@db.example/papers?password={password}"
        with bound_contextvars(source=address):
            log.warning("%s is down", address)
            log.warning("down")
    assert "cret" not in seen.getvalue()
    assert seen.getvalue().count("postgresql://db.example/papers") >= 6


def test_of_a_task_that_nobody_asked_asyncio_tells_no_error(seen: Seen, log: logging.Logger) -> None:
    """It would quote it in the line itself."""
    log.name = "asyncio"
    log.error(
        "Task exception was never retrieved\nfuture: <Task finished exception=ValueError('%s')>", WRITTEN
    )
    assert seen.told() == "Task exception was never retrieved\n"


@pytest.mark.parametrize(
    "held", [ValueError(WRITTEN), KeyError(WRITTEN), ExceptionGroup(WRITTEN, [OSError()])]
)
def test_of_a_strange_error_the_log_tells_where_and_not_what(
    seen: Seen, log: logging.Logger, held: Exception
) -> None:
    """Nor is that told of what it came of, nor where another formatter has told it before."""
    try:
        fail(RuntimeError(WRITTEN), held)
    except RuntimeError as error:
        record = log.makeRecord(log.name, logging.ERROR, "", 0, "failed", (), (type(error), error, None))
        record.exc_text = WRITTEN
        log.handle(record)
        log.exception("failed")
    assert WRITTEN not in seen.getvalue()
    assert type(held).__name__ in seen.told()
    assert "in fail\n" in seen.told()


def test_of_our_own_errors_and_the_machine_s_the_log_tells_what(seen: Seen, log: logging.Logger) -> None:
    try:
        fail(BotError("in our words"), OSError(28, "No space left on device", WRITTEN))
    except BotError:
        log.exception("failed")
    assert "bot.errors.BotError: in our words" in seen.told()
    assert "OSError: No space left on device\n" in seen.told()


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        ('can\'t parse entities: unsupported start tag "secret" at byte offset 7',
         'can\'t parse entities: unsupported start tag "…" at byte offset 7'),
        ("inline button URL 'http://secret' is invalid", 'inline button URL "…" is invalid'),
        ("message can't be edited", "message can't be edited"),
    ],
)  # fmt: skip
def test_what_telegram_quotes_is_blotted_out(
    seen: Seen, log: logging.Logger, refusal: str, told: str
) -> None:
    log.warning("Telegram did not take an answer: %s", refusal)
    assert seen.told() == f"Telegram did not take an answer: {told}\n"


def test_what_python_telegram_bot_cannot_read_is_not_written(seen: Seen, log: logging.Logger) -> None:
    """It puts whole updates into the log."""
    log.name = "telegram.request.BaseRequest"
    log.error('Can not load invalid JSON data: "%s"', WRITTEN)
    assert WRITTEN not in seen.getvalue()
    assert "Can not load invalid JSON data" in seen.getvalue()


def test_of_a_field_that_is_no_plain_value_the_type_alone_is_told(seen: Seen, log: logging.Logger) -> None:
    """A paper or an update would be told whole; what a library hangs on its records is not told at all."""
    with bound_contextvars(source={"title": WRITTEN}, job=f'the "{WRITTEN}" one'):
        log.warning("read", extra={"update": WRITTEN})
    assert WRITTEN not in seen.getvalue()
    assert "dict" in seen.getvalue()


def test_fields_that_are_bound_stand_in_each_line_of_their_block(seen: Seen, log: logging.Logger) -> None:
    with bound_contextvars(source="huggingface", job=12):
        log.warning("read")
    log.warning("done")
    first, second = seen.getvalue().splitlines()
    if seen.format == "pretty":
        assert ("source=huggingface" in first, "job=12" in first, "source" in second) == (True, True, False)
        return
    told = json.loads(first)
    assert (told["source"], told["job"]) == ("huggingface", 12)
    assert "source" not in json.loads(second)


def test_a_line_is_one_object_that_names_its_process() -> None:
    """Also where a field bears the name of what stands in each line, and a message has several lines."""
    seen = Seen("json")
    handler = DiscreetHandler(seen)
    handler.setFormatter(DiscreetFormatter("json", ABOUT))
    record = logging.LogRecord("bot.test", logging.INFO, "", 0, "one\ntwo", (), None)
    with bound_contextvars(level="loud", role="another"):
        handler.handle(record)
    (line,) = seen.getvalue().splitlines()
    told = json.loads(line)
    assert datetime.fromisoformat(told.pop("time")).utcoffset() == datetime.now(UTC).utcoffset()
    assert told == {"level": "info", "logger": "bot.test", "event": "one\ntwo", **ABOUT}


def test_people_are_not_told_twice_what_the_message_says() -> None:
    record = logging.LogRecord("bot.test", logging.INFO, "", 0, "huggingface: 3 lists read", (), None)
    with bound_contextvars(source="huggingface", job=12):
        line = DiscreetFormatter("pretty").format(record)
    assert line.endswith(" bot.test: huggingface: 3 lists read job=12")


def test_a_line_for_people_has_colour_only_where_it_is_asked_for() -> None:
    record = logging.LogRecord("bot.test", logging.INFO, "", 0, "read", (), None)
    plain, painted = (DiscreetFormatter("pretty", colors=colors).format(record) for colors in (False, True))
    assert plain.endswith(" INFO    bot.test: read")
    assert "\x1b[" in painted
    assert "\x1b[" not in plain


def test_a_line_that_cannot_be_written_is_let_go(capfd: pytest.CaptureFixture[str]) -> None:
    """Else logging would print the line's arguments past the formatter."""
    gone = io.StringIO()
    log = logging.Logger("bot.test")  # noqa: LOG001 - one that no other test shares
    log.addHandler(DiscreetHandler(gone))
    gone.close()
    log.warning("failed: %s", WRITTEN)
    assert capfd.readouterr() == ("", "")
