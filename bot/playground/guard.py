"""Who may speak to the playground at all: no foreign host name, no foreign page, no endless body."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.playground.bot_api import BOT_PREFIX
from bot.playground.encoded import as_json
from bot.playground.errors import Refusal

MAX_UPLOAD = 50 * 1024 * 1024 + 64 * 1024  # Telegram's 50 MB and the form around it
MAX_BODY = 1024 * 1024
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-cache"),
]


class Guard:
    """An ASGI application around another one; `hosts` are the names by which it may be called."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        is_bot = scope["path"].startswith((BOT_PREFIX, f"/file{BOT_PREFIX}"))
        is_upload = headers.get(b"content-type", b"").startswith(b"multipart/")
        try:
            self._check_sender(scope["method"], headers)
            limited = _limited(receive, MAX_UPLOAD if is_upload else MAX_BODY)
            await self._app(scope, limited, send if is_bot else _with_headers(send))
        except Refusal as refusal:
            await _refuse(send, refusal, is_bot=is_bot)

    def _check_sender(self, method: str, headers: dict[bytes, bytes]) -> None:
        """Refuse a name that a foreign page could point here (DNS rebinding), and what such a page sends."""
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if urlsplit(f"//{host}").hostname not in self._hosts:
            raise Refusal("Forbidden: open the playground as localhost or 127.0.0.1", 403)
        own = f"http://{host}"
        origin = headers.get(b"origin", own.encode()).decode("latin-1").lower()
        if method not in _SAFE_METHODS and origin != own:
            raise Refusal("Forbidden: the request comes from another page", 403)


def _limited(receive: Receive, most: int) -> Receive:
    left = most

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise Refusal("Request Entity Too Large", 413)
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *_PAGE_HEADERS]
        await send(message)

    return sending


async def _refuse(send: Send, refusal: Refusal, *, is_bot: bool) -> None:
    body = as_json(refusal.body() if is_bot else {"error": refusal.description})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
