"""Shows how far a poll is: a bar a source on a terminal, else a line now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from bot.polling.polled import Progress

Tell = Callable[[Progress], None]
LEAST_LINES = 10  # of fewer dumps there is nothing to wait for


@contextmanager
def shown_progress(sources: Sequence[str], console: Console) -> Iterator[Tell]:
    """Show the progress of these sources, as it is told."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[papers]:,} new papers"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        tasks = {source: bars.add_task(source, total=None, papers=0) for source in sources}

        def move(progress: Progress) -> None:
            task = tasks[progress.source]
            bars.update(task, completed=progress.done, total=progress.total, papers=progress.added)

        yield move


class _Lines:
    """Prints a line with each tenth that is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tenths: dict[str, int] = {}

    def __call__(self, progress: Progress) -> None:
        if progress.total < LEAST_LINES:
            return
        tenth = 10 * progress.done // progress.total
        if tenth > self._tenths.setdefault(progress.source, tenth):
            self._tenths[progress.source] = tenth
            line = f"{progress.source}: {progress.done} of {progress.total}, {progress.added:,} new papers"
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
