"""Who may speak to the playground."""

from __future__ import annotations

import httpx
import pytest

from bot.playground import Playground

TOKEN = "4711:test"


@pytest.mark.parametrize("path", ["/", "/user/chats", f"/bot{TOKEN}/getMe"])
async def test_foreign_host_names_are_refused(client: httpx.AsyncClient, path: str) -> None:
    """A name that someone else's DNS points here opens nothing."""
    assert (await client.get(path, headers={"host": "evil.example:80"})).status_code == 403
    assert (await client.get(path, headers={"host": "localhost:80"})).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
async def test_foreign_pages_cannot_act(client: httpx.AsyncClient, origin: str) -> None:
    """A POST or DELETE from another page is refused before it does anything."""
    headers = {"origin": origin, "content-type": "text/plain"}
    response = await client.post("/user/chats/7/messages", headers=headers, content=b'{"text":"x"}')
    assert response.status_code == 403
    assert (await client.delete("/faults", headers=headers)).status_code == 403
    assert (await client.get("/user/chats")).json() == []


async def test_the_own_page_can_act(client: httpx.AsyncClient, playground: Playground) -> None:
    """The page's own origin is let through."""
    headers = {"origin": playground.url}
    assert (
        await client.post("/user/chats/7/messages", headers=headers, json={"text": "x"})
    ).status_code == 200


async def test_the_page_runs_no_foreign_code(client: httpx.AsyncClient) -> None:
    """The page comes with a policy that allows nothing but its own files."""
    page = await client.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<title>Paperboy playground</title>" in page.text
    assert (await client.get("/app.js")).headers["content-type"].startswith("text/javascript")
    assert (await client.get("/../server.py")).status_code == 404


async def test_endless_bodies_are_refused(client: httpx.AsyncClient) -> None:
    """A body over the limit is refused, whether its length is told or not."""

    async def endless():  # noqa: ANN202 - an async generator of bytes
        for _ in range(40):
            yield b"x" * 65536

    told = await client.post(f"/bot{TOKEN}/sendMessage", content=b"x" * 2_000_000)
    untold = await client.post("/user/chats/7/messages", content=endless())
    assert (told.status_code, told.json()["description"]) == (413, "Request Entity Too Large")
    assert (untold.status_code, untold.json()["error"]) == (413, "Request Entity Too Large")
