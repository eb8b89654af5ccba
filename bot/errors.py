"""The base of all errors that the bot raises on purpose."""


class BotError(Exception):
    """Something that the owner can mend; the message says what and how."""
