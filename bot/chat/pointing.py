"""Which paper a command means that answers a message of ours, as in ``/why 2`` below a digest."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Message

from bot.messages.paper_buttons import read_paper_press
from storage import aliases, ledger


async def find_pointed_at(session: AsyncSession, message: Message, number: str) -> int | None:
    """Find the paper that a message answers to; None where it answers none, or does not say which of several.

    A digest is known by its row in the ledger, whatever became of its buttons; cards and lists by their
    buttons, which carry the ids of their papers.
    """
    answered = message.reply_to_message
    if answered is None:
        return None
    digest = await ledger.of_message(session, message.chat.id, answered.message_id)
    if digest:
        numbered = {str(place): pick.paper_id for place, pick in enumerate(digest.picks, start=1)}
    else:
        bearing = _read_buttons(answered)
        now = await aliases.current_of(session, bearing.values())
        numbered = {label: now[paper_id] for label, paper_id in bearing.items()}
    shown, number = set(numbered.values()), number.strip("#. ")
    return shown.pop() if len(shown) == 1 and number in {"", "1"} else numbered.get(number)


def _read_buttons(message: Message) -> dict[str, int]:
    """Read the papers of the buttons under a message, by their labels."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    presses = {
        button.text: read_paper_press(button.callback_data)
        for row in rows
        for button in row
        if isinstance(button.callback_data, str)
    }
    return {label: press.paper_id for label, press in presses.items() if press}
