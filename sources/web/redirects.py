"""Redirects: where an answer sends us, and who may know user and password there. Nothing is asked here."""

from __future__ import annotations

import httpx

from sources.web.address import is_usable, server
from sources.web.attempts import AttemptError

_LOCATION = "paperboy-location"


async def set_location_aside(response: httpx.Response) -> None:
    """Keep Location from httpx, which reads it also where it follows none, and may fail by it."""
    if response.has_redirect_location:
        response.extensions[_LOCATION] = response.headers.pop("Location")


def find_location(response: httpx.Response) -> str | None:
    """Tell where an answer sends us, if it does."""
    location: str | None = response.extensions.get(_LOCATION)
    return location


def read_redirect(at: httpx.URL, location: str) -> httpx.URL:
    """Read where the answer of an address sends us. User and password go to no other server.

    Raises:
        AttemptError: It is no http or https address.
    """
    try:
        to = at.join(location)
        usable = is_usable(to)  # reads the host, which may be spelled as none can be
    except (httpx.InvalidURL, ValueError):
        # The cause is left out: it quotes an address that may hold a secret.
        raise AttemptError("redirected to what is no valid address") from None
    if not usable:
        raise AttemptError("redirected to what is no http or https address")
    userinfo = at.userinfo if _may_know(server(at), server(to)) else b""
    return to.copy_with(userinfo=userinfo, fragment=None)


def _may_know(old: tuple[str, str, int], new: tuple[str, str, int]) -> bool:
    """Tell whether what one server knows the other may know: it is the same, or the same by TLS."""
    return old == new or (old, new) == (("http", old[1], 80), ("https", old[1], 443))
