"""The user side over HTTP, for the page and for tests: chats as people see them, and orders to fail."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.playground import user_acts
from bot.playground.chats import Chat
from bot.playground.desk import Desk
from bot.playground.encoded import as_json, json_list
from bot.playground.errors import UserMistake
from bot.playground.fields import Fields, read_fields
from bot.playground.incoming import read_multipart
from bot.playground.presses import ANSWER_SECONDS, Press
from bot.playground.user_acts import Act, Person

_DONE = {"ok": True}
_SHOWN_KINDS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class UserApi:
    """Handlers on one desk; `changed` is called after each change that is to be kept over a restart."""

    def __init__(self, desk: Desk, clock: Callable[[], float], changed: Callable[[], None]) -> None:
        self._desk = desk
        self._clock = clock
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return all routes of the user side."""
        chat = "/user/chats/{chat_id}"
        return [
            Route("/user/bot", self.show_bot),
            Route("/user/commands", self.list_commands),
            Route("/user/chats", self.list_chats),
            Route("/user/files/{file_id}", self.show_file),
            Route(f"{chat}/messages", self.list_messages),
            Route(f"{chat}/messages", self.write, methods=["POST"]),
            Route(f"{chat}/documents", self.attach, methods=["POST"]),
            Route(f"{chat}/presses", self.press, methods=["POST"]),
            Route(f"{chat}/reactions", self.react, methods=["POST"]),
            Route(f"{chat}/block", self.block, methods=["POST"]),
            Route(f"{chat}/unblock", self.unblock, methods=["POST"]),
            Route(f"{chat}/add", self.add_bot, methods=["POST"]),
            Route(f"{chat}/migrate", self.migrate, methods=["POST"]),
            Route(f"{chat}/stream", self.stream),
        ]

    async def show_bot(self, _request: Request) -> Response:
        """Tell what an empty chat shows of the bot."""
        profile = self._desk.profile
        more = {"description": profile.description, "short_description": profile.short_description}
        return JSONResponse({**profile.user(), **more})

    async def list_commands(self, request: Request) -> Response:
        """List the commands that a person sees, in the chat and language of the query."""
        chat = self._desk.chats.get(_integer(request.query_params.get("chat_id", "0"), "chat_id"))
        language = request.query_params.get("language_code", "")
        return JSONResponse(self._desk.profile.commands_for(chat, language))

    async def list_chats(self, _request: Request) -> Response:
        """List all chats."""
        return JSONResponse([_summary(chat) for chat in self._desk.chats])

    async def list_messages(self, request: Request) -> Response:
        """List the messages of a chat, oldest first; none where there is no chat."""
        chat = self._desk.chats.get(_chat_id(request))
        messages = [message.json for message in chat.messages.values()] if chat else []
        return Response(json_list(messages), media_type="application/json")

    async def show_file(self, request: Request) -> Response:
        """Return the body of a file; only pictures are shown, all else is for saving."""
        file_id = request.path_params["file_id"]
        body = self._desk.files.body(file_id)
        if body is None:
            raise UserMistake("this file is not kept", 404)
        mime = self._desk.files.named(file_id).mime
        headers = {"Content-Disposition": "inline" if mime in _SHOWN_KINDS else "attachment"}
        kind = mime if mime in _SHOWN_KINDS else "application/octet-stream"
        return Response(body, media_type=kind, headers=headers)

    async def write(self, request: Request) -> Response:
        """Write a message and return it."""
        fields = read_fields(await request.body())
        message = user_acts.write(
            self._act(request, fields),
            fields.needed_text("text"),
            title=fields.text("title"),
            thread_id=fields.integer("thread_id"),
            reply_to=fields.integer("reply_to_message_id"),
        )
        return self._done(message.fields)

    async def attach(self, request: Request) -> Response:
        """Send a document and return its message."""
        given, uploads = await read_multipart(request.headers, request.receive)
        if not uploads:
            raise UserMistake("there is no file in the request")
        user_id = given.get("user_id")
        fields = Fields({**given, "user_id": _integer(user_id, "user_id") if user_id else None})
        upload = next(iter(uploads.values()))
        message = user_acts.attach(self._act(request, fields), upload, given.get("caption", ""))
        return self._done(message.fields)

    async def press(self, request: Request) -> Response:
        """Press a button; with `wait` in the query, wait that many seconds for the bot's answer."""
        fields = read_fields(await request.body())
        message_id, data = fields.needed_integer("message_id"), fields.needed_text("data")
        wait = _integer(request.query_params.get("wait", "0"), "wait")
        press = user_acts.press(self._act(request, fields), message_id, data)
        answer = {"answer": await _answer(press, min(wait, ANSWER_SECONDS))} if wait > 0 else {}
        return self._done({"callback_query_id": press.id, **answer})

    async def react(self, request: Request) -> Response:
        """React to a message."""
        fields = read_fields(await request.body())
        message_id, emoji = fields.needed_integer("message_id"), fields.text("emoji")
        user_acts.react(self._act(request, fields), message_id, emoji)
        return self._done(_DONE)

    async def block(self, request: Request) -> Response:
        """Block the bot."""
        user_acts.block(self._act(request, read_fields(await request.body())))
        return self._done(_DONE)

    async def unblock(self, request: Request) -> Response:
        """Unblock the bot."""
        user_acts.unblock(self._act(request, read_fields(await request.body())))
        return self._done(_DONE)

    async def add_bot(self, request: Request) -> Response:
        """Add the bot to a group."""
        fields = read_fields(await request.body())
        user_acts.add_bot(self._act(request, fields), fields.text("title"))
        return self._done(_DONE)

    async def migrate(self, request: Request) -> Response:
        """Make a supergroup of a group and return its id."""
        act = self._act(request, read_fields(await request.body()))
        return self._done({"chat_id": user_acts.migrate(act)})

    async def stream(self, request: Request) -> Response:
        """Tell what happens in a chat, as server-sent events."""
        events = self._desk.events.watch(_chat_id(request))
        return StreamingResponse(events, media_type="text/event-stream")

    def _act(self, request: Request, fields: Fields) -> Act:
        person = Person(fields.integer("user_id"), fields.text("first_name"), fields.text("language_code"))
        return Act(self._desk, _chat_id(request), person, self._clock())

    def _done(self, content: Any) -> Response:
        self._changed()
        return Response(as_json(content), media_type="application/json")


def _integer(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise UserMistake(f'"{name}" must be a whole number') from error


def _chat_id(request: Request) -> int:
    chat_id = _integer(request.path_params["chat_id"], "chat_id")
    if chat_id == 0:
        raise UserMistake('"chat_id" must not be 0')
    return chat_id


def _summary(chat: Chat) -> dict[str, Any]:
    last = next(reversed(chat.messages.values()), None)
    return {
        "chat": chat.card(),
        "standing": chat.standing,
        "messages": len(chat.messages),
        "last_message": last.fields if last else None,
    }


async def _answer(press: Press, seconds: float) -> dict[str, Any] | None:
    """Wait for the bot's answer to a press; None where it gave none."""
    try:
        return await asyncio.wait_for(asyncio.shield(press.answer), seconds)
    except TimeoutError:
        return None
