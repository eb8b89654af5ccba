"""What is there to run Paperboy with, held against the linters that are at hand; nothing is started."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.roles import Role

ROOT = Path(__file__).parents[2]
COMPOSED = ("compose.yaml", "compose.postgres.yaml")
MOST_EXPOSED = "20"  # tenths, of what systemd-analyze calls the exposure of a service


def linted(linter: str, *arguments: str) -> None:
    """Have a linter look; it skips where the linter is not at hand."""
    program = shutil.which(linter, path=str(Path(sys.executable).parent)) or shutil.which(linter)
    if program is None:
        pytest.skip(f"{linter} is not at hand")
    done = subprocess.run(  # noqa: S603 - a linter of our own choice
        [program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    linted("hadolint", "--failure-threshold", "info", "Dockerfile")


@pytest.mark.parametrize("file", COMPOSED)
def test_a_compose_file_is_one_by_its_specification(file: str) -> None:
    linted("check-jsonschema", "--builtin-schema", "vendor.compose-spec", file)


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units as they would be installed, one a role, but for the program, which is not."""
    whole, part = (
        (ROOT / "deploy" / name).read_text().replace("/opt/paperboy/bin/paperboy", sys.executable)
        for name in ("paperboy.service", "paperboy@.service")
    )
    named = {"paperboy.service": whole} | {f"paperboy@{role}.service": part for role in Role}
    files = [tmp_path / name for name in named]
    for file in files:
        file.write_text(named[file.name])
    return files


def test_systemd_understands_the_units(units: list[Path]) -> None:
    linted("systemd-analyze", "verify", *map(str, units))


def test_systemd_holds_the_units_for_little_exposed(units: list[Path]) -> None:
    for unit in units[:2]:
        linted("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(unit))
