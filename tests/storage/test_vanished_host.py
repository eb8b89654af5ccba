"""A database whose host vanished: nothing comes of it any more, not even that it is gone."""

from __future__ import annotations

import socket
import sys

import pytest
from wire import Wire

from storage.database import Database
from storage.engines import MOST_SILENT


@pytest.mark.skipif(sys.platform != "linux", reason="other systems name these options otherwise")
async def test_a_connection_asks_its_host_for_signs_of_life(bare_postgres_url: str) -> None:
    """So that a round that waits for an answer does not wait for ever."""
    async with Wire(bare_postgres_url).laid() as wire:
        database = Database(wire.url)
        for opened in (database.reading(), database.writing()):
            async with opened as session:
                raw = await (await session.connection()).get_raw_connection()
                peer = raw.driver_connection._transport.get_extra_info("socket")
                assert peer.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                idle, pause, count, unheard_ms = (
                    peer.getsockopt(socket.IPPROTO_TCP, getattr(socket, f"TCP_{name}"))
                    for name in ("KEEPIDLE", "KEEPINTVL", "KEEPCNT", "USER_TIMEOUT")
                )
                assert idle + pause * count <= MOST_SILENT.total_seconds() == unheard_ms / 1000
        await database.close()
