"""Failures on order: what the Bot API shall do wrong, for which calls, and how often."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from bot.playground.errors import BadRequest, Forbidden, Refusal, UserMistake
from bot.playground.fields import Fields

_Number = TypeVar("_Number", int, float)
REFUSALS = frozenset({"flood", "blocked", "server_error", "chat_not_found", "bad_request"})
KINDS = REFUSALS | {"drop", "drop_after", "slow"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One order: `method` in small letters or "*", `chat_id` None for any chat, `times` how often it strikes.

    The kinds `drop` and `drop_after` close the connection without an answer, before and after the method did
    its work; `slow` waits `seconds` before it; the others answer with the error that they are named for.
    """

    kind: str
    method: str = "*"
    chat_id: int | None = None
    retry_after: int = 1
    seconds: float = 1.0
    description: str | None = None
    times: int = 1
    probability: float = 1.0

    def fits(self, method: str, chat_id: str) -> bool:
        """Tell whether it is meant for a call."""
        return self.method in {"*", method} and (self.chat_id is None or str(self.chat_id) == chat_id)

    def refusal(self) -> Refusal:
        """Return what Telegram would answer."""
        if self.kind == "flood":
            refusal = too_many_requests(self.retry_after)
        elif self.kind == "blocked":
            refusal = Forbidden("bot was blocked by the user")
        elif self.kind == "server_error":
            refusal = Refusal("Internal Server Error", 500)
        else:
            words = {"chat_not_found": "chat not found", "bad_request": "refused by the playground"}
            refusal = BadRequest(words[self.kind])
        refusal.description = self.description or refusal.description
        return refusal


def too_many_requests(retry_after: int) -> Refusal:
    """Return the answer to one who asks too often."""
    return Refusal(f"Too Many Requests: retry after {retry_after}", 429, retry_after=retry_after)


def read_fault(fields: Fields) -> Fault:
    """Return the fault that a request orders.

    Raises:
        UserMistake: for an unknown kind or numbers without sense.
    """
    kind = fields.needed_text("kind")
    if kind not in KINDS:
        raise UserMistake(f'"kind" must be one of {", ".join(sorted(KINDS))}')
    fault = Fault(
        kind,
        method=(fields.text("method") or "*").lower(),
        chat_id=fields.integer("chat_id"),
        retry_after=_given(fields.integer("retry_after"), 1),
        seconds=_given(fields.number("seconds"), 1.0),
        description=fields.text("description"),
        times=_given(fields.integer("times"), 1),
        probability=_given(fields.number("probability"), 1.0),
    )
    if fault.times < 1 or fault.retry_after < 1 or fault.seconds < 0 or not 0 <= fault.probability <= 1:
        raise UserMistake('"times" and "retry_after" start at 1, "seconds" at 0; "probability" is 0 to 1')
    return fault


def _given(value: _Number | None, default: _Number) -> _Number:
    return default if value is None else value


class Faults:
    """Ordered faults, oldest first; each is gone when it struck often enough."""

    def __init__(self, chance: Callable[[], float]) -> None:
        self._faults: list[Fault] = []
        self._chance = chance

    def add(self, fault: Fault) -> None:
        """Order a fault."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Take all orders back."""
        self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        """Return the orders that stand, as JSON objects."""
        return [asdict(fault) for fault in self._faults]

    def take(self, method: str, chat_id: str) -> Fault | None:
        """Return the first fault that strikes a call, and count it."""
        for place, fault in enumerate(self._faults):
            if fault.fits(method, chat_id) and self._chance() < fault.probability:
                left = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self._faults[place : place + 1] = left
                return fault
        return None
