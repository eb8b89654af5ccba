"""What people do, over HTTP, for the page and for tests: each request is one act in a chat."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.acts import answering, forwarding, joining, saying, standing
from bot.playground.acts.act import Act, Person
from bot.playground.desk import Desk
from bot.playground.encoded import as_json
from bot.playground.errors import UserMistake
from bot.playground.fields import Fields, chat_id_of, read_fields, read_integer
from bot.playground.incoming import read_multipart
from bot.playground.presses import ANSWER_SECONDS, Press

_DONE = {"ok": True}
_INTEGERS = ("user_id", "thread_id", "reply_to_message_id")
_TEXTS = ("topic", "first_name", "language_code")


class UserApi:
    """Handlers on one desk; `changed` is called after each change that is to be kept over a restart."""

    def __init__(self, desk: Desk, clock: Callable[[], float], changed: Callable[[], None]) -> None:
        self._desk = desk
        self._clock = clock
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return all routes of what people do."""
        chat = "/user/chats/{chat_id}"
        message = f"{chat}/messages/{{message_id}}"
        acts = {
            "messages": self.write,
            "documents": self.attach_document,
            "photos": self.attach_photo,
            "forward": self.forward,
            "presses": self.press,
            "reactions": self.react,
            "people": self.seat,
            "block": self.block,
            "unblock": self.unblock,
            "add": self.add_bot,
            "migrate": self.migrate,
        }
        return [
            *(Route(f"{chat}/{name}", act, methods=["POST"]) for name, act in acts.items()),
            Route(message, self.edit, methods=["POST"]),
            Route(message, self.delete, methods=["DELETE"]),
        ]

    async def write(self, request: Request) -> Response:
        """Write a message and return it."""
        fields = read_fields(await request.body())
        act, text = self._act(request, fields), fields.needed_text("text")
        return self._done(saying.write(act, text, _place(fields), fields.text("title")).fields)

    async def attach_document(self, request: Request) -> Response:
        """Send a file as it is and return its message."""
        return await self._attach(request, "document")

    async def attach_photo(self, request: Request) -> Response:
        """Send a picture as a photo and return its message."""
        return await self._attach(request, "photo")

    async def edit(self, request: Request) -> Response:
        """Put other words in place of a message's and return it."""
        fields = read_fields(await request.body())
        act, text = self._act(request, fields), fields.needed_text("text")
        return self._done(saying.edit(act, _message_id_of(request), text).fields)

    async def delete(self, request: Request) -> Response:
        """Delete a message."""
        saying.delete(self._act(request, read_fields(await request.body())), _message_id_of(request))
        return self._done(_DONE)

    async def forward(self, request: Request) -> Response:
        """Forward a message into the chat and return the new one."""
        fields = read_fields(await request.body())
        source, message_id = fields.needed_integer("from_chat_id"), fields.needed_integer("message_id")
        return self._done(forwarding.forward(self._act(request, fields), source, message_id).fields)

    async def press(self, request: Request) -> Response:
        """Press a button; with `wait` in the query, wait that many seconds for the bot's answer."""
        fields = read_fields(await request.body())
        message_id, data = fields.needed_integer("message_id"), fields.needed_text("data")
        wait = read_integer(request.query_params.get("wait", "0"), "wait")
        press = answering.press(self._act(request, fields), message_id, data)
        answer = {"answer": await _answer(press, min(wait, ANSWER_SECONDS))} if wait > 0 else {}
        return self._done({"callback_query_id": press.id, **answer})

    async def react(self, request: Request) -> Response:
        """React to a message."""
        fields = read_fields(await request.body())
        message_id, emoji = fields.needed_integer("message_id"), fields.text("emoji")
        answering.react(self._act(request, fields), message_id, emoji)
        return self._done(_DONE)

    async def seat(self, request: Request) -> Response:
        """Give a person, or the bot, another role in a chat."""
        fields = read_fields(await request.body())
        act, role = self._act(request, fields), fields.text("role")
        if fields.needed_integer("user_id") == self._desk.profile.id:
            standing.seat_bot(act, role)
        else:
            standing.seat(act, role, anonymous=fields.flag("anonymous"))
        return self._done(_DONE)

    async def block(self, request: Request) -> Response:
        """Block the bot."""
        standing.block(self._act(request, read_fields(await request.body())))
        return self._done(_DONE)

    async def unblock(self, request: Request) -> Response:
        """Unblock the bot."""
        standing.unblock(self._act(request, read_fields(await request.body())))
        return self._done(_DONE)

    async def add_bot(self, request: Request) -> Response:
        """Add the bot to a group or channel."""
        fields = read_fields(await request.body())
        joining.add_bot(self._act(request, fields), fields.text("title"), fields.text("kind"))
        return self._done(_DONE)

    async def migrate(self, request: Request) -> Response:
        """Make a supergroup of a group and return its id."""
        act = self._act(request, read_fields(await request.body()))
        return self._done({"chat_id": joining.migrate(act)})

    async def _attach(self, request: Request, kind: str) -> Response:
        given, uploads = await read_multipart(request.headers, request.receive)
        if not uploads:
            raise UserMistake("there is no file in the request")
        integers = {name: read_integer(given[name], name) for name in _INTEGERS if given.get(name)}
        fields = Fields({**integers, **{name: given.get(name) for name in _TEXTS}})
        upload, caption = next(iter(uploads.values())), given.get("caption", "")
        message = saying.attach(self._act(request, fields), kind, upload, caption, _place(fields))
        return self._done(message.fields)

    def _act(self, request: Request, fields: Fields) -> Act:
        person = Person(fields.integer("user_id"), fields.text("first_name"), fields.text("language_code"))
        return Act(self._desk, chat_id_of(request), person, self._clock())

    def _done(self, content: Any) -> Response:
        self._changed()
        return Response(as_json(content), media_type="application/json")


def _place(fields: Fields) -> saying.Place:
    thread_id, reply_to = fields.integer("thread_id"), fields.integer("reply_to_message_id")
    return saying.Place(thread_id, fields.text("topic"), reply_to)


def _message_id_of(request: Request) -> int:
    return read_integer(request.path_params["message_id"], "message_id")


async def _answer(press: Press, seconds: float) -> dict[str, Any] | None:
    """Wait for the bot's answer to a press; None where it gave none."""
    try:
        return await asyncio.wait_for(asyncio.shield(press.answer), seconds)
    except TimeoutError:
        return None
