"""What the files to run Paperboy with promise beside what linters know."""

from __future__ import annotations

import asyncio
import configparser
import json
import re
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.process.stopping import LONGEST_STOP
from bot.roles import Role
from bot.settings import Settings
from bot.watching.server import served

ROOT = Path(__file__).parents[2]
COMPOSED = ("compose.yaml", "compose.postgres.yaml")
OURS = ("paperboy", *Role)


def composed(file: str) -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / file).read_text())["services"]
    return services


def every_service() -> list[tuple[str, str]]:
    return [(file, name) for file in COMPOSED for name in composed(file)]


def ours() -> list[tuple[str, str]]:
    return [(file, name) for file, name in every_service() if name in OURS]


def unit(name: str) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # as the library documents
    parser.read(ROOT / "deploy" / name)
    return parser["Service"]


def test_the_image_holds_every_package_that_the_wheel_ships() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    copied = re.findall(r"^COPY (\w+) \./\w+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert set(copied) == set(built["targets"]["wheel"]["packages"])


def test_the_image_runs_as_nobody_in_particular() -> None:
    last_stage = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!0\b)\d+:(?!0\b)\d+$", last_stage, re.MULTILINE)


async def test_the_image_s_health_check_asks_the_bot_itself() -> None:
    """Also where the bot reaches Telegram through a proxy: that knows nothing of what is in the container."""
    check = re.search(r"^HEALTHCHECK .*\\\n +CMD (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert check
    python, *arguments = json.loads(check[1])
    assert python == "python"
    nobody = "http://127.0.0.1:9"
    async with served("127.0.0.1", 0, [Route("/healthz", tell_health)]) as address:
        port = address.rpartition(":")[2]
        environment = {"METRICS_PORT": port, "http_proxy": nobody, "HTTP_PROXY": nobody}
        asking = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment)
        assert await asking.wait() == 0


async def tell_health(_request: Request) -> Response:
    return PlainTextResponse("ok")


@pytest.mark.parametrize("secret", [".env", "data/paperboy.db", "dumps/list.txt", ".git/config", "bot.db"])
def test_no_secret_gets_into_the_image(secret: str) -> None:
    """All is left out but what is named."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    let_in = [line[1:] for line in lines if line.startswith("!")]
    assert not any(fnmatch(secret, name) or secret.startswith(f"{name}/") for name in let_in)


@pytest.mark.parametrize("variable", re.findall(r"\b([A-Z]+_[A-Z]+)=\S", (ROOT / "Dockerfile").read_text()))
def test_the_image_sets_what_is_a_setting(variable: str) -> None:
    assert variable.startswith(("PYTHON", "MPL")) or variable.lower() in Settings.model_fields


def test_there_is_a_service_a_role() -> None:
    services = composed("compose.postgres.yaml")
    assert {role: services[role]["command"] for role in Role} == {
        role: ["run", "--role", role.value] for role in Role
    }


@pytest.mark.parametrize(("file", "name"), every_service())
def test_each_container_has_no_more_rights_than_it_needs(file: str, name: str) -> None:
    service = composed(file)[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize(("file", "name"), every_service())
def test_each_container_comes_back_and_its_log_does_not_fill_the_disk(file: str, name: str) -> None:
    service = composed(file)[name]
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


@pytest.mark.parametrize(("file", "name"), ours())
def test_a_container_is_given_the_time_that_the_bot_needs_to_end(file: str, name: str) -> None:
    seconds = composed(file)[name]["stop_grace_period"]
    assert int(seconds.removesuffix("s")) > LONGEST_STOP


@pytest.mark.parametrize(("file", "name"), ours())
def test_a_container_s_settings_are_settings_and_no_secrets(file: str, name: str) -> None:
    """What is secret comes from .env: here it could be read by whoever reads the repository."""
    environment: dict[str, str] = composed(file)[name]["environment"]
    assert {variable.lower() for variable in environment} <= set(Settings.model_fields)
    assert not {"TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET"} & environment.keys()
    assert ":${POSTGRES_PASSWORD:?" in environment.get("DATABASE_URL", ":${POSTGRES_PASSWORD:?")


@pytest.mark.parametrize("name", Role)
def test_a_part_waits_for_the_database_to_answer(name: str) -> None:
    needs = composed("compose.postgres.yaml")[name]["depends_on"]
    assert needs == {"database": {"condition": "service_healthy"}}


@pytest.mark.parametrize("name", ["paperboy.service", "paperboy@.service"])
def test_a_unit_is_given_the_time_that_the_bot_needs_to_end(name: str) -> None:
    assert int(unit(name)["TimeoutStopSec"]) > LONGEST_STOP


def test_the_units_differ_in_nothing_but_the_role() -> None:
    whole, part = dict(unit("paperboy.service")), dict(unit("paperboy@.service"))
    assert part.pop("ExecStart") == f"{whole.pop('ExecStart')} --role %i"
    assert part.pop("EnvironmentFile") == "-/var/lib/paperboy/%i.env"
    assert part == whole
