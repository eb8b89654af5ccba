"""What a caller of the user side sends, read with plain words for what is wrong in it."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from starlette.requests import Request

from bot.playground.errors import UserMistake

_Value = TypeVar("_Value", str, int)


class Fields:
    """The fields of a request; a missing one is None, a wrong one a UserMistake."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str) -> str | None:
        """Return a text."""
        value: str | None = self._of_type(name, str, "a text")
        return value

    def integer(self, name: str) -> int | None:
        """Return a whole number."""
        value: int | None = self._of_type(name, int, "a whole number")
        return value

    def number(self, name: str) -> float | None:
        """Return a number, whole or not."""
        value = self._of_type(name, (int, float), "a number")
        return None if value is None else float(value)

    def flag(self, name: str) -> bool | None:
        """Return true or false.

        Raises:
            UserMistake: for anything else.
        """
        value = self._values.get(name)
        if not isinstance(value, bool | None):
            raise UserMistake(f'"{name}" must be true or false')
        return value

    def needed_text(self, name: str) -> str:
        """Return a text that must be there."""
        return _needed(name, self.text(name))

    def needed_integer(self, name: str) -> int:
        """Return a whole number that must be there."""
        return _needed(name, self.integer(name))

    def _of_type(self, name: str, kind: type | tuple[type, ...], what: str) -> Any:
        value = self._values.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, kind)):
            raise UserMistake(f'"{name}" must be {what}')
        return value


def _needed(name: str, value: _Value | None) -> _Value:
    if value is None:
        raise UserMistake(f'"{name}" is missing')
    return value


def read_fields(body: bytes) -> Fields:
    """Return the fields of a JSON body; an empty body has none.

    Raises:
        UserMistake: where it is no JSON object.
    """
    try:
        values = json.loads(body) if body else {}
    except ValueError as error:
        raise UserMistake("the body must be JSON") from error
    if not isinstance(values, dict):
        raise UserMistake("the body must be a JSON object")
    return Fields(values)


def read_integer(text: str, name: str) -> int:
    """Return the whole number that a part of an address spells.

    Raises:
        UserMistake: where it spells none.
    """
    try:
        return int(text)
    except ValueError as error:
        raise UserMistake(f'"{name}" must be a whole number') from error


def chat_id_of(request: Request) -> int:
    """Return the chat that an address names.

    Raises:
        UserMistake: where it names none.
    """
    chat_id = read_integer(request.path_params["chat_id"], "chat_id")
    if chat_id == 0:
        raise UserMistake('"chat_id" must not be 0')
    return chat_id
