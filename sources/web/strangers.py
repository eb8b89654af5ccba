"""Strangers: hosts that only a redirect named. They are asked on the open internet alone.

Else a redirect could make us ask what only this machine can reach: a router, a cloud's metadata.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.request import getproxies, proxy_bypass

import httpx

from sources.cleaning import excerpt
from sources.web.address import host, server
from sources.web.attempts import AttemptError
from sources.web.world import World


async def find_stranger(url: httpx.URL, world: World) -> Sequence[str]:
    """Look up the addresses of a stranger, all of them public; a connection goes to one of these.

    None are told where a proxy looks the name up by itself; there a name that only the proxy knows passes.

    Raises:
        AttemptError: It is not known, or an address of it is not public.
    """
    name, by_proxy = excerpt(host(url)), _goes_by_proxy(url)
    try:
        addresses = await world.look_up(host(url), server(url)[2])
    except (OSError, UnicodeError) as error:
        if by_proxy:
            return ()
        raise AttemptError(f"redirected to {name}, which is not known") from error
    if not all(map(world.is_public, addresses)):
        raise AttemptError(
            f"redirected to {name}, which is in a private network; if it should be asked, make it a source"
        )
    return () if by_proxy else addresses


def pin(url: httpx.URL, address: str) -> tuple[httpx.URL, dict[str, str], dict[str, str]]:
    """Put the very address that was looked up into a request: its URL, headers and extensions.

    A second look-up could tell another one (DNS rebinding). The certificate must still be the host's; so
    the connection serves no other request, which could be for another host at the same address.
    """
    headers = {"Host": url.netloc.decode("ascii"), "Connection": "close"}
    return url.copy_with(host=address), headers, {"sni_hostname": host(url)}


def _goes_by_proxy(url: httpx.URL) -> bool:
    proxies = getproxies()
    return (url.scheme in proxies or "all" in proxies) and not proxy_bypass(url.host)
