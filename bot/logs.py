"""Logging: to standard error, without a token, whatever library writes the line."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"\d{3,}:[\w-]{20,}")
_QUIET = ("httpx", "httpcore", "apscheduler", "alembic", "aiosqlite", "telegram.ext.AIORateLimiter")


class TokenFreeFormatter(logging.Formatter):
    """Blots out all that looks like a bot token, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        return _TOKEN.sub("<token>", super().format(record))


def configure_logging(level: str) -> None:
    """Log from ``level`` up; chatty libraries from WARNING up (httpx tells addresses with the token)."""
    handler = logging.StreamHandler()
    handler.setFormatter(TokenFreeFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
