"""all-MiniLM-L6-v2 as the bot's embedder: a text becomes 384 numbers, on the CPU, by onnxruntime.

Owns how the model is run, and how the one that the owner chose is come by. Nothing that is read leaves the
machine; what vectors are good for is the recommender's business.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.ranking.hub import fetch_model
from bot.ranking.model_files import ModelError, ModelFiles, is_fetched, read_fetched, read_installed, read_own

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_MOST_TOKENS = 256  # what the model was made for; a longer text is read as far as that
_RECIPE = f"mean of {_MOST_TOKENS} tokens, length one"
_MOST_WORKERS = 4  # a machine with more cores has other work for them
_FATAL = 4  # in onnxruntime's words: log nothing that is raised as well


def prepare_minilm(choice: str | Path, data_dir: Path) -> MiniLM | None:
    """Load the model that the owner chose, fetched first where it is the hub's; None where it is off.

    Blocks, so give it a thread.

    Raises:
        ModelError: Where there is none, in one line for the owner.
    """
    if choice == "hub" and not is_fetched(_hub_folder(data_dir)):
        fetch_model(_hub_folder(data_dir))
    return load_minilm(choice, data_dir)


def load_minilm(choice: str | Path, data_dir: Path) -> MiniLM | None:
    """Load the model that the owner chose as it is on this machine; None where it is off.

    Blocks for half a second, so give it a thread.

    Args:
        choice: ``installed``, ``hub``, ``off``, or the folder of a model of one's own.
        data_dir: Where the hub's model is kept.

    Raises:
        ModelError: Where there is none, in one line for the owner.
    """
    match choice:
        case "off":
            return None
        case "installed":
            return MiniLM(read_installed())
        case "hub":
            return MiniLM(read_fetched(_hub_folder(data_dir)))
        case _:
            return MiniLM(read_own(Path(choice)))


def _hub_folder(data_dir: Path) -> Path:
    return data_dir / "models" / "all-MiniLM-L6-v2"


class MiniLM:
    """A sentence model that is ready to run, an `Embedder`; may be used by several threads at once.

    Each text is read alone, by one thread: on two cores that took less work than batches, which pad, and so a
    vector depends on nothing but its text, even where a model scales its numbers by the whole batch.

    Attributes:
        origin: Which model it is and where it was found, for the owner.
        fingerprint: Names weights, tokenizer and recipe; vectors of two fingerprints never mix.
        dims: How many numbers a vector has.

    Raises:
        ModelError: Where the packages that run it are missing, or it is no such model.
    """

    def __init__(self, files: ModelFiles) -> None:
        self.origin = files.origin
        self.fingerprint = _fingerprint(files)
        try:
            self._tokenizer = _open_tokenizer(files.tokenizer)
            self._session = _open_session(files.model)
            self._inputs = [node.name for node in self._session.get_inputs()]
            (self.dims,) = self._embed_one("").shape
        except ImportError as error:
            raise ModelError(f"{error.name} is not installed: install paperboy-bot[embedding]") from error
        except Exception as error:  # both libraries raise it as it is
            raise ModelError(f"{files.origin}, cannot be run ({type(error).__name__})") from error

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Turn texts into rows of length one, in their order: shape (len(texts), dims).

        An empty text has a vector as well. Blocks for some 50 ms of one core an abstract, without holding the
        interpreter's lock: give it a thread, and texts by the hundred.
        """
        with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_WORKERS)) as pool:
            rows = list(pool.map(self._embed_one, texts))
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dims)

    def _embed_one(self, text: str) -> npt.NDArray[np.float32]:
        tokens = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        known = {
            "input_ids": tokens,
            "attention_mask": np.ones_like(tokens),
            "token_type_ids": np.zeros_like(tokens),
        }
        states = self._session.run(None, {name: known[name] for name in self._inputs})[0]
        mean: npt.NDArray[np.float32] = states[0].mean(axis=0)
        return mean / np.linalg.norm(mean)


def _fingerprint(files: ModelFiles) -> str:
    digest = hashlib.blake2b(_RECIPE.encode(), digest_size=8)
    digest.update(files.model)
    digest.update(files.tokenizer)
    return digest.hexdigest()


def _open_tokenizer(content: bytes) -> Tokenizer:
    from tokenizers import Tokenizer  # noqa: PLC0415 - it may be missing

    tokenizer = Tokenizer.from_buffer(content)
    tokenizer.enable_truncation(_MOST_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _open_session(content: bytes) -> InferenceSession:
    # From 1.29 on onnxruntime reports to its makers, under an id that it keeps in the home folder, unless
    # this is set when it is imported.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415 - for that, and because it may be missing

    onnxruntime.set_default_logger_severity(_FATAL)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
