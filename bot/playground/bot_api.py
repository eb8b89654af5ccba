"""The bot's side of the HTTP server: finds the method, lets faults strike, answers as Telegram does."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from starlette.types import Receive, Scope, Send

from bot.playground.calls import Call
from bot.playground.desk import Desk
from bot.playground.encoded import Json, as_json
from bot.playground.errors import Refusal
from bot.playground.faults import REFUSALS, Fault, Faults
from bot.playground.incoming import read_parameters
from bot.playground.journal import Journal
from bot.playground.limits import Limits
from bot.playground.methods import Method, all_methods

BOT_PREFIX = "/bot"
FILE_PREFIX = "/file/bot"
_CLOSED = 0  # the status under which a closed connection is noted


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Strictness:
    """What stands between a call and its method: faults on order, limits, and the log of it all."""

    faults: Faults
    limits: Limits
    journal: Journal


class BotApi:
    """An ASGI application for `/bot<token>/<method>` and `/file/bot<token>/<path>`.

    `changed` is called after each call that may have changed what is to be kept over a restart.
    """

    def __init__(
        self,
        token: str,
        desk: Desk,
        strictness: Strictness,
        clock: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self._token = token.encode()
        self._desk = desk
        self._strictness = strictness
        self._clock = clock
        self._changed = changed
        self._methods = all_methods()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        is_file = path.startswith(FILE_PREFIX)
        token, _, rest = path.removeprefix(FILE_PREFIX if is_file else BOT_PREFIX).partition("/")
        if not compare_digest(token.encode(), self._token):
            await _send(send, _refused(Refusal("Unauthorized", 401)))
        elif is_file:
            await self._send_file(send, rest)
        else:
            await self._run(scope, receive, send, rest.lower())

    async def _run(self, scope: Scope, receive: Receive, send: Send, name: str) -> None:
        began = time.perf_counter()
        now = self._clock()
        try:
            parameters, uploads = await read_parameters(scope, receive)
        except Refusal as refusal:
            await _send(send, _refused(refusal))
            return
        call = Call(name, now, parameters, uploads)
        fault = self._strictness.faults.take(name, call.text("chat_id"))
        answer = await self._answer(call, fault)
        description = answer.refusal.description if answer and answer.refusal else ""
        seconds = time.perf_counter() - began
        self._strictness.journal.note(call, answer.status if answer else _CLOSED, seconds, description)
        await (_send(send, answer) if answer else _close(scope, receive))

    async def _answer(self, call: Call, fault: Fault | None) -> _Answer | None:
        """Return the answer to a call, None for a connection to be closed without one."""
        method = self._methods.get(call.method)
        if method is None:
            return _refused(Refusal("Not Found: method not found", 404))
        kind = fault.kind if fault else ""
        if fault and kind in REFUSALS:
            return _refused(fault.refusal())
        if fault and kind == "slow":
            await asyncio.sleep(fault.seconds)
        if kind == "drop":
            return None
        answer = await self._result(method, call)
        return None if kind == "drop_after" else answer

    async def _result(self, method: Method, call: Call) -> _Answer:
        pending = len(self._desk.updates)
        try:
            self._strictness.limits.check(call.method, call.text("chat_id"), call.now)
            result = method(self._desk, call)
            if asyncio.iscoroutine(result):
                result = await result
        except Refusal as refusal:
            return _refused(refusal)
        if not call.method.startswith("get") or len(self._desk.updates) != pending:
            self._changed()
        encoded = result if isinstance(result, Json) else as_json(result)
        return _Answer(200, b'{"ok":true,"result":%b}' % encoded)

    async def _send_file(self, send: Send, path: str) -> None:
        file = self._desk.files.at(path)
        body = self._desk.files.body(file.file_id) if file else None
        if body is None:
            await _send(send, _refused(Refusal("Not Found", 404)))
        else:
            await _send(send, _Answer(200, body), b"application/octet-stream")


def _refused(refusal: Refusal) -> _Answer:
    return _Answer(refusal.status, as_json(refusal.body()), refusal)


async def _send(send: Send, answer: _Answer, kind: bytes = b"application/json") -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(answer.body)).encode())]
    if answer.refusal and "retry_after" in answer.refusal.parameters:
        headers.append((b"retry-after", str(answer.refusal.parameters["retry_after"]).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _close(scope: Scope, receive: Receive) -> None:
    """Close the connection of a request without an answer, and wait until it is closed."""
    scope["state"]["transport"].close()
    while (await receive())["type"] != "http.disconnect":
        pass
