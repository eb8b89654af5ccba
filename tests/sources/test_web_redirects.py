"""Redirects: where they may lead, and what goes along."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from shutil import which

import httpx
import pytest
from website import BODY, Site, Watch, open_site

from sources.values import SourceError
from sources.web.client import Web, open_web
from sources.web.redirects import read_redirect
from sources.web.strangers import pin


class Names:
    """Tells the addresses of hosts, and remembers of which it was asked."""

    def __init__(self, **addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self.asked: list[str] = []

    async def look_up(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._addresses:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return self._addresses[host]


def _is_called_public(address: str) -> bool:
    """Play the open internet on this machine."""
    return address.startswith("127.0.0.")


def _make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a certificate of that name, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    kind = ("-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key), "-out", str(certificate))
    subject = ("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}")
    command = ("openssl", "req", "-x509", *kind, *subject)
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - no word of it is a stranger's
    return certificate, key


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        site.answer()
        yield site


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with open_web(world=Watch().world()) as web:
        yield web


def _lead(site: Site, location: str, status: int = 302) -> httpx.URL:
    site.answer(b"", status, "/old", Location=location)
    return httpx.URL(site.url("/old"))


async def _refusal(url: httpx.URL, web: Web) -> str:
    with pytest.raises(SourceError) as caught:
        await web.get(url)
    return str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_every_kind_is_followed(site: Site, web: Web, status: int) -> None:
    """Also to an address that is relative."""
    answer = await web.get(_lead(site, "papers", status))
    assert answer is not None
    assert answer.body == BODY


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://a/",
        "gopher://a:1/",
        "javascript:1",
        "data:,a",
        "http://127.0.0.1:99999999/",
    ],
)
async def test_none_leaves_the_web(site: Site, web: Web, location: str) -> None:
    assert "redirected to what is no http or https address" in await _refusal(_lead(site, location), web)


@pytest.mark.parametrize(
    "location",
    [
        *("http://[::1/", "http://a:b/", "http://a\x7f/", "/" + "a" * 70_000),
        *("http://xn--/", "http://xn--localhost/", "http://xn--0x7f.1-localhost/", ":http://-]-"),
    ],
)
async def test_none_leads_to_an_address_that_is_none(site: Site, web: Web, location: str) -> None:
    assert "redirected to what is no valid address" in await _refusal(_lead(site, location), web)


@pytest.mark.parametrize(
    "host",
    [
        *("169.254.169.254", "10.0.0.1", "127.0.0.2", "0.0.0.1", "100.64.0.1", "[::1]", "[fd00:ec2::254]"),
        *("[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "2130706433", "0x7f.1", "127.1", "localhost"),
    ],
)
async def test_none_leads_into_a_private_network(site: Site, web: Web, host: str) -> None:
    """However the address is written. Only what is a source's host, or trusted like one, is asked there."""
    url = _lead(site, f"http://{host}:{site.port}/papers")
    assert "is in a private network; if it should be asked, make it a source" in await _refusal(url, web)
    assert site.paths == ["/old"]


@pytest.mark.parametrize("addresses", [["192.168.1.1"], ["1.1.1.1", "192.168.1.1"]])
async def test_none_leads_there_by_a_name(site: Site, addresses: list[str]) -> None:
    """One private address among others is enough: it might be the one that is asked."""
    world = Watch().world(look_up=Names(innocent=addresses).look_up)
    async with open_web(world=world) as web:
        assert "redirected to innocent, which is in" in await _refusal(_lead(site, "http://innocent/"), web)


async def test_an_unknown_name_is_told(site: Site) -> None:
    async with open_web(world=Watch().world(look_up=Names().look_up)) as web:
        message = await _refusal(_lead(site, "http://paperboy.invalid/?token=t0ps3cret"), web)
    assert "redirected to paperboy.invalid, which is not known" in message
    assert "t0ps3cret" not in message


async def test_a_trusted_host_may_be_private(site: Site) -> None:
    """The hosts of the other sources are."""
    async with open_web(trusted=("localhost",), world=Watch().world()) as web:
        answer = await web.get(_lead(site, site.url(host="localhost")))
    assert answer is not None


async def test_another_port_of_the_same_host_may_be_asked(site: Site, web: Web) -> None:
    """Whoever configured a private host trusts it."""
    with open_site() as other:
        other.answer()
        assert await web.get(_lead(site, other.url())) is not None


async def test_a_stranger_is_asked_at_the_very_address_that_was_checked(site: Site) -> None:
    """A second look-up could tell a private one (DNS rebinding). The stranger still hears its own name."""
    names = Names(**{"stranger.example": ["127.0.0.1"]})
    world = Watch().world(look_up=names.look_up, is_public=_is_called_public)
    async with open_web(world=world) as web:
        url = httpx.URL(site.url("/old", host="localhost"))
        _lead(site, site.url(host="stranger.example"))
        assert await web.get(url) is not None
    assert names.asked == ["stranger.example"]
    assert site.asked[1]["Host"] == f"stranger.example:{site.port}"
    assert site.asked[1]["Connection"] == "close"


