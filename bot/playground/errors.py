"""The errors of the playground: its own, Telegram's refusals, and a user's mistakes."""


class PlaygroundError(Exception):
    """Say in words why the playground cannot do what was asked."""


class Refusal(PlaygroundError):  # noqa: N818 - Telegram refuses: its answer is no failure of the playground
    """Carry what Telegram answers in place of a result: description, HTTP status and parameters."""

    def __init__(self, description: str, status: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.description = description
        self.status = status
        self.parameters = parameters

    def body(self) -> dict[str, object]:
        """Return the JSON object of the answer, as the Bot API words it."""
        answer: dict[str, object] = {"ok": False, "error_code": self.status, "description": self.description}
        return {**answer, "parameters": self.parameters} if self.parameters else answer


class BadRequest(Refusal):
    """Refuse with status 400 and the prefix that Telegram gives it."""

    def __init__(self, words: str, **parameters: int) -> None:
        super().__init__(f"Bad Request: {words}", 400, **parameters)


class Forbidden(Refusal):
    """Refuse with status 403 and the prefix that Telegram gives it."""

    def __init__(self, words: str) -> None:
        super().__init__(f"Forbidden: {words}", 403)


class UserMistake(PlaygroundError):  # noqa: N818 - named for who made it
    """Tell a caller of the user side what is wrong with the request, with an HTTP status."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status
