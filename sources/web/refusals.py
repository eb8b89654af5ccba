"""Answers that are no success, and faults of the network: in words, and how many attempts they are worth."""

from __future__ import annotations

import math
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from sources.cleaning import excerpt
from sources.web.attempts import SHORT_FAULT, AttemptError

_PASSING = {408, 500, 502, 503, 504}
_MAY_ASK_FOR_A_PAUSE = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_SHORT_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(days=1)
_FAULTS = (  # the more exact before the less: what it is, in words, how many further attempts it is worth
    (ssl.SSLCertVerificationError, "has no valid certificate", 0),
    (ssl.SSLError, "allows no secure connection", SHORT_FAULT),
    (ConnectionRefusedError, "refused the connection", SHORT_FAULT),
    (httpx.ProxyError, "cannot be reached by way of the proxy", SHORT_FAULT),
    (httpx.TimeoutException, "took too long to answer", 1),
    (httpx.RemoteProtocolError, "gave no valid answer", SHORT_FAULT),
    (httpx.NetworkError, "cannot be reached", SHORT_FAULT),
)


def explain_status(response: httpx.Response, now: datetime) -> AttemptError:
    """Say what a server answered instead of a body. A short pause that it asks for is waited out, once."""
    words = f"answered {response.status_code} {excerpt(response.reason_phrase)}".rstrip()
    pause = _read_pause(response, now)
    if pause is None:
        return AttemptError(words, retries=SHORT_FAULT if response.status_code in _PASSING else 0)
    words += f" and asks for a pause of {math.ceil(pause.total_seconds()):,} seconds"
    return AttemptError(words, retries=int(pause <= _SHORT_PAUSE), wait=pause)


def _read_pause(response: httpx.Response, now: datetime) -> timedelta | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds or a date. What makes no sense is as good as none."""
    if response.status_code not in _MAY_ASK_FOR_A_PAUSE:
        return None
    value = response.headers.get("retry-after", "")
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(float(value), _LONGEST_PAUSE.total_seconds())) or None
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    pause = until.replace(tzinfo=until.tzinfo or UTC) - now
    return min(pause, _LONGEST_PAUSE) if pause > timedelta(0) else None


def explain_fault(error: Exception) -> AttemptError:
    """Say what went wrong on the way to an answer."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            retries = SHORT_FAULT if cause.errno == socket.EAI_AGAIN else 0
            text = "has no known host: is its name right, and is there a network?"
            return AttemptError(text, retries=retries)
    for kind, text, retries in _FAULTS:
        if any(isinstance(cause, kind) for cause in causes):
            return AttemptError(text, retries=retries)
    return AttemptError("cannot be reached")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):  # one for each address of the host
            for one in error.exceptions:
                yield from _causes(one)
        error = error.__cause__ or error.__context__
