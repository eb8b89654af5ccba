"""The page on the settings: written from the model, up to date, and silent on what is set."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.settings_table import describe
from bot.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
README = Path(__file__).parents[2] / "README.md"


def test_the_page_is_what_the_model_says() -> None:
    assert PAGE.read_text() == describe(), "bot/settings.py has changed since: make settings"


def test_it_has_a_row_a_setting() -> None:
    rows = [line.split("`")[1] for line in describe().splitlines() if line.startswith("| `")]
    assert rows == [name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize(
    "row",
    [
        "| `POLL_MINUTES` | `30` | 1 to 1440 |",
        "| `METRICS_PORT` |  | 1 to 65535 or empty |",
        "| `EMBEDDING_MODEL` | `installed` | `installed`, `hub`, `off` or a folder |",
        "| `INVITE_ONLY` | `false` | `true` or `false` |",
        "| `SOURCES` | `huggingface` | several, separated by commas |",
        "| `TELEGRAM_BOT_TOKEN` |  | a secret or empty |",
    ],
)
def test_a_row_tells_default_and_choices(row: str) -> None:
    assert row in describe()


def test_what_is_set_here_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    before = describe()
    monkeypatch.setenv("WEBHOOK_SECRET", "hush-hush")
    monkeypatch.setenv("POLL_MINUTES", "7")
    assert describe() == before


def test_the_readme_leads_to_it() -> None:
    assert "(docs/settings.md)" in README.read_text()
