"""Settings: read once from the environment and ``.env``, checked at start, handed on as one frozen value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BotError
from sources.catalogue import Endpoints, check_name
from sources.values import SourceError
from sources.web.address import host_of

DEFAULT_DUMPS = Path("dumps")
_ADDRESS = re.compile(r"[A-Za-z][\w+.-]+:/")
_SAFE = re.compile(r"https://|http://(127\.0\.0\.1|localhost)[:/]")
_SECRET = re.compile(r"[\w-]{1,256}", re.ASCII)
_DATABASES = {"sqlite", "postgresql", "postgres"}
_TOKEN = re.compile(r"\d{3,}:[\w-]{20,}")
_WANTED = {
    "int_parsing": "a whole number is wanted, as 5",
    "float_parsing": "a number is wanted, as 0.5",
    "bool_parsing": "true or false is wanted",
    "literal_error": "it must be {expected}",
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be at least {ge}",
    "less_than": "it must be less than {lt}",
    "less_than_equal": "it must be at most {le}",
}


class SettingsError(BotError):
    """A setting that cannot be used; the message names its variable and never shows a secret's value."""


class Settings(BaseSettings):
    """All that an owner can set. Each field is the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    telegram_bot_token: Annotated[
        SecretStr | None, Field(description="The bot's token from @BotFather. Needed by `paperboy run`.")
    ] = None
    telegram_api_url: Annotated[
        str,
        Field(description="Where Telegram answers; another for a Bot API server of one's own."),
    ] = "https://api.telegram.org"
    database_url: Annotated[
        str | None, Field(description="Another database than the file paperboy.db in DATA_DIR.")
    ] = None
    data_dir: Annotated[Path, Field(description="Where the database file lives.")] = Path("data")
    dumps_dir: Annotated[
        Path | None, Field(description="A folder that is polled for dumps; empty for none.")
    ] = DEFAULT_DUMPS
    sources: Annotated[
        tuple[str, ...],
        NoDecode,
        Field(
            description="More sources, separated by commas: huggingface, arxiv: with categories, addresses "
            "or folders; empty for none."
        ),
    ] = ("huggingface",)
    backfill_days: Annotated[
        int, Field(ge=0, le=3650, description="Days of lists that are read at the first start.")
    ] = 14
    hf_endpoint: Annotated[str, Field(description="Where Hugging Face answers; another for a mirror.")] = (
        "https://huggingface.co"
    )
    arxiv_api: Annotated[str, Field(description="Where arXiv's query API answers.")] = (
        "https://export.arxiv.org"
    )
    arxiv_feed: Annotated[str, Field(description="Where arXiv's feeds of new papers answer.")] = (
        "https://rss.arxiv.org"
    )
    arxiv_lookup: Annotated[
        bool, Field(description="Whether arXiv is asked for the ids of papers that came without.")
    ] = True
    embedding_model: Annotated[
        Literal["installed", "hub", "off"] | Path,
        Field(description="Where the embedding model comes from; a folder holds one of one's own."),
    ] = "installed"
    poll_minutes: Annotated[int, Field(ge=1, le=1440, description="Minutes between two polls.")] = 30
    window_days: Annotated[int, Field(ge=1, le=365, description="Days that a paper counts as new.")] = 7
    pick_percentile: Annotated[
        int,
        Field(
            ge=0,
            le=99,
            description="A daily pick must rank at least so high among recent papers; 0 for no threshold.",
        ),
    ] = 70
    max_late_hours: Annotated[
        int, Field(ge=1, le=23, description="A digest later than this is skipped, not sent.")
    ] = 12
    admin_ids: Annotated[
        tuple[int, ...],
        NoDecode,
        Field(description="Who may use /admin: the Telegram ids of people, separated by commas."),
    ] = ()
    invite_only: Annotated[
        bool, Field(description="Whether only whom the owner invited is let in; who reads already stays.")
    ] = False
    playground_port: Annotated[int, Field(ge=0, le=65535, description="The playground's port.")] = 8080
    metrics_port: Annotated[
        int | None,
        Field(
            ge=1,
            le=65535,
            description="The port of /metrics for Prometheus, /healthz and /readyz; empty for none.",
        ),
    ] = None
    metrics_host: Annotated[
        str, Field(description="The address that METRICS_PORT is on; 0.0.0.0 in a container.")
    ] = "127.0.0.1"
    webhook_url: Annotated[
        str | None,
        Field(description="Where Telegram reaches this bot, https://…; empty to ask Telegram for updates."),
    ] = None
    webhook_host: Annotated[
        str, Field(description="The address that the webhook listens on, behind a balancer.")
    ] = "127.0.0.1"
    webhook_port: Annotated[int, Field(ge=1, le=65535, description="The port that it listens on.")] = 8081
    webhook_secret: Annotated[
        SecretStr | None,
        Field(
            description="What Telegram shows with each update: 1 to 256 letters, digits, _ and -; empty for "
            "one that is made of the token."
        ),
    ] = None
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="How much is logged.")
    ] = "INFO"
    log_format: Annotated[
        Literal["pretty", "json"], Field(description="How a line of the log looks: for people, or JSON.")
    ] = "pretty"

    @field_validator("embedding_model", mode="before")
    @classmethod
    def _read_choice(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        word = value.strip().lower() or "installed"
        return word if word in {"installed", "hub", "off"} else value

    @field_validator(
        "telegram_bot_token",
        "database_url",
        "dumps_dir",
        "metrics_port",
        "webhook_url",
        "webhook_secret",
        mode="before",
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("sources", mode="before")
    @classmethod
    def _split_commas(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isascii() and part.isdecimal() for part in ids):
            raise ValueError("holds something else than the numbers of people, separated by commas")
        return tuple(map(int, ids))

    @field_validator("sources")
    @classmethod
    def _known_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if _ADDRESS.match(name) and not name.lower().startswith(("http://", "https://")):
                raise ValueError("an address in it starts neither with http:// nor with https://")
            try:
                check_name(name)
            except SourceError as error:
                raise ValueError(str(error)) from error
        return value

    @field_validator("telegram_api_url", "hf_endpoint", "arxiv_api", "arxiv_feed")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if host_of(value) is None:
            raise ValueError("is no http or https address")
        return value

    @field_validator("telegram_bot_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value().strip()):
            raise ValueError("does not look like a token from @BotFather (digits, a colon, letters)")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _is_safe(cls, value: str | None) -> str | None:
        if value is not None and (host_of(value) is None or not _SAFE.match(value)):
            raise ValueError("does not begin with https://, which Telegram asks for (http only on 127.0.0.1)")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_a_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("holds something else than 1 to 256 letters, digits, _ and -")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme.split("+")[0] not in _DATABASES:
            raise ValueError("starts neither with sqlite:// nor with postgresql://")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @property
    def database(self) -> str:
        """The database's address: DATABASE_URL, or the file in DATA_DIR."""
        return self.database_url or f"sqlite:///{self.data_dir / 'paperboy.db'}"

    @property
    def source_names(self) -> tuple[str, ...]:
        """All sources: the folder first, for it answers at once."""
        folder = () if self.dumps_dir is None else (str(self.dumps_dir),)
        return folder + self.sources

    @property
    def endpoints(self) -> Endpoints:
        """Where the sources that have a name of their own answer."""
        return Endpoints(self.hf_endpoint, self.arxiv_api, self.arxiv_feed)

    @property
    def window(self) -> timedelta:
        """How long a paper counts as new."""
        return timedelta(days=self.window_days)

    @property
    def backfill(self) -> timedelta:
        """How far back the lists of days are read."""
        return timedelta(days=self.backfill_days)

    @property
    def max_late(self) -> timedelta:
        """How late a digest may still be sent."""
        return timedelta(hours=self.max_late_hours)


def load_settings() -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: One line a wrong variable, with what is expected of it.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{_variable(problem['loc'])}: {_say(problem['type'], problem['msg'], problem.get('ctx', {}))}"
            for problem in error.errors()
        ]
        raise SettingsError("These settings cannot be used:\n  " + "\n  ".join(lines)) from None


def _say(kind: str, told: str, bounds: Mapping[str, object]) -> str:
    """Say what is wanted, in words for whoever wrote the setting; what was written there is not shown."""
    wanted = _WANTED.get(kind)
    return wanted.format(**bounds) if wanted else told.removeprefix("Value error, ")


def _variable(location: Sequence[object]) -> str:
    return str(location[0]).upper() if location else "?"
