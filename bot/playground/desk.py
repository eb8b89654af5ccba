"""The desk: everything that stands for Telegram, in one value that methods and the user side work on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.playground.chats import Chat, Chats, Message
from bot.playground.encoded import as_json
from bot.playground.events import Events
from bot.playground.files import Files
from bot.playground.presses import Presses
from bot.playground.profile import Profile
from bot.playground.updates import Updates
from bot.playground.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Desk:
    """The state of one bot's Telegram; its parts change in place, on one event loop."""

    profile: Profile
    chats: Chats = field(default_factory=Chats)
    updates: Updates = field(default_factory=Updates)
    webhook: Webhook = field(default_factory=Webhook)
    presses: Presses = field(default_factory=Presses)
    files: Files = field(default_factory=Files)
    events: Events = field(default_factory=Events)

    def show(self, chat: Chat, message: Message) -> Message:
        """Tell those who look at the chat of a new message, and return it."""
        self.events.tell(chat.id, "message", message.json)
        return message

    def show_change(self, chat: Chat, message: Message) -> Message:
        """Tell them that a message or what stands under it has changed, and return it."""
        self.events.tell(chat.id, "edit", chat.seen(message))
        return message

    def remove(self, chat: Chat, message_ids: Sequence[int]) -> None:
        """Delete messages, and tell them so."""
        chat.forget(message_ids)
        self.events.tell(chat.id, "delete", as_json({"message_ids": message_ids}))
