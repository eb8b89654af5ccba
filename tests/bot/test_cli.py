"""The command line as its user meets it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Shell

DUMP = """new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Nov 13

Bees Dance for Nectar: A Field Study of the Hive

We watch honey bees dance for nectar near their hive. The waggle dance tells where it is. Hives differ.

  • 4 authors
·
Mar 29, 2023

Boats Steer by Keel and Rudder

We measure how sailing boats steer by keel and rudder. Hull drag is low. The canvas is trimmed by hand.

  • 2 authors
·
Jun 26 1

Nectar Maps of Honey Bees from Waggle Dances

We draw maps of nectar from the waggle dances of honey bees. Pollen is mapped too. They hold for weeks.
"""


@pytest.fixture
def shell(shell: Shell) -> Shell:
    """Run commands where a dump is."""
    (shell.folder / "dumps").mkdir()
    (shell.folder / "dumps" / "list.txt").write_text(DUMP)
    return shell


async def test_parse_prints_a_json_line_a_paper(shell: Shell) -> None:
    done = await shell.run("parse", "dumps/list.txt")
    papers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert papers[1] == {
        "title": "Boats Steer by Keel and Rudder",
        "abstract": "We measure how sailing boats steer by keel and rudder. Hull drag is low. "
        "The canvas is trimmed by hand.",
        "authors": [],
        "author_count": 2,
        "published": "2024-06-26",
        "published_text": "Jun 26",
        "featured": "2024-11-13",
        "comments": 1,
        "upvotes": None,
        "arxiv_id": None,
    }
    assert [paper["published"] for paper in papers] == ["2023-03-29", "2024-06-26", None]


async def test_parse_names_file_line_and_reason_of_a_reject_and_exits_1(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("1")
    done = await shell.run("parse", "dumps/list.txt", "bad.json", "missing.txt")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 3
    assert "bad.json:1: " in done.stderr
    assert "missing.txt: cannot be read: No such file" in done.stderr


async def test_preview_ranks_by_likes_and_gives_reasons(shell: Shell) -> None:
    done = await shell.run(
        "preview", "--dump", "dumps/list.txt", "--like", "bees dance for nectar", "-n", "1"
    )
    assert done.returncode == 0, done.stderr
    assert "Nectar Maps of Honey Bees" in done.stdout
    assert "liked “Bees Dance for Nectar" in done.stdout
    assert "Boats" not in done.stdout


@pytest.mark.parametrize(
    ("said", "title", "words"),
    [
        (["--mute", "nectar maps"], "Nectar Maps", "“nectar maps” is muted."),
        (["--dislike", "Bees Dance"], "Nectar Maps", "It is like “Bees Dance for Nectar"),
        (["--like", "Nectar Maps", "-n", "1"], "Boats Steer", "It is unlike everything that is liked."),
        (["--like", "Nectar Maps", "--mute", "boats"], "Bees Dance", "It is picked"),
    ],
)
async def test_preview_says_what_spoke_against_a_paper(
    shell: Shell, said: list[str], title: str, words: str
) -> None:
    done = await shell.run("preview", "--dump", "dumps/list.txt", "-n", "1", *said, "--why", title)
    assert done.returncode == 0, done.stderr
    assert words in " ".join(done.stdout.split())


async def test_preview_picks_by_what_was_said_and_says_how_it_was_understood(shell: Shell) -> None:
    said = "sailing boats, no honey bees"
    done = await shell.run("preview", "--dump", "dumps/list.txt", "--interests", said, EMBEDDING_MODEL="off")
    assert done.returncode == 0, done.stderr
    assert "Wanted: sailing boats\nUnwanted: honey bees\n" in done.stdout
    first, *_ = [line for line in done.stdout.splitlines() if line.startswith("│ 1")]
    assert "Boats Steer by Keel and Rudder" in first
    assert "you said “sailing boats”: " in first


async def test_preview_says_which_interest_spoke_against_a_paper(shell: Shell) -> None:
    said = ["--interests", "no waggle dances", "-n", "1", "--why", "Nectar Maps"]
    done = await shell.run("preview", "--dump", "dumps/list.txt", *said, EMBEDDING_MODEL="off")
    assert done.returncode == 0, done.stderr
    assert "You said no to “waggle dances”" in done.stdout


async def test_preview_says_when_it_understood_nothing(shell: Shell) -> None:
    done = await shell.run(
        "preview", "--dump", "dumps/list.txt", "--interests", "hello!", EMBEDDING_MODEL="off"
    )
    assert done.returncode == 0, done.stderr
    assert "No interest was found in these words." in done.stdout


async def test_preview_lists_what_a_newcomer_is_asked_about(shell: Shell) -> None:
    """So many as asked for, each once, and nothing that was voted on."""
    asked = ["preview", "--dump", "dumps/list.txt", "--exemplars"]
    every = (await shell.run(*asked, "9", EMBEDDING_MODEL="off")).stdout
    assert [every.count(title) for title in ("Bees Dance", "Boats Steer", "Nectar Maps")] == [1, 1, 1]
    voted = await shell.run(
        *asked, "1", "--like", "Boats Steer", "--dislike", "Bees Dance", EMBEDDING_MODEL="off"
    )
    assert "Nectar Maps" in voted.stdout
    assert "Boats" not in voted.stdout


async def test_preview_says_why_it_does_without_a_model(shell: Shell) -> None:
    done = await shell.run("preview", "--dump", "dumps/list.txt", EMBEDDING_MODEL="no-such-folder")
    assert done.returncode == 0, done.stderr
    assert "Ranking by words alone: the embedding model's file no-such-folder" in done.stderr


async def test_preview_shows_brackets_as_they_stand(shell: Shell, tmp_path: Path) -> None:
    """A title is no markup of the terminal's."""
    (tmp_path / "dumps" / "list.txt").write_text(DUMP.replace("Nectar Maps", "Nectar [/INST] [red]Maps"))
    done = await shell.run("preview", "--dump", "dumps/list.txt", "-n", "9")
    assert done.returncode == 0, done.stderr
    assert "Nectar [/INST] [red]Maps" in done.stdout


