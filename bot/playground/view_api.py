"""What people see, over HTTP, for the page and for tests: chats, messages, people, files, the bot."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.playground.chats import Chat
from bot.playground.desk import Desk
from bot.playground.encoded import json_list
from bot.playground.errors import UserMistake
from bot.playground.fields import chat_id_of, read_integer
from bot.playground.members import member, person_in

_SHOWN_KINDS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class ViewApi:
    """Handlers on one desk that change nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Return all routes for looking."""
        chat = "/user/chats/{chat_id}"
        return [
            Route("/user/bot", self.show_bot),
            Route("/user/commands", self.list_commands),
            Route("/user/chats", self.list_chats),
            Route("/user/files/{file_id}", self.show_file),
            Route(f"{chat}/messages", self.list_messages),
            Route(f"{chat}/people", self.list_people),
            Route(f"{chat}/stream", self.stream),
        ]

    async def show_bot(self, request: Request) -> Response:
        """Tell what an empty chat shows of the bot, in the language of the query."""
        profile, language = self._desk.profile, request.query_params.get("language_code", "")
        seen = {"first_name": "name", "description": "description", "short_description": "short_description"}
        words = {field: profile.words_for(kind, language) for field, kind in seen.items()}
        return JSONResponse({**profile.user(), **words})

    async def list_commands(self, request: Request) -> Response:
        """List the commands that a person sees, in the chat and language of the query."""
        chat = self._desk.chats.get(read_integer(request.query_params.get("chat_id", "0"), "chat_id"))
        language = request.query_params.get("language_code", "")
        return JSONResponse(self._desk.profile.commands_for(chat, language))

    async def list_chats(self, _request: Request) -> Response:
        """List all chats."""
        return JSONResponse([_summary(chat) for chat in self._desk.chats])

    async def list_messages(self, request: Request) -> Response:
        """List the messages of a chat, oldest first; none where there is no chat."""
        chat = self._desk.chats.get(chat_id_of(request))
        messages = [chat.seen(message) for message in chat.messages.values()] if chat else []
        return Response(json_list(messages), media_type="application/json")

    async def list_people(self, request: Request) -> Response:
        """List the people of a chat as ChatMember objects, the bot last; none where there is no chat."""
        chat = self._desk.chats.get(chat_id_of(request))
        if chat is None:
            return JSONResponse([])
        bot = member(chat, self._desk.profile.user(), chat.standing)
        return JSONResponse([*(person_in(chat, user_id) for user_id in chat.people), bot])

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

    async def stream(self, request: Request) -> Response:
        """Tell what happens in a chat, as server-sent events."""
        events = self._desk.events.watch(chat_id_of(request))
        return StreamingResponse(events, media_type="text/event-stream")


def _summary(chat: Chat) -> dict[str, Any]:
    last = next(reversed(chat.messages.values()), None)
    return {
        "chat": chat.card(),
        "standing": chat.standing,
        "topics": [{"thread_id": thread_id, "name": name} for thread_id, name in chat.topics.items()],
        "messages": len(chat.messages),
        "last_message": last.fields if last else None,
    }
