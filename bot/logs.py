"""Logging: to standard error, without a token, whatever library writes the line."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"\d{3,}:[\w-]{20,}")
_OURS = ("bot", "sources", "storage", "recommender")


class TokenFreeFormatter(logging.Formatter):
    """Blots out all that looks like a bot token, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        return _TOKEN.sub("<token>", super().format(record))


def configure_logging(level: str) -> None:
    """Log our own from ``level`` up, and libraries from WARNING up.

    Below that, httpx writes addresses with the token, and python-telegram-bot and SQLAlchemy what readers
    wrote and papers say.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(TokenFreeFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # a round that still runs is no news
