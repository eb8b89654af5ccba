"""The bot's own processes, each with its role, on the server that is measured."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.child import Child, SharedClock, Upbringing, raised
from bot.roles import Role

TICK = 1.0  # seconds between two looks for who is due


@dataclass(frozen=True, slots=True)
class Workplace:
    """What all processes of the crew are told."""

    database_url: str
    api_url: str
    folder: Path
    clock: SharedClock

    def upbringing(self, role: Role, *, is_paced: bool) -> Upbringing:
        """Tell a process of one role what it needs."""
        return Upbringing(
            self.api_url,
            self.folder,
            clock=self.clock,
            tick=TICK,
            is_paced=is_paced,
            roles=(role,),
            settings={"DATABASE_URL": self.database_url, "LOG_LEVEL": "INFO"},
        )


@asynccontextmanager
async def crew(
    place: Workplace, roles: Sequence[Role], *, is_paced: bool = False
) -> AsyncIterator[list[Child]]:
    """Start a process for each role named, and end them."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(raised(place.upbringing(role, is_paced=is_paced)))
            for role in roles
        ]
