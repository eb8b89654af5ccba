"""What the client takes from the world: time, chance and names of hosts. All of it can be handed in."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sources.web.networks import is_public


async def look_up(host: str, port: int) -> list[str]:
    """Look up the IP addresses of a host, the best one first.

    Raises:
        OSError: It has none.
        UnicodeError: It cannot be the name of a host.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def read_clock() -> datetime:
    """Read the time of day."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class World:
    """The world as it is; a test hands in another, and need not wait.

    Attributes:
        pause: Waits so many seconds.
        chance: Draws from 0 (included) to 1.
        seconds: A clock that only runs forward.
        now: The time of day.
        look_up: The IP addresses of a host.
        is_public: Whether an IP address is on the open internet.
    """

    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    seconds: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = read_clock
    look_up: Callable[[str, int], Awaitable[Sequence[str]]] = look_up
    is_public: Callable[[str], bool] = is_public
