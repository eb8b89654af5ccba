"""Which addresses are on the open internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.web.networks import is_public

PRIVATE = [
    *("10.0.0.1", "172.16.0.1", "192.168.1.1"),
    *("127.0.0.1", "127.255.255.254", "0.0.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.255"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "203.0.113.5"),
    *("192.0.0.1", "192.0.0.8", "192.88.99.1"),
    *("::", "::1", "::7f00:1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1"),
    *("ff02::1", "ff0e::1", "2001:db8::1", "100::1", "4000::1", "2001::1", "3fff::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"),
    *("2002:7f00:1::1", "2002:a00:1::"),
]
PUBLIC = ["1.1.1.1", "99.84.0.1", "100.63.255.255", "100.128.0.1", "2606:4700::1111", "64:ff9b::1.1.1.1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_somebodys_own_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [*PUBLIC, "::ffff:1.1.1.1"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4).map(IPv4Address), st.sampled_from(["::ffff:0:0", "64:ff9b::"]))
def test_an_embedded_address_is_as_public_as_itself(inner: IPv4Address, prefix: str) -> None:
    """Nothing private gets by in another dress."""
    outer = IPv6Address(int(IPv6Address(prefix)) | int(inner))
    assert is_public(str(outer)) == is_public(str(inner))
