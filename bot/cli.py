"""The command line. Each command reads its arguments, calls one thing, and prints what came of it."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BotError
from bot.roles import Role

if TYPE_CHECKING:
    from bot.settings import Settings

_INTERRUPTED = 130  # what a shell says of a program that Ctrl+C ended

app = typer.Typer(
    name="paperboy",
    help="The papers that you would have picked yourself, every morning, in Telegram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # a local variable may hold a token
)


@app.command()
def run(
    role: Annotated[
        list[Role] | None,
        typer.Option(help="Only this part of the work, on PostgreSQL; may be given several times."),
    ] = None,
) -> None:
    """Run the bot that TELEGRAM_BOT_TOKEN names."""
    from bot.chat.application import TelegramAccess
    from bot.process.running import run
    from bot.settings import SettingsError
    from bot.telling.logs import configure_logging

    roles = frozenset(role or Role)

    settings = _prepare()
    if settings.telegram_bot_token is None:
        raise SettingsError(
            "TELEGRAM_BOT_TOKEN is not set, so there is no bot to run.\n"
            "  Get a token from @BotFather and put it into .env, or try Paperboy without: paperboy playground"
        )
    configure_logging(settings.log_level, settings.log_format, roles)
    token = settings.telegram_bot_token.get_secret_value().strip()
    access = TelegramAccess(token, settings.telegram_api_url.rstrip("/"))

    def greet(name: str | None) -> None:
        does = f"answers as @{name}" if name else f"does its part: {', '.join(sorted(roles))}"
        typer.echo(f"Paperboy {does}. Ctrl+C ends it.")

    asyncio.run(run(settings, access, greet, roles=roles))


@app.command()
def playground() -> None:
    """Run the bot on your own desk: a chat page on 127.0.0.1 stands in for Telegram."""
    from bot.commands.playground import run_playground
    from bot.telling.logs import configure_logging

    settings = _prepare()
    configure_logging(settings.log_level, settings.log_format)
    asyncio.run(run_playground(settings, typer.echo))


@app.command()
def poll(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="huggingface, arxiv:cs.AI+cs.CL, addresses or folders; those of the settings where none is."
        ),
    ] = None,
    backfill: Annotated[
        str | None,
        typer.Option(help="How far back the lists of days are read, as in 30d or 4w; else BACKFILL_DAYS."),
    ] = None,
) -> None:
    """Read all that is new in the sources, once, now. Exit 1 if no source could be read.

    Ctrl+C ends it; what was read is kept, and days that were read are not read again.
    """
    from bot.polling.backfill import read_span

    span = None if backfill is None else read_span(backfill)  # refused at once, before all that loads slowly
    from bot.commands.poll import poll_once
    from bot.telling.logs import configure_logging

    settings = _prepare()
    configure_logging("ERROR")  # the report says what a warning would
    try:
        reached = asyncio.run(poll_once(settings, sources or settings.source_names, span))
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None
    if not reached:
        raise typer.Exit(1)


@app.command()
def parse(
    files: Annotated[list[Path], typer.Argument(help="Dumps: text, HTML, JSON, Atom or RSS, also gzipped.")],
) -> None:
    """Print each paper of each file as a JSON object a line; rejects go to standard error.

    Exit 1 if a file gave no paper.
    """
    from bot.commands.parse import print_papers

    if not print_papers(files):
        raise typer.Exit(1)


@app.command()
def preview(  # noqa: PLR0913, PLR0917 - an argument each option
    dump: Annotated[list[Path], typer.Option(help="A dump to pick from; may be given several times.")],
    like: Annotated[
        list[str] | None, typer.Option(help="The title of a liked paper, or words that only it has.")
    ] = None,
    dislike: Annotated[list[str] | None, typer.Option(help="The same of a disliked paper.")] = None,
    mute: Annotated[
        list[str] | None, typer.Option(help="Words side by side whose papers are never picked.")
    ] = None,
    why: Annotated[
        str | None, typer.Option(help="The title of a paper: say what spoke against picking it.")
    ] = None,
    interests: Annotated[
        str, typer.Option(help="In your own words, as in: diffusion models for video, no medical imaging.")
    ] = "",
    exemplars: Annotated[
        int | None,
        typer.Option(min=1, max=100, help="List so many papers to vote on next, in place of picks."),
    ] = None,
    n: Annotated[int, typer.Option("-n", min=1, max=100, help="How many picks.")] = 3,
) -> None:
    """Show what would be picked for someone with this taste, without database or chat."""
    from bot.commands.preview import Taste, print_exemplars, print_preview
    from bot.settings import load_settings

    taste = Taste(like or (), dislike or (), mute or (), interests)
    if exemplars:
        print_exemplars(load_settings(), dump, taste, exemplars)
    else:
        print_preview(load_settings(), dump, taste, n, why)


@app.command()
def evaluate(
    replay_dirs: Annotated[
        list[Path] | None, typer.Argument(help="Folders with papers, pools and events as .jsonl.gz files.")
    ] = None,
    max_events: Annotated[
        int | None, typer.Option(min=1, help="Replay this many events of a set, always the same ones.")
    ] = None,
    scores: Annotated[
        Path | None, typer.Option(help="Write each event's scores there, a JSON line an event.")
    ] = None,
    *,
    database: Annotated[
        bool, typer.Option("--database", help="Replay the bot's own past: later likes among the picks.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line a set.")] = False,
) -> None:
    """Replay what readers chose, without looking ahead: how high would it have been ranked?"""
    from bot.measuring.hindsight_report import print_hindsight
    from bot.measuring.replay_report import print_evaluations
    from bot.telling.logs import configure_logging

    if not replay_dirs and not database:
        raise typer.BadParameter("name a folder to replay, or --database for the bot's own past")
    settings = _prepare()
    configure_logging("ERROR")
    if replay_dirs:
        print_evaluations(settings, replay_dirs, max_events, scores, as_json=as_json)
    if database:
        asyncio.run(print_hindsight(settings, as_json=as_json))


@app.command()
def doctor() -> None:
    """Tell what is configured, reachable and healthy, and what to do about what is not.

    Exit 1 if something is broken.
    """
    from bot.checkups.doctor import examine
    from bot.telling.logs import configure_logging

    settings = _prepare()
    configure_logging("ERROR")
    if not asyncio.run(examine(settings)):
        raise typer.Exit(1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to; it holds all that readers told the bot.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file where it is there.")] = False,
) -> None:
    """Copy the database into one file, while the bot runs or not."""
    from bot.commands.backups import make_backup

    make_backup(_prepare(), file, overwrite=force)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
) -> None:
    """Put a backup in the place of the database; the bot must not run. The present one is kept aside."""
    from bot.clock import utc_now
    from bot.commands.backups import restore

    asyncio.run(restore(_prepare(), file, utc_now()))


@app.command()
def pass_over() -> None:
    """Count as had all that was due up to now: for a PostgreSQL that was just restored. End the bot first."""
    from bot.clock import utc_now
    from bot.commands.backups import pass_over

    asyncio.run(pass_over(_prepare(), utc_now()))


@app.command()
def migrate_to(
    url: Annotated[
        str, typer.Argument(help="An empty PostgreSQL, as in postgresql://user:password@host/name.")
    ],
) -> None:
    """Move the bot from its SQLite file to PostgreSQL; the bot must not run. The file stays as it is.

    All of it is there in the end, or, after an error or Ctrl+C, nothing.
    """
    from bot.commands.migrate import move_to

    asyncio.run(move_to(_prepare(), url))


@app.command("settings")
def show_settings() -> None:
    """Print all settings, what they may be and what they are if nothing is set, in Markdown."""
    from bot.commands.settings_table import describe

    typer.echo(describe(), nl=False)


def _prepare() -> Settings:
    """Read the settings, and make the default folder for dumps: one that was named must be there."""
    from bot.settings import DEFAULT_DUMPS, SettingsError, load_settings

    settings = load_settings()
    if settings.dumps_dir == DEFAULT_DUMPS:
        try:
            DEFAULT_DUMPS.mkdir(exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"The folder {DEFAULT_DUMPS} cannot be made here ({error.strerror}): start Paperboy in a "
                "folder that it may write, or set DUMPS_DIR to another one, or to nothing for none."
            ) from error
    return settings


def main() -> None:
    """Run a command; an error that the owner can mend ends as one message and exit 2."""
    from bot.playground.errors import PlaygroundError
    from sources.values import SourceError
    from storage.database import StorageError

    # Our products of matrices are small: threads that wait for each other cost ten times what they save.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except KeyboardInterrupt:
        raise SystemExit(_INTERRUPTED) from None
    except (BotError, PlaygroundError, SourceError, StorageError) as error:
        sys.stderr.write(f"paperboy: {error}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
