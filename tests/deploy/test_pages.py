"""The pages on running Paperboy name only what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.roles import Role
from bot.settings import Settings

PAGES = sorted((Path(__file__).parents[2] / "docs" / "running").glob("*.md"))
# Of compose.postgres.yaml, of PostgreSQL's own programs, and what the reader puts in.
NOT_OURS = {"WEBHOOK_HOSTNAME", "POSTGRES_PASSWORD"}


def each_page(page: Path) -> str:
    return page.name


pages = pytest.mark.parametrize("page", PAGES, ids=each_page)


def test_there_are_pages() -> None:
    assert {"machine.md", "container.md", "postgresql.md", "backups.md", "upgrading.md"} <= {
        *map(each_page, PAGES)
    }


@pages
def test_a_page_names_only_commands_that_there_are(page: Path) -> None:
    """Where `paperboy` is not the name of a service, a user, a volume or the like."""
    commands = typer.main.get_command(app).commands
    named = re.findall(r"(?:^|[`/]|paperboy )paperboy ([a-z][a-z-]+)", page.read_text(), re.MULTILINE)
    assert {*named} <= {*commands}


@pages
def test_a_page_names_only_roles_that_there_are(page: Path) -> None:
    named = re.findall(r"(?:--role |paperboy@)([a-z]+)\b(?!\.service)", page.read_text())
    assert {*named} <= {*Role}


@pages
def test_a_page_names_only_settings_that_there_are(page: Path) -> None:
    named = re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", page.read_text())
    assert {*named} - NOT_OURS <= {name.upper() for name in Settings.model_fields}
