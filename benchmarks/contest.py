"""Runs rankers over replay sets, two at a time, and keeps what peers came to, for some take minutes.

Our own ranker always runs anew; a peer does when the set, the choice of events, the model or a line of
``benchmarks.peers`` has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks import peers
from benchmarks.replaying import read_chosen
from bot.measuring.evaluation import Evaluation, PaperboyRanker, evaluate
from bot.measuring.replays import EVENTS, PAPERS, POOLS
from bot.measuring.vector_file import VectorFile
from bot.ranking.minilm import load_minilm
from bot.settings import Settings
from recommender.metrics import Metrics
from recommender.replay import Half, ReplayRanker, ReplaySet

OURS = PaperboyRanker().name
PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Contest:
    """What is replayed, and against whom.

    Attributes:
        settings: Where the model and its vectors are; those of the sets' texts must be made already.
        embedding: Whether there is a model.
        most: At most so many events of a set, or of its half; None for all.
        half: One half of the users; None for both.
        slow: Also the peer that takes 20 seconds an event.
        cache: Where the figures of peers are kept; None for nowhere.
    """

    settings: Settings
    embedding: bool
    most: int | None
    half: Half | None
    slow: bool
    cache: Path | None

    def read(self, folder: Path) -> ReplaySet:
        """Read the chosen events of a set."""
        return read_chosen(folder, self.most, self.half)

    def run(self, folders: Sequence[Path], told: Callable[[Evaluation, int], None]) -> list[Evaluation]:
        """Run all rankers over all sets; ``told`` hears of each as it ends, and how many there are.

        Returns:
            Set by set, ours first, then the peers in their own order.
        """
        vectors = self._open_vectors()
        jobs = [
            (folder, ranker.name)
            for folder in folders
            for ranker in self._rankers(self.read(folder), vectors)
        ]
        context = get_context("spawn")  # a fork would inherit the threads of the progress bar
        with ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=_use_one_core) as pool:
            running = [pool.submit(self._run_one, folder, name) for folder, name in jobs]
            for done in as_completed(running):
                told(done.result(), len(running))
            return [done.result() for done in running]

    def _run_one(self, folder: Path, name: str) -> Evaluation:
        vectors = self._open_vectors()
        kept = None if self.cache is None or name == OURS else self.cache / self._key(folder, name, vectors)
        if kept and kept.exists():
            return _from_json(kept.read_text(encoding="utf-8"))
        replay = self.read(folder)
        (ranker,) = (ranker for ranker in self._rankers(replay, vectors) if ranker.name == name)
        evaluation = evaluate(ranker, replay)
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(asdict(evaluation)), encoding="utf-8")
        return evaluation

    def _rankers(self, replay: ReplaySet, vectors: VectorFile | None) -> list[ReplayRanker]:
        return [PaperboyRanker(vectors), *peers.choose_peers(replay, vectors, slow=self.slow)]

    def _open_vectors(self) -> VectorFile | None:
        model = load_minilm(self.settings.embedding_model, self.settings.data_dir) if self.embedding else None
        return VectorFile(model, self.settings.data_dir / "replay") if model else None

    def _key(self, folder: Path, name: str, vectors: VectorFile | None) -> str:
        chosen = (name, self.most, self.half, vectors and vectors.fingerprint)
        digest = hashlib.blake2b(repr(chosen).encode(), digest_size=12)
        for file in (Path(peers.__file__), folder / PAPERS, folder / POOLS, folder / EVENTS):
            digest.update(file.read_bytes())
        return f"{digest.hexdigest()}.json"


def _use_one_core() -> None:
    threadpool_limits(1)


def _from_json(text: str) -> Evaluation:
    fields = json.loads(text)
    by_user = {user: Metrics(*values) for user, values in fields.pop("by_user").items()}
    return Evaluation(**fields, by_user=by_user)
