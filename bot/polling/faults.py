"""Faults of our own amid many things that are read: told in words, and to the log where they happened."""

from __future__ import annotations

import logging
import traceback

log = logging.getLogger(__name__)


class Faults:
    """Tells of the faults of one poll; a fault that strikes ten thousand dumps is logged once."""

    def __init__(self) -> None:
        self._logged: set[str] = set()

    def tell(self, what: str, error: Exception) -> str:
        """Say that ``what`` could not be read for a fault of our own, and log where that was raised.

        The error's own message is left out: it may quote the text of a paper.
        """
        words = f"{what} could not be read for a fault of Paperboy's own ({type(error).__name__})"
        where = "".join(traceback.format_tb(error.__traceback__)).rstrip()
        if where not in self._logged:
            self._logged.add(where)
            log.error("%s:\n%s", words, where)
        return words
