"""What can go wrong at a newsstand: each fault makes another answer of the right one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from benchmarks.newsstand.serving import Response

Fault = Callable[[Response], Response]
_ATOM_ENTRY = re.compile(rb"<entry>.*?</entry>", re.DOTALL)
_VALIDATORS = ("ETag", "Last-Modified")


@dataclass
class Trouble:
    """A fault, the paths that it strikes, and how many requests more; None for all until it is ended."""

    fault: Fault
    path: str
    requests: int | None

    def strikes(self, path: str) -> bool:
        """Tell whether it strikes a request, and count that."""
        if self.requests == 0 or not path.startswith(self.path):
            return False
        if self.requests is not None:
            self.requests -= 1
        return True


def silence(response: Response) -> Response:
    """Close the connection without a word."""
    return replace(response, silent=True)


def breaking_off(response: Response) -> Response:
    """Break off in the middle of the body."""
    return replace(response, cut=True)


def taking(seconds: float) -> Fault:
    """Take so long for the body."""
    return lambda response: replace(response, seconds=seconds)


def refusal(status: int, retry_after: str | None) -> Fault:
    """Answer with an error."""
    phrase = HTTPStatus(status).phrase
    headers: Mapping[str, str] = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda _: Response(f'{{"error":"{phrase}"}}'.encode(), status, headers)


def reshaping(shape: Callable[[bytes], bytes]) -> Fault:
    """Answer with another body, as of another version of the server, and none to compare it by."""
    return lambda response: replace(forgetful(response), body=shape(response.body))


def forgetful(response: Response) -> Response:
    """Leave out what a client could tell this version by."""
    kept = {name: value for name, value in response.headers.items() if name not in _VALIDATORS}
    return replace(response, headers=kept)


def emptied(body: bytes) -> bytes:
    """Take the entries out of an Atom feed, and leave their total."""
    return _ATOM_ENTRY.sub(b"", body)