async def test_a_stranger_is_asked_at_its_next_address_where_the_first_is_not_there(site: Site) -> None:
    """Nobody listens at the first."""
    names = Names(**{"stranger.example": ["127.0.0.2", "127.0.0.1"]})
    world = Watch().world(look_up=names.look_up, is_public=_is_called_public)
    async with open_web(world=world) as web:
        _lead(site, site.url(host="stranger.example"))
        assert await web.get(httpx.URL(site.url("/old", host="localhost"))) is not None


@pytest.mark.skipif(not which("openssl"), reason="makes its certificate with openssl")
async def test_a_stranger_must_have_the_certificate_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that of the address it is asked at."""
    certificate, key = _make_certificate(tmp_path, "stranger.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    with open_site(context) as site:
        site.answer()
        names = Names(**{"stranger.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
        world = Watch().world(look_up=names.look_up, is_public=_is_called_public)
        with open_site() as start:
            url = httpx.URL(start.url("/old", host="localhost"))
            async with open_web(world=world) as web:
                _lead(start, f"https://stranger.example:{site.port}/papers")
                assert await web.get(url) is not None
                _lead(start, f"https://other.example:{site.port}/papers")
                assert "has no valid certificate" in await _refusal(url, web)


def test_an_address_is_pinned_whatever_its_kind() -> None:
    """IPv6 is written in brackets; a default port is left out."""
    url, headers, extensions = pin(httpx.URL("https://stranger.example/a?b=c"), "2606:4700::1111")
    assert str(url) == "https://[2606:4700::1111]/a?b=c"
    assert headers["Host"] == "stranger.example"
    assert extensions == {"sni_hostname": "stranger.example"}


@pytest.mark.parametrize("known", [{}, {"far.example": ["127.0.0.1"]}])
async def test_by_a_proxy_names_are_for_the_proxy_to_look_up(
    site: Site, monkeypatch: pytest.MonkeyPatch, known: dict[str, list[str]]
) -> None:
    """Where nothing else can be reached nothing else knows them. What is plainly private is not asked for."""
    monkeypatch.setenv("http_proxy", site.url(""))
    monkeypatch.setenv("no_proxy", "")
    names, start = Names(**known, **{"10.0.0.1": ["10.0.0.1"]}), "http://near.example/old"
    site.answer(path="http://far.example/papers")
    world = Watch().world(look_up=names.look_up, is_public=_is_called_public)
    async with open_web(world=world) as web:
        site.answer(b"", 302, start, Location="http://far.example/papers")
        assert await web.get(httpx.URL(start)) is not None
        site.answer(b"", 302, start, Location="http://10.0.0.1/papers")
        assert "private network" in await _refusal(httpx.URL(start), web)
    assert site.paths == [start, "http://far.example/papers", start]


async def test_user_and_password_stay_with_their_server(site: Site, web: Web) -> None:
    """They go along on the same server, and to no other, not even another port."""
    with open_site() as other:
        other.answer()
        for to in (site.url(), other.url()):
            _lead(site, to)
            await web.get(httpx.URL(f"http://ada:hunter2@127.0.0.1:{site.port}/old"))
    assert "Authorization" in site.asked[1]
    assert "Authorization" not in other.asked[0]


@pytest.mark.parametrize(
    ("at", "location", "to"),
    [
        ("http://ada:pw@a/x", "/y", "http://ada:pw@a/y"),
        ("http://ada:pw@a/x", "https://a/y", "https://ada:pw@a/y"),
        ("https://ada:pw@a/x", "http://a/y", "http://a/y"),
        ("https://ada:pw@a/x", "https://b/y", "https://b/y"),
        ("https://a/x", "https://eve:pw@b/y#z", "https://b/y"),
        ("http://a/x", "//b/y", "http://b/y"),
    ],
)
def test_user_and_password_are_those_that_were_configured(at: str, location: str, to: str) -> None:
    """By TLS too, where a server moves there; never without it again, and never what a redirect says."""
    assert read_redirect(httpx.URL(at), location) == httpx.URL(to)


async def test_conditions_go_to_the_address_that_they_came_from(site: Site, web: Web) -> None:
    """So an unchanged page costs no body, also behind a redirect; and no one else learns a validator."""
    url = _lead(site, "/papers")
    site.answer(ETag='"weeds"')
    answer = await web.get(url)
    assert answer is not None
    site.answer(b"", 304)
    assert await web.get(url, answer.version) is None
    conditions = [asked.get("If-None-Match") for asked in site.asked]
    assert conditions == [None, None, None, '"weeds"']
    _lead(site, "/elsewhere")
    site.answer(path="/elsewhere")
    assert await web.get(url, answer.version) is not None
    assert "If-None-Match" not in site.asked[-1]


async def test_the_first_address_keeps_its_validators_for_itself(site: Site, web: Web) -> None:
    """A page that has moved since is asked without a condition: another page may have the same validator."""
    site.answer(ETag='"weeds"')
    answer = await web.get(httpx.URL(site.url()))
    assert answer is not None
    site.answer(b"", 302, Location="/new")
    site.answer(path="/new")
    assert await web.get(httpx.URL(site.url()), answer.version) is not None
    assert [asked.get("If-None-Match") for asked in site.asked] == [None, '"weeds"', None]
