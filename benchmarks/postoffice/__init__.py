"""A post office: a stand-in for Telegram that counts, and is fast enough to be no measure of itself.

The playground is a Telegram to look at: whole chats, a page, every method in its own words. This one keeps of
each message what a promise is checked by, takes some thousand requests a second, and has its troubles told
to it: refusals, cut connections, a bot that writes too fast. It stands alone, as Telegram does: it imports
nothing of the project but its fellow modules.

    office = PostOffice()
    async with opened(office) as url:       # the bot's TELEGRAM_API_URL
        ...
        press = office.press(chat_id, message_id, data)
        await press.answered                # the moment of its answer, by the office's clock
"""

from benchmarks.postoffice.office import Letter, PostOffice, Press, opened
from benchmarks.postoffice.rates import Rates
from benchmarks.postoffice.troubles import Cut, Late, Refused, Trouble, blocked, flooded, moved, server_error

__all__ = [
    "Cut",
    "Late",
    "Letter",
    "PostOffice",
    "Press",
    "Rates",
    "Refused",
    "Trouble",
    "blocked",
    "flooded",
    "moved",
    "opened",
    "server_error",
]
