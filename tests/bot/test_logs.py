import io
import logging

from bot.logs import TokenFreeFormatter

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def test_no_token_reaches_a_log_line() -> None:
    """Neither in a message, nor in an argument, nor in a traceback."""
    seen = io.StringIO()
    handler = logging.StreamHandler(seen)
    handler.setFormatter(TokenFreeFormatter("%(message)s"))
    log = logging.Logger("test")  # noqa: LOG001 - one that no other test shares
    log.addHandler(handler)
    log.warning("GET /bot%s/getMe", TOKEN)
    try:
        raise RuntimeError(f"no route to /bot{TOKEN}/getMe")  # noqa: TRY301 - a traceback is wanted
    except RuntimeError:
        log.exception("failed")
    assert "AAHdq" not in seen.getvalue()
    assert seen.getvalue().count("<token>") == 2
