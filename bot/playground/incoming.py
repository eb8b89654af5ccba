"""How the parameters of a Bot API call are read from HTTP: address, form, JSON or multipart."""

import json
from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Receive, Scope

from bot.playground.calls import Upload, as_text
from bot.playground.errors import BadRequest

_MOST_FIELDS = 100
Parameters = dict[str, str]
Uploads = dict[str, Upload]


async def read_parameters(scope: Scope, receive: Receive) -> tuple[Parameters, Uploads]:
    """Return parameters as text and uploaded files; what is no text in a JSON body stands there as JSON.

    Raises:
        BadRequest: for a body that is not what it says it is.
    """
    parameters = _form(scope["query_string"])
    headers = Headers(scope=scope)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        fields, uploads = await read_multipart(headers, receive)
        return {**parameters, **fields}, uploads
    body = await read_body(receive)
    return {**parameters, **(_object(body) if kind == "application/json" else _form(body))}, {}


async def read_multipart(headers: Headers, receive: Receive) -> tuple[Parameters, Uploads]:
    """Return the fields and files of a multipart body.

    Raises:
        BadRequest: where it is broken.
    """
    parser = MultiPartParser(headers, _chunks(receive), max_files=_MOST_FIELDS, max_fields=_MOST_FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise BadRequest("can't parse multipart body") from error
    try:
        items = form.multi_items()
        fields = {name: value for name, value in items if isinstance(value, str)}
        uploads = {name: await _upload(value) for name, value in items if isinstance(value, UploadFile)}
    finally:
        await form.close()
    return fields, uploads


async def read_body(receive: Receive) -> bytes:
    """Return the whole body of a request."""
    return b"".join([chunk async for chunk in _chunks(receive)])


async def _chunks(receive: Receive) -> AsyncGenerator[bytes, None]:
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
        yield message.get("body", b"")


async def _upload(file: UploadFile) -> Upload:
    return Upload(file.filename or "file", file.content_type or "", await file.read())


def _form(encoded: bytes) -> Parameters:
    return dict(parse_qsl(encoded.decode("utf-8", "replace"), keep_blank_values=True)) if encoded else {}


def _object(body: bytes) -> Parameters:
    try:
        values = json.loads(body) if body else {}
    except ValueError as error:
        raise BadRequest("can't parse JSON object") from error
    if not isinstance(values, dict):
        raise BadRequest("JSON object expected")
    return {name: as_text(value) for name, value in values.items() if value is not None}
