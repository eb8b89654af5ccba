"""The playground as one thing to start and stop: its parts put together, and served on a port."""

import asyncio
import random
import socket
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from bot.playground.application import new_application
from bot.playground.bot_api import BotApi, Strictness
from bot.playground.bringing import Bringing
from bot.playground.control_api import ControlApi
from bot.playground.desk import Desk
from bot.playground.errors import PlaygroundError
from bot.playground.faults import Faults
from bot.playground.guard import Guard
from bot.playground.journal import Journal
from bot.playground.limits import Limits
from bot.playground.memory import Memory
from bot.playground.profile import new_profile
from bot.playground.updates import Updates
from bot.playground.user_api import UserApi
from bot.playground.view_api import ViewApi

_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_KEEP_ALIVE_SECONDS = 120  # longer than clients keep an idle one, so that none is closed under their hands
_LAST_SECONDS = 2  # for requests under way when the playground stops


class Playground:
    """A Bot API stand-in and a chat page, over real HTTP; started and stopped once.

    `memory` is a JSON file that keeps the chats over a restart; without it they are gone at the end. `clock`
    tells the seconds since 1970, for messages and presses.
    """

    def __init__(
        self,
        token: str,
        port: int = 8080,
        host: str = "127.0.0.1",
        memory: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._port = port
        self._host = host
        self._clock = clock
        self._desk = Desk(new_profile(token), updates=Updates(_first_update_id()))
        self._memory = Memory(memory, self._desk) if memory else None
        self._bringing = Bringing(self._desk, clock)
        self._application = self._new_application(token)
        self._listening: _Listening | None = None

    @property
    def url(self) -> str:
        """Return the address of the chat page."""
        return f"http://{self._host}:{self._port}"

    @property
    def base_url(self) -> str:
        """Return what a Bot API client takes as its base; the token and the method follow."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """Return what a Bot API client takes as its base for downloads."""
        return f"{self.url}/file/bot"

    async def start(self) -> None:
        """Listen, on any free port where the port is 0.

        Raises:
            PlaygroundError: in words, where the port is not to be had.
        """
        listener = self._listener()
        if self._memory:
            await self._memory.start()
        self._listening = await _listen(listener, self._application)
        self._bringing.start()

    async def stop(self) -> None:
        """End what waits (polls, presses, streams), close the port, and save the chats."""
        if self._listening is None:
            return
        await self._bringing.stop()
        self._desk.updates.close()
        self._desk.presses.close()
        self._desk.events.close()
        await self._listening.close()
        self._listening = None
        if self._memory:
            await self._memory.stop()

    def _listener(self) -> socket.socket:
        try:
            listener = socket.create_server((self._host, self._port))
        except OSError as error:
            words = f"port {self._port} on {self._host} is not free: choose another one with PLAYGROUND_PORT"
            raise PlaygroundError(words) from error
        self._port = listener.getsockname()[1]
        return listener

    def _new_application(self, token: str) -> ASGIApp:
        strictness = Strictness(Faults(random.Random().random), Limits(), Journal())  # noqa: S311 - no secret  # nosec B311
        bot_api = BotApi(token, self._desk, strictness, self._clock, self._changed)
        user_api = UserApi(self._desk, self._clock, self._changed)
        routes = [*ControlApi(strictness).routes(), *ViewApi(self._desk).routes(), *user_api.routes()]
        return Guard(new_application(bot_api, routes), {*_LOCAL_NAMES, self._host})

    def _changed(self) -> None:
        if self._memory:
            self._memory.touch()


class _Protocol(H11Protocol):
    """Hands each request the transport that it came on, so that a fault can close it without an answer.

    Sends at once what is written: on a listener not opened by asyncio, head and body would be 40 ms apart.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {**self.app_state, "transport": transport}


class _Listening:
    """An open port with uvicorn's protocol on it; its Server would take the signals of the process."""

    def __init__(self, server: asyncio.Server, state: ServerState) -> None:
        self._server = server
        self._state = state

    async def close(self) -> None:
        """Take no more connections, and close those that there are when their requests are done."""
        self._server.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=_LAST_SECONDS)
        for connection in list(self._state.connections):
            connection.transport.abort()
        await self._server.wait_closed()


async def _listen(listener: socket.socket, application: ASGIApp) -> _Listening:
    config = _config(application)
    config.load()
    state = ServerState()

    def new_protocol() -> asyncio.Protocol:
        return _Protocol(config, state, app_state={})

    server = await asyncio.get_running_loop().create_server(new_protocol, sock=listener)
    return _Listening(server, state)


def _config(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )


def _first_update_id() -> int:
    """Begin above all numbers given before: a bot remembers which updates it has carried out."""
    return int(time.time() * 100)
