"""Which links Telegram takes, and the form in which it gives them back. Opens none of them."""

import re

_URL = re.compile(
    r"(?:(?P<scheme>[^:/?#@\[\]]*)://)?"
    r"(?:(?P<login>[^/?#@]*)@)?"
    r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:/?#@\[\]]*)"
    r"(?::(?P<port>[^/?#]*))?"
    r"(?P<rest>.*)",
    re.DOTALL,
)
_OWN_LINK = re.compile(r"(?is)(?P<scheme>tg|ton):(?://)?(?P<host>[\w-]+)/?(?P<rest>[/?#].*)?")
_USER_LINK = re.compile(r"tg:(?://)?user/?\?id=(?P<id>\d{1,19})", re.IGNORECASE)
_HOST = re.compile(r"[^\x00-\x20\"<>\\^`{|}%,'()*!;&=+$~]+")
_SPACES = re.compile(r"[\x00-\x20]")
_LAST_PORT = 65535


class BadLinkError(ValueError):
    """Say in Telegram's words what is wrong with a link."""


def checked_link(link: str) -> str:
    """Return the link as Telegram stores it: scheme and host in small letters, a path where there was none.

    Raises:
        BadLinkError: for what Telegram does not take as a link.
    """
    if own := _OWN_LINK.fullmatch(link):
        return f"{own['scheme'].lower()}://{own['host'].lower()}{own['rest'] or ''}"
    parts = _URL.fullmatch(link)
    if parts is None:
        raise BadLinkError("Wrong HTTP URL")
    scheme = (parts["scheme"] if parts["scheme"] is not None else "http").lower()
    if scheme not in {"http", "https"}:
        raise BadLinkError("Unsupported URL protocol")
    host = _checked_host(parts["host"])
    login = f"{parts['login']}@" if parts["login"] else ""
    return f"{scheme}://{login}{host}{_port(parts['port'])}{_path(parts['rest'])}"


def mentioned_user(link: str) -> int | None:
    """Return the user of a `tg://user?id=` link, None for any other link."""
    match = _USER_LINK.fullmatch(link)
    return int(match["id"]) if match else None


def _checked_host(host: str) -> str:
    if not host:
        raise BadLinkError("URL host is empty")
    if host.startswith("["):
        return host.lower()
    if not _HOST.fullmatch(host):
        raise BadLinkError("Disallowed character in URL host")
    if not host.strip(".").count("."):
        raise BadLinkError("Wrong HTTP URL")
    return host.lower()


def _port(port: str | None) -> str:
    if port is None:
        return ""
    if not (port.isascii() and port.isdigit() and 0 < int(port) <= _LAST_PORT):
        raise BadLinkError("Wrong port number specified in the URL")
    return f":{port}"


def _path(rest: str) -> str:
    rest = _SPACES.sub(lambda space: f"%{ord(space[0]):02X}", rest)
    return rest if rest.startswith("/") else f"/{rest}"
