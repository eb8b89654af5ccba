"""The methods of the Bot API, by name: what a bot may call, and nothing that people do."""

from collections.abc import Callable, Coroutine, Mapping

from bot.playground.calls import Call
from bot.playground.desk import Desk
from bot.playground.methods import account, conversations, editing, polling, sending

Method = Callable[[Desk, Call], object | Coroutine[object, object, object]]


def all_methods() -> Mapping[str, Method]:
    """Return the methods by name in small letters, for Telegram does not tell `getMe` from `getme`."""
    rooms = (account.METHODS, conversations.METHODS, editing.METHODS, polling.METHODS, sending.METHODS)
    return {name.lower(): method for methods in rooms for name, method in methods.items()}
