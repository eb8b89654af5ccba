"""Clients that take too long are cut off: else a few that send a byte now and then keep out all others.

So are those that come when there are too many: each holds one of the thousand files that a process may have
open, and without any it can neither ask the database nor say that it is well.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LONGEST_REQUEST_S = 30.0  # from the first byte to the answer; the database may take ten of them
MOST_CLIENTS = 400  # at once; Telegram makes 100 connections at most
LAST_WORD_S = 1.0  # for reading an answer, to who is still sending


class CuttingProtocol(H11Protocol):
    """A connection on which each request has a time to be made and answered in."""

    longest_request_s = LONGEST_REQUEST_S
    most_clients = MOST_CLIENTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Begin to wait for the first request; what is answered is sent at once."""
        super().connection_made(transport)
        if len(self.connections) > self.most_clients:
            transport.abort()
            return
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._set_alarm(self.longest_request_s)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if self._alarm is None:
            self._set_alarm(self.longest_request_s)
        super().data_received(data)

    def on_response_complete(self) -> None:
        """Wait for the next request, as long as connections are kept; or go on with it, if it has begun."""
        self._end_alarm()
        if self.conn.their_state is h11.SEND_BODY:  # it was answered before its end, which may never come
            self._set_alarm(LAST_WORD_S)
        elif self.conn.trailing_data[0]:
            self._set_alarm(self.longest_request_s)
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._end_alarm()
        super().connection_lost(exc)

    def _set_alarm(self, seconds: float) -> None:
        self._alarm = self.loop.call_later(seconds, self.transport.abort)

    def _end_alarm(self) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = None
