"""Who is let in, over real HTTP, and what of the process the server leaves alone."""

from __future__ import annotations

import signal
import socket
from collections.abc import Sequence

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.watching.server import MetricsError, served

ANYWHERE = "0.0.0.0"  # noqa: S104 - what a container listens on; the tests knock from this machine


async def tell(_request: Request) -> Response:
    return PlainTextResponse("paperboy_papers 1\n")


PAGES: Sequence[Route] = (Route("/metrics", tell),)


async def ask(address: str, host: str) -> httpx.Response:
    async with httpx.AsyncClient() as http:
        return await http.get(f"{address}/metrics", headers={"Host": host})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_what_is_for_this_machine_alone_is_told_under_no_other_name(host: str) -> None:
    """A page on the web that points a name of its own here gets nothing (DNS rebinding)."""
    async with served(host, 0, PAGES) as address:
        assert (await ask(address, "localhost:9090")).status_code == 200
        assert (await ask(address, "127.0.0.1")).status_code == 200
        refused = await ask(address, "evil.example")
    assert refused.status_code == 400
    assert "paperboy_papers" not in refused.text


async def test_what_listens_to_other_machines_is_told_under_any_name() -> None:
    """In a network of containers it is called by the name of its service."""
    async with served(ANYWHERE, 0, PAGES) as address:
        port = httpx.URL(address).port
        assert (await ask(f"http://127.0.0.1:{port}", "deliver:9090")).status_code == 200


async def test_the_address_of_a_newer_network_is_one_to_click_on() -> None:
    try:
        async with served("::1", 0, PAGES) as address:
            assert (await ask(address, httpx.URL(address).netloc.decode())).status_code == 200
            assert (await ask(address, "evil.example")).status_code == 400
    except MetricsError as error:
        pytest.skip(f"no IPv6 here: {error.__cause__}")


async def test_a_port_that_is_taken_is_an_error_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MetricsError, match=f"port {port} on 127.0.0.1 .* METRICS_PORT"):
            async with served("127.0.0.1", port, PAGES):
                raise AssertionError("served on a port that is taken")


async def test_an_address_of_another_machine_is_an_error_in_words() -> None:
    with pytest.raises(MetricsError, match="METRICS_HOST"):
        async with served("192.0.2.1", 0, PAGES):
            raise AssertionError("served on an address that is not this machine's")


async def test_the_signals_of_the_process_stay_with_the_bot() -> None:
    before = signal.getsignal(signal.SIGINT)
    async with served("127.0.0.1", 0, PAGES) as address:
        await ask(address, "127.0.0.1")
        assert signal.getsignal(signal.SIGINT) is before


async def test_the_port_is_free_again_at_the_end() -> None:
    async with served("127.0.0.1", 0, PAGES) as address:
        await ask(address, "127.0.0.1")
    port = httpx.URL(address).port
    assert port
    async with served("127.0.0.1", port, PAGES) as again:
        assert again == address
