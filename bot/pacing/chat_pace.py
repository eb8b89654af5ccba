"""How fast one chat is written to, and what is spared there for people who tap.

Pure: the time is an argument.
"""

from __future__ import annotations

from bot.pacing.allowances import Bucket, Window
from bot.pacing.errand import Chat, is_group
from bot.pacing.limits import Limits, Urgency

BURST = 5  # messages in a row; Telegram lets "short bursts" pass, without a number
MINUTE = 60.5  # seconds, and the half for jitter
SPARED_PART = 4  # of a group's minute, the last fourth is not for what is pushed


class ChatPace:
    """The limits of one chat, as far as they are used up.

    Answers may come in a short burst. What is pushed goes once a second, and only into a chat so quiet that a
    burst of answers would fit too; it leaves a part of a group's minute alone.
    """

    def __init__(self, chat: Chat, limits: Limits) -> None:
        self._bucket = Bucket(limits.per_chat_second, BURST)
        self._minute = Window(limits.per_group_minute if is_group(chat) else None, MINUTE)

    def ready_at(self, urgency: Urgency) -> float:
        """Tell from when on a message may go."""
        if urgency is Urgency.ANSWER:
            return max(self._bucket.ready_at(), self._minute.ready_at())
        spared = self._minute.most // SPARED_PART
        return max(self._bucket.ready_at(spared=BURST - 1), self._minute.ready_at(spared))

    def take(self, now: float) -> None:
        """Count a message."""
        self._bucket.take(now)
        self._minute.take(now)

    def is_fresh(self, now: float) -> bool:
        """Tell whether it is as if nothing had ever been written there."""
        return self._bucket.ready_at(spared=BURST - 1) <= now and self._minute.is_empty(now)