async def test_preview_says_which_title_is_near_an_unknown_one(shell: Shell) -> None:
    done = await shell.run("preview", "--dump", "dumps/list.txt", "--like", "Boats Stear by Keal and Ruder")
    assert done.returncode == 2
    assert "Boats Steer by Keel and Rudder" in done.stderr
    assert "Traceback" not in done.stderr


async def test_poll_reports_what_came_and_that_nothing_did(shell: Shell) -> None:
    first = await shell.run("poll")
    assert first.returncode == 0, first.stderr
    assert "dumps" in first.stdout
    second = await shell.run("poll")
    rows = [
        [cell.strip() for cell in done.stdout.splitlines()[3].split("│")[1:-1]] for done in (first, second)
    ]
    assert rows[0][:4] == ["dumps", "1", "0", "3"]
    assert rows[1][:4] == ["dumps", "0", "1", "0"]


async def test_poll_fails_where_no_source_can_be_read(shell: Shell) -> None:
    done = await shell.run("poll", "http://127.0.0.1:9/daily_papers")
    assert done.returncode == 1
    assert "127.0.0.1:9" in done.stdout


async def test_run_without_a_token_names_the_variable_and_the_playground(shell: Shell) -> None:
    done = await shell.run("run")
    assert done.returncode == 2
    assert "TELEGRAM_BOT_TOKEN" in done.stderr
    assert "paperboy playground" in done.stderr


