"""Attempts: a round that the database refuses is tried again at its next turn, and said of once."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from storage.errors import StorageError

log = logging.getLogger(__name__)

Round: TypeAlias = Callable[[], Awaitable[None]]


class Attempts:
    """Calls rounds by name, and remembers which of them had to wait."""

    def __init__(self) -> None:
        self._troubles: dict[str, str] = {}

    async def make(self, name: str, round_: Round) -> None:
        """Call a round; say what hinders it, once as long as that stays the same, and when it is over."""
        try:
            await round_()
        except StorageError as error:
            self._complain(name, str(error))
        else:
            self._relax(name)

    def _complain(self, name: str, trouble: str) -> None:
        if self._troubles.get(name) != trouble:
            log.error("%s has to wait: %s", name, trouble)
        self._troubles[name] = trouble

    def _relax(self, name: str) -> None:
        if self._troubles.pop(name, None):
            log.warning("%s goes on", name)
