import io
import logging

import pytest

from bot.errors import BotError
from bot.logs import DiscreetFormatter, DiscreetHandler

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
WRITTEN = "what a reader wrote"


@pytest.fixture
def seen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(seen: io.StringIO) -> logging.Logger:
    """A logger of ours that no other test shares."""
    handler = logging.StreamHandler(seen)
    handler.setFormatter(DiscreetFormatter("%(message)s"))
    log = logging.Logger("bot.test")  # noqa: LOG001 - see above
    log.addHandler(handler)
    return log


def fail(error: BaseException, cause: BaseException | None = None) -> None:
    raise error from cause


def test_no_token_reaches_a_log_line(seen: io.StringIO, log: logging.Logger) -> None:
    """Neither in a message, nor in an argument, nor in a traceback."""
    log.warning("GET /bot%s/getMe", TOKEN)
    try:
        fail(BotError(f"no route to /bot{TOKEN}/getMe"))
    except BotError:
        log.exception("failed")
    assert "AAHdq" not in seen.getvalue()
    assert seen.getvalue().count("<token>") == 2


def test_no_password_of_an_address_reaches_a_log_line(seen: io.StringIO, log: logging.Logger) -> None:
    """Also not the rest of one with a sign that it should have been written without."""
    for password in ("s3cret", "s3@cret"):
        log.warning("postgresql://paperboy:%s@db.example/papers is down", password)
    assert seen.getvalue() == "postgresql://db.example/papers is down\n" * 2


def test_of_a_task_that_nobody_asked_asyncio_tells_no_error(seen: io.StringIO, log: logging.Logger) -> None:
    """It would quote it in the line itself."""
    log.name = "asyncio"
    log.error(
        "Task exception was never retrieved\nfuture: <Task finished exception=ValueError('%s')>", WRITTEN
    )
    assert seen.getvalue() == "Task exception was never retrieved\n"


@pytest.mark.parametrize(
    "held", [ValueError(WRITTEN), KeyError(WRITTEN), ExceptionGroup(WRITTEN, [OSError()])]
)
def test_of_a_strange_error_the_log_tells_where_and_not_what(
    seen: io.StringIO, log: logging.Logger, held: Exception
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
    assert type(held).__name__ in seen.getvalue()
    assert "in fail\n" in seen.getvalue()


def test_of_our_own_errors_and_the_machine_s_the_log_tells_what(
    seen: io.StringIO, log: logging.Logger
) -> None:
    try:
        fail(BotError("in our words"), OSError(28, "No space left on device", WRITTEN))
    except BotError:
        log.exception("failed")
    assert "bot.errors.BotError: in our words" in seen.getvalue()
    assert "OSError: No space left on device\n" in seen.getvalue()


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
    seen: io.StringIO, log: logging.Logger, refusal: str, told: str
) -> None:
    log.warning("Telegram did not take an answer: %s", refusal)
    assert seen.getvalue() == f"Telegram did not take an answer: {told}\n"


def test_what_python_telegram_bot_cannot_read_is_not_written(seen: io.StringIO, log: logging.Logger) -> None:
    """It puts whole updates into the log."""
    log.name = "telegram.request.BaseRequest"
    log.error('Can not load invalid JSON data: "%s"', WRITTEN)
    assert WRITTEN not in seen.getvalue()
    assert "Can not load invalid JSON data" in seen.getvalue()


def test_a_line_that_cannot_be_written_is_let_go(capfd: pytest.CaptureFixture[str]) -> None:
    """Else logging would print the line's arguments past the formatter."""
    gone = io.StringIO()
    log = logging.Logger("bot.test")  # noqa: LOG001 - one that no other test shares
    log.addHandler(DiscreetHandler(gone))
    gone.close()
    log.warning("failed: %s", WRITTEN)
    assert capfd.readouterr() == ("", "")
