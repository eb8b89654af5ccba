"""The form in which a chat is kept over a restart. What older files lack is as it was in their days."""

from collections.abc import Mapping
from typing import Any

from bot.playground.chats import Chat, message_of
from bot.playground.encoded import Json, as_json
from bot.playground.reactions import Reactions

_PLAIN_FIELDS = ("id", "kind", "title", "standing", "moved_to", "last_id")


def header_json(chat: Chat) -> Json:
    """Return all of a chat but its messages as JSON."""
    plain = {name: getattr(chat, name) for name in _PLAIN_FIELDS}
    more = {
        "people": list(chat.people.values()),
        "roles": list(chat.roles.items()),
        "anonymous": sorted(chat.anonymous),
        "topics": list(chat.topics.items()),
        "reactions": chat.reactions.listed(),
        "quiet_edits": sorted(chat.quiet_edits),
    }
    return as_json({**plain, **more})


def restored_chat(header: Mapping[str, Any], messages: list[Mapping[str, Any]]) -> Chat:
    """Return the chat that its header and messages tell of."""
    people = {user["id"]: user for user in header["people"]}
    return Chat(
        **{name: header[name] for name in _PLAIN_FIELDS},
        people=people,
        roles=dict(header["roles"]) if "roles" in header else _first_is_creator(header["kind"], people),
        anonymous=set(header.get("anonymous", ())),
        topics=dict(header.get("topics", ())),
        messages={message.id: message for message in map(message_of, messages)},
        reactions=Reactions(header.get("reactions", ())),
        quiet_edits=set(header.get("quiet_edits", ())),
    )


def _first_is_creator(kind: str, people: Mapping[int, Any]) -> dict[int, str]:
    return {} if kind == "private" else dict.fromkeys(list(people)[:1], "creator")
