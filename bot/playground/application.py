"""The HTTP application: which part of the playground answers which address."""

from collections.abc import Iterable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.playground.bot_api import BOT_PREFIX, FILE_PREFIX
from bot.playground.errors import Refusal, UserMistake

_PAGE = Path(__file__).parent / "page"


def new_application(bot_api: ASGIApp, routes: Iterable[BaseRoute]) -> ASGIApp:
    """Return the application: the Bot API straight to its part, for it must be quick, all else by routes."""
    page = Mount("/", StaticFiles(directory=_PAGE, html=True))
    people = Starlette(
        routes=[*routes, page],
        exception_handlers={UserMistake: _tell_mistake, Refusal: _tell_refusal},
    )

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        is_bot = scope["path"].startswith((BOT_PREFIX, FILE_PREFIX))
        await (bot_api if is_bot else people)(scope, receive, send)

    return application


async def _tell_mistake(_request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, error.status if isinstance(error, UserMistake) else 400)


async def _tell_refusal(_request: Request, error: Exception) -> Response:
    """Tell what Telegram would not take from a person either."""
    return JSONResponse({"error": str(error)}, error.status if isinstance(error, Refusal) else 400)
