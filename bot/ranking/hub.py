"""Fetches the embedding model from the Hugging Face hub, for an owner who asked for that.

Whatever comes is of a fixed revision and is kept only if it is byte for byte the file that is known. Nothing
but the two addresses is told to the hub.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from bot.ranking.model_files import HUB_MODEL_SHA256, MODEL, TOKENIZER, TOKENIZER_SHA256, ModelError

_REVISION = (
    "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2"
    "/resolve/1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
)
_PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of the hub as it is known: kept under ``name``, of ``size`` bytes."""

    address: str
    name: str
    size: int
    sha256: str


MINILM = (
    HubFile(f"{_REVISION}/tokenizer.json", TOKENIZER, 466_247, TOKENIZER_SHA256),
    # The hub's int8 files for arm64, avx512 and vnni are one and the same.
    HubFile(f"{_REVISION}/onnx/model_qint8_arm64.onnx", MODEL, 23_026_053, HUB_MODEL_SHA256),
)


def fetch_model(folder: Path, files: Sequence[HubFile] = MINILM) -> None:
    """Fetch files into a folder, with a progress bar where a person watches. Blocks, so give it a thread.

    A file stands under its name only once it is whole and known to be right.

    Raises:
        ModelError: Where the hub cannot be reached, sends something else, or the folder cannot be written.
    """
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("Fetching the embedding model", total=sum(file.size for file in files))
        for file in files:
            _fetch(file, folder, lambda size: progress.advance(task, size))


def _fetch(file: HubFile, folder: Path, advance: Callable[[int], None]) -> None:
    content = _download(file, advance)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ModelError(f"the hub sent another {file.name} than the one that is known: it is not used")
    part = folder / f"{file.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(folder / file.name)
    except OSError as error:
        raise ModelError(f"the folder {folder} cannot be written: {error.strerror}") from error


def _download(file: HubFile, advance: Callable[[int], None]) -> bytes:
    """Read what an address holds, hardly further than it should go."""
    content = bytearray()
    try:
        with httpx.stream("GET", file.address, follow_redirects=True, timeout=_PATIENCE_S) as answer:
            answer.raise_for_status()
            for chunk in answer.iter_bytes():
                content += chunk
                advance(len(chunk))
                if len(content) > file.size:
                    break
    except httpx.HTTPError as error:
        raise ModelError(
            f"the embedding model could not be fetched from the hub ({_tell(error)}):"
            " starting the bot will try again"
        ) from error
    return bytes(content)


def _tell(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"status {error.response.status_code}"
    return type(error).__name__
