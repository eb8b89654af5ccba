"""Which IP addresses are on the open internet. Pure; nothing is looked up."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address is in the last 32 bits
# Special by the registries of IANA, but public to some Python that we run on.
_SPECIAL = tuple(
    ip_network(network)
    for network in ("192.0.0.0/24", "192.88.99.0/24", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10")
)


def is_public(address: str) -> bool:
    """Tell whether an address is on the open internet, and so in nobody's own network.

    What holds an IPv4 address (mapped, or by NAT64) is as public as that one.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        ip = _embedded(ip) or ip
    special = ip.is_multicast or ip.is_reserved or any(ip in network for network in _SPECIAL)
    return ip.is_global and not special


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip.ipv4_mapped
