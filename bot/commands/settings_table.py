"""The page on the settings, written from their model, so that it tells what the model does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.settings import Settings

_HEAD = """\
<!-- Written by `make settings` from bot/settings.py. -->
# Settings

Each is a variable of the environment, or a line of the file `.env` in the folder that Paperboy is started in
([.env.example](../.env.example) is one to copy). All have a default. What cannot be used is refused at the
start, with the variable's name and never with a secret's value. `paperboy settings` prints this page.

| variable | default | may be | meaning |
|---|---|---|---|
"""
_KINDS = {
    "array": "several, separated by commas",
    "boolean": "`true` or `false`",
    "null": "empty",
    "password": "a secret",  # nosec B105 - the name of a type
    "path": "a folder",
    "string": "a text",
}


def describe() -> str:
    """Write the page, in Markdown: a row a setting, in their order. It says nothing of what is set here."""
    properties = Settings.model_json_schema()["properties"]
    return _HEAD + "".join(_row(name, schema) for name, schema in properties.items())


def _row(name: str, schema: Mapping[str, Any]) -> str:
    cells = (f"`{name.upper()}`", _default(schema["default"]), _may_be(schema), schema["description"])
    return f"| {' | '.join(cells)} |\n"


def _default(value: object) -> str:
    if value is None or value == []:
        return ""
    words = map(str, value) if isinstance(value, list) else [str(value)]
    text = ",".join(words)
    return f"`{text.lower() if isinstance(value, bool) else text}`"


def _may_be(schema: Mapping[str, Any]) -> str:
    *words, last = [word for kind in schema.get("anyOf", [schema]) for word in _allowed(kind)]
    return f"{', '.join(words)} or {last}" if words else last


def _allowed(kind: Mapping[str, Any]) -> Iterator[str]:
    """Say what one kind of value may be, a phrase for each that is named."""
    if "enum" in kind:
        yield from (f"`{word}`" for word in kind["enum"])
    elif "minimum" in kind:
        yield f"{kind['minimum']} to {kind['maximum']}"
    else:
        yield _KINDS[kind.get("format", kind["type"])]
