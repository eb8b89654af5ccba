"""The door that Telegram brings updates to: whoever cannot show the secret does not get in.

Telegram brings again what was not answered with 200, so that is said only of what is kept for good.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from math import log10
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from telegram import Bot

from bot.receiving.told import Told, UnknownUpdateError, read_told

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000  # bytes; a message of 4,096 characters and all that hangs on it has some 100,000
_SHOWN_IN = "X-Telegram-Bot-Api-Secret-Token"
Take: TypeAlias = Callable[[Told], Awaitable[bool]]


class Door:
    """An ASGI application that takes updates at the path of an address, and knows of nothing else.

    Args:
        take: Keeps an update; False where that is not possible now.
    """

    def __init__(self, url: str, secret: str, bot: Bot, take: Take) -> None:
        self._path = unquote(urlsplit(url).path) or "/"
        self._secret = secret.encode()
        self._bot = bot
        self._take = take
        self._strangers = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status = await self._answer(Request(scope, receive))
        await Response(status_code=status)(scope, receive, send)

    async def _answer(self, request: Request) -> HTTPStatus:
        if request.scope["path"] != self._path or request.method != "POST":
            return HTTPStatus.NOT_FOUND
        if not self._is_telegram(request):
            self._count_stranger()
            return HTTPStatus.FORBIDDEN
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        try:
            body = await _read_body(request)
        except ClientDisconnect:
            return HTTPStatus.BAD_REQUEST
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if body is None else await self._keep(body)

    def _is_telegram(self, request: Request) -> bool:
        shown = request.headers.get(_SHOWN_IN, "")
        return hmac.compare_digest(shown.encode("latin-1"), self._secret)

    def _count_stranger(self) -> None:
        """Count a request without the secret, and write of it ever more seldom: anybody can make them."""
        self._strangers += 1
        if log10(self._strangers).is_integer():
            log.warning("requests that did not show the webhook's secret: %d so far", self._strangers)

    async def _keep(self, body: bytes) -> HTTPStatus:
        try:
            told = read_told(json.loads(body), self._bot)
        except (UnknownUpdateError, ValueError, RecursionError):
            return HTTPStatus.BAD_REQUEST
        return HTTPStatus.OK if await self._take(told) else HTTPStatus.SERVICE_UNAVAILABLE


async def _read_body(request: Request) -> bytes | None:
    """Read the body; None for one that is too large, of which no more is read then."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body