async def test_a_wrong_setting_is_one_message_and_no_traceback(shell: Shell) -> None:
    done = await shell.run("poll", POLL_MINUTES="soon")
    assert done.returncode == 2
    assert "POLL_MINUTES" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_database_that_cannot_be_made_is_named(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("")
    done = await shell.run("poll", DATA_DIR="in-the-way")
    assert done.returncode == 2
    assert "in-the-way" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_folder_for_dumps_that_cannot_be_made_is_named(shell: Shell, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "dumps")
    (tmp_path / "dumps").write_text("")
    done = await shell.run("doctor")
    assert done.returncode == 2
    assert "DUMPS_DIR" in done.stderr
    assert "Traceback" not in done.stderr


async def test_doctor_tells_what_is_well_and_what_to_do(shell: Shell) -> None:
    await shell.run("poll")
    done = await shell.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "TELEGRAM_BOT_TOKEN is not set" in done.stdout
    assert "@BotFather" in done.stdout


async def test_doctor_fails_where_a_source_does(shell: Shell) -> None:
    done = await shell.run("doctor", SOURCES="http://user:hush@127.0.0.1:9/list?key=hush")
    assert done.returncode == 1
    assert "127.0.0.1:9" in done.stdout
    assert "hush" not in done.stdout + done.stderr


def test_the_help_lists_the_commands() -> None:
    command = [sys.executable, "-m", "bot.cli", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    for command in (
        *("run", "playground", "poll", "parse", "preview", "evaluate", "doctor"),
        *("backup", "restore", "pass-over", "migrate-to", "settings"),
    ):
        assert f" {command} " in done.stdout


async def test_doctor_names_a_damaged_database_and_what_to_do(shell: Shell, tmp_path: Path) -> None:
    """Also where the damage lies in a part that is rarely read."""
    await shell.run("poll")
    file = tmp_path / "data" / "paperboy.db"
    body = bytearray(file.read_bytes())
    body[len(body) // 2 :] = b"\xff" * (len(body) - len(body) // 2)
    file.write_bytes(body)
    done = await shell.run("doctor")
    assert done.returncode == 1
    assert "paperboy.db is damaged" in done.stdout
    assert "Traceback" not in done.stderr


async def test_a_backup_is_restored_by_two_commands(shell: Shell, tmp_path: Path) -> None:
    """Each says how much it holds, and the second where it kept what was there before."""
    await shell.run("poll")
    made = await shell.run("backup", "copy.db")
    assert made.returncode == 0, made.stderr
    assert "copy.db is whole. It holds readers: 0, votes: 0, papers: 3." in made.stdout
    refused = await shell.run("backup", "copy.db")
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    restored = await shell.run("restore", "copy.db")
    assert restored.returncode == 0, restored.stderr
    assert "Restored from copy.db. It holds readers: 0, votes: 0, papers: 3." in restored.stdout
    assert "is kept as " in restored.stdout
    assert len(list((tmp_path / "data").glob("paperboy.db.before-restore-*"))) == 1
    assert (await shell.run("doctor")).returncode == 0


async def test_what_cannot_be_backed_up_or_restored_is_told_in_words(shell: Shell) -> None:
    for arguments, words in (
        (("backup", "copy.db"), "There is no database"),
        (("backup", "no/such/folder/copy.db"), "There is no database"),
        (("restore", "copy.db"), "There is no backup copy.db"),
    ):
        done = await shell.run(*arguments)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    for command in ("backup", "restore"):
        done = await shell.run(command, "copy.db", DATABASE_URL="postgresql://me:secret@127.0.0.1/name")
        assert done.returncode == 2
        assert "pg_dump and pg_restore" in done.stderr
        assert "secret" not in done.stderr


async def test_a_bot_is_moved_by_one_command(shell: Shell, tmp_path: Path, bare_postgres_url: str) -> None:
    """It tells what came there; the doctor then finds it."""
    await shell.run("poll")
    moved = await shell.run("migrate-to", bare_postgres_url)
    assert moved.returncode == 0, moved.stderr
    assert re.search(r"^  papers +3$", moved.stdout, re.MULTILINE)
    assert "Now set DATABASE_URL" in moved.stdout
    again = await shell.run("migrate-to", bare_postgres_url)
    assert again.returncode == 2
    assert "holds dumps already. Name an empty one" in again.stderr
    seen = await shell.run("doctor", DATABASE_URL=bare_postgres_url)
    assert seen.returncode == 0, seen.stdout
    assert "no process holds any: start them" in seen.stdout


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://me:secret@127.0.0.1:1/name", "There is no database"),
        ("sqlite:///other.db", "Only a PostgreSQL can be moved to"),
        ("me:secret@127.0.0.1", "The database URL cannot be read"),
    ],
)
async def test_what_cannot_be_moved_is_told_in_words(shell: Shell, url: str, words: str) -> None:
    done = await shell.run("migrate-to", url)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


async def test_the_settings_are_told_also_where_one_is_wrong(shell: Shell) -> None:
    done = await shell.run("settings", POLL_MINUTES="soon")
    assert done.returncode == 0, done.stderr
    assert "| `POLL_MINUTES` | `30` | 1 to 1440 |" in done.stdout
