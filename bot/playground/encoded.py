"""Values as JSON bytes: encoded once, then sent and kept as they are."""

import json
from typing import Any


class Json(bytes):
    """The JSON of a value."""

    __slots__ = ()


def as_json(value: Any) -> Json:
    """Encode a value; a lone surrogate, which no UTF-8 can hold, becomes a question mark."""
    return Json(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def json_list(items: list[Json]) -> Json:
    """Join encoded values to one list."""
    return Json(b"[" + b",".join(items) + b"]")
