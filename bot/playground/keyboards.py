"""Inline keyboards: what Telegram takes as `reply_markup`, and the form in which it gives one back."""

import json
from typing import Any

from bot.playground.errors import BadRequest
from bot.playground.links import BadLinkError, checked_link

MAX_CALLBACK_BYTES = 64
_MAX_BUTTONS = 100
_MAX_COPIED = 256
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_EMPTY_MEANS_NONE = frozenset({"url", "callback_data"})


def inline_keyboard(reply_markup: str) -> dict[str, Any] | None:
    """Return the InlineKeyboardMarkup that a message will carry, None where it carries none.

    Keyboards in place of the letters, their removal and forced replies are accepted and not shown: the Bot
    API returns none of them in a Message either.

    Raises:
        BadRequest: for what Telegram refuses, in its words.
    """
    if not reply_markup:
        return None
    try:
        markup = json.loads(reply_markup)
    except ValueError as error:
        raise BadRequest("can't parse reply keyboard markup JSON object") from error
    if not isinstance(markup, dict):
        raise BadRequest("object expected as reply markup")
    rows = [_row(row) for row in _rows(markup.get("inline_keyboard"))]
    rows = [row for row in rows if row]
    if sum(map(len, rows)) > _MAX_BUTTONS:
        raise BadRequest("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def has_button(markup: dict[str, Any] | None, data: str) -> bool:
    """Tell whether a keyboard has a button with this callback data."""
    rows = markup["inline_keyboard"] if markup else []
    return any(button.get("callback_data") == data for row in rows for button in row)


def forwarded_keyboard(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the keyboard that a forwarded message keeps: all of it where it has links only, else none."""
    rows = markup["inline_keyboard"] if markup else []
    return markup if all("url" in button for row in rows for button in row) else None


def _rows(keyboard: Any) -> list[Any]:
    if keyboard is None:
        return []
    if not isinstance(keyboard, list):
        raise BadRequest('field "inline_keyboard" must be of type Array')
    return keyboard


def _row(row: Any) -> list[dict[str, Any]]:
    if not isinstance(row, list):
        raise BadRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    return [_button(button) for button in row]


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _unparsed("InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _unparsed('Can\'t find field "text"' if text is None else 'Field "text" must be of type String')
    if not text.strip():
        raise BadRequest("inline keyboard button text must be non-empty")
    action, value = _action(button)
    return {"text": text, action: _CHECKS[action](value) if action in _CHECKS else value}


def _action(button: dict[str, Any]) -> tuple[str, Any]:
    given = [name for name in _ACTIONS if name in button and (button[name] or name not in _EMPTY_MEANS_NONE)]
    if not given:
        raise _unparsed("Text buttons are unallowed in the inline keyboard")
    if len(given) > 1:
        # Telegram takes the first and drops the others without a word: here the mistake is shown.
        raise _unparsed(f"exactly one action is allowed, found {' and '.join(given)}")
    return given[0], button[given[0]]


def _checked_data(data: Any) -> str:
    if not isinstance(data, str):
        raise _unparsed('Field "callback_data" must be of type String')
    if len(data.encode("utf-8", "replace")) > MAX_CALLBACK_BYTES:
        raise BadRequest("BUTTON_DATA_INVALID")
    return data


def _checked_url(url: Any) -> str:
    if not isinstance(url, str):
        raise _unparsed('Field "url" must be of type String')
    try:
        return checked_link(url)
    except BadLinkError as error:
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: {error}") from error


def _checked_copy(copied: Any) -> dict[str, str]:
    if not isinstance(copied, dict) or not isinstance(copied.get("text"), str):
        raise _unparsed('Can\'t find field "text"')
    if not 0 < len(copied["text"]) <= _MAX_COPIED:
        raise BadRequest("BUTTON_COPY_TEXT_INVALID")
    return {"text": copied["text"]}


_CHECKS = {"callback_data": _checked_data, "url": _checked_url, "copy_text": _checked_copy}


def _unparsed(words: str) -> BadRequest:
    return BadRequest(f"can't parse inline keyboard button: {words}")
