"""Orders to the playground itself, over HTTP: faults, limits, and the log of the bot's requests."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.bot_api import Strictness
from bot.playground.errors import UserMistake
from bot.playground.faults import read_fault
from bot.playground.fields import read_fields
from bot.playground.limits import read_rates


class ControlApi:
    """Handlers on what stands between a call and its method."""

    def __init__(self, strictness: Strictness) -> None:
        self._strictness = strictness

    def routes(self) -> list[Route]:
        """Return all routes of the orders."""
        return [
            Route("/faults", self.list_faults),
            Route("/faults", self.add_fault, methods=["POST"]),
            Route("/faults", self.clear_faults, methods=["DELETE"]),
            Route("/limits", self.show_limits),
            Route("/limits", self.set_limits, methods=["POST"]),
            Route("/user/requests", self.list_requests),
        ]

    async def list_faults(self, _request: Request) -> Response:
        """List the faults that stand."""
        return JSONResponse(self._strictness.faults.listed())

    async def add_fault(self, request: Request) -> Response:
        """Order a fault, and list those that stand."""
        self._strictness.faults.add(read_fault(read_fields(await request.body())))
        return await self.list_faults(request)

    async def clear_faults(self, request: Request) -> Response:
        """Take all faults back."""
        self._strictness.faults.clear()
        return await self.list_faults(request)

    async def show_limits(self, _request: Request) -> Response:
        """Show the limits."""
        return JSONResponse(asdict(self._strictness.limits.rates))

    async def set_limits(self, request: Request) -> Response:
        """Set the limits, and show them."""
        self._strictness.limits.set(read_rates(read_fields(await request.body())))
        return await self.show_limits(request)

    async def list_requests(self, request: Request) -> Response:
        """List the bot's requests after the number `since`."""
        since = request.query_params.get("since", "0")
        if not since.isdecimal():
            raise UserMistake('"since" must be a whole number')
        return JSONResponse(self._strictness.journal.since(int(since)))
