"""How fast the bot writes: the fullest second and minute there were, and who wrote too fast."""

from __future__ import annotations

from collections import defaultdict, deque

MINUTE = 60.0


class _Window:
    """Counts what came in the last so many seconds, and remembers the most there ever were."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._moments: deque[float] = deque()
        self.most = 0

    def count(self, now: float) -> int:
        while self._moments and self._moments[0] <= now - self._seconds:
            self._moments.popleft()
        return len(self._moments)

    def add(self, now: float) -> None:
        self._moments.append(now)
        self.most = max(self.most, self.count(now))

    def wait(self, now: float) -> float:
        """Tell how long it takes until the oldest is out."""
        return self._moments[0] + self._seconds - now if self.count(now) else 0.0


class Rates:
    """Telegram's limits, None for none. What is over one of them is to be refused, and counts for nothing."""

    def __init__(
        self,
        per_second: int | None = None,
        per_chat_second: int | None = None,
        per_group_minute: int | None = None,
    ) -> None:
        self._limits = (per_second, per_chat_second, per_group_minute)
        self._all = _Window(1.0)
        self._chats: defaultdict[int, _Window] = defaultdict(lambda: _Window(1.0))
        self._groups: defaultdict[int, _Window] = defaultdict(lambda: _Window(MINUTE))

    def take(self, chat_id: int, now: float) -> float:
        """Count a message to a chat; where it is one too many, tell the seconds to wait instead, else 0."""
        windows = [self._all, self._chats[chat_id]]
        if chat_id < 0:
            windows.append(self._groups[chat_id])
        over = [
            window.wait(now)
            for window, most in zip(windows, self._limits, strict=False)
            if most is not None and window.count(now) >= most
        ]
        if over:
            return max(over)
        for window in windows:
            window.add(now)
        return 0.0

    @property
    def fullest_second(self) -> int:
        """The most messages in any second."""
        return self._all.most

    @property
    def fullest_second_of_a_chat(self) -> int:
        """The most messages to one chat in any second."""
        return max((window.most for window in self._chats.values()), default=0)
