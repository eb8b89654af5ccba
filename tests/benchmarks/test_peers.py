from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from small_replay import SUBJECTS, write_replay

from benchmarks.peers import SHARED_RANDOM, Peer, Upvotes, choose_peers
from bot.measuring.evaluation import evaluate
from bot.measuring.replays import read_replay
from recommender.replay import ReplayPaper, ReplayRanker, ReplaySet

NAMES = [
    "arxiv-sanity-lite",
    "Scholar Inbox",
    "TF-IDF centroid",
    "zotero-arxiv-daily",
    "PaperDigestAction",
    "arXiv_recbot",
]


class SubjectEmbedder:
    """An embedder that counts the words of each subject, and a little of everything."""

    fingerprint = "subjects"
    dims = len(SUBJECTS) + 1

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        counts = [[text.lower().count(subject) for subject in SUBJECTS] + [1] for text in texts]
        rows = np.array(counts, dtype=np.float32).reshape(len(texts), self.dims)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> ReplaySet:
    return read_replay(write_replay(tmp_path_factory.mktemp("replays") / "small"))


def all_peers(replay: ReplaySet) -> Mapping[str, ReplayRanker]:
    return {peer.name: peer for peer in choose_peers(replay, SubjectEmbedder(), slow=True)}


@pytest.mark.parametrize("name", NAMES[1:])
def test_each_peer_learns_the_readers_subject(small: ReplaySet, name: str) -> None:
    """Whoever liked three papers of a subject gets its new papers before all others."""
    metrics = evaluate(all_peers(small)[name], small).metrics
    assert (metrics.auc, metrics.hit3) == (1, 1)


def test_a_small_background_leaves_a_choosy_peer_blind(small: ReplaySet) -> None:
    """No term stands in five of 24 papers and in a tenth at most: arxiv-sanity-lite scores all alike."""
    metrics = evaluate(all_peers(small)["arxiv-sanity-lite"], small).metrics
    assert metrics.auc == 0.5


@pytest.mark.parametrize("name", NAMES)
def test_no_peer_learns_of_what_could_be_chosen(small: ReplaySet, name: str) -> None:
    """Another text of one candidate moves the score of no other."""
    papers = dict(small.papers)
    papers["bee8"] = replace(papers["bee8"], title="Keel", abstract="A sail and a rudder, and bees. " * 9)
    event = small.events[0]
    others = [paper_id for paper_id in small.candidates(event) if paper_id != "bee8"]
    (fit,) = small.fits()
    before, after = (
        all_peers(small)[name].fit(fit.background, texts)(event.history, others)
        for texts in (small.papers, papers)
    )
    assert before.tolist() == after.tolist()


@pytest.mark.parametrize("name", NAMES)
def test_each_peer_takes_what_comes(small: ReplaySet, name: str) -> None:
    """One score a candidate, also without a history, a candidate or a background."""
    (fit,) = small.fits()
    peer = all_peers(small)[name]
    score = peer.fit(fit.background, small.papers)
    assert score([], ["bee8"]).shape == (1,)
    assert score(["bee0"], []).shape == (0,)
    assert np.isfinite(peer.fit([], small.papers)(["bee0"], ["bee8", "sail8"])).all()


@pytest.mark.parametrize("name", ["arxiv-sanity-lite", "PaperDigestAction", "arXiv_recbot"])
def test_a_like_never_speaks_against_itself(small: ReplaySet, name: str) -> None:
    """A liked paper of the background is no negative: without it the background teaches the same."""
    peer = all_peers(small)[name]
    assert isinstance(peer, Peer)
    peer = replace(peer, vectorize=lambda _background, texts: SubjectEmbedder().embed(texts))
    known = [small.papers[paper_id] for paper_id in ("bee0", "sail0", "star0")]
    with_like, without = (
        peer.fit(background, small.papers)(["bee0"], ["bee8", "sail8"]) for background in (known, known[1:])
    )
    assert with_like.tolist() == without.tolist()


def test_upvotes_are_the_same_for_all() -> None:
    """The most upvoted stands first, and what has no count stands last."""
    counts = {"a": 3, "b": None, "c": 7}
    papers = {name: ReplayPaper(name, name, "", None, upvotes) for name, upvotes in counts.items()}
    assert Upvotes().fit([], papers)([], ["a", "b", "c"]).tolist() == [3, 0, 7]


def test_a_set_meets_the_peers_that_can_rank_it(small: ReplaySet) -> None:
    """Upvotes need counts, two peers an embedder, and the slow one to be asked for."""
    counted = replace(small, papers={name: replace(paper, upvotes=1) for name, paper in small.papers.items()})
    assert [peer.name for peer in choose_peers(small, None, slow=False)] == NAMES[:3]
    assert [peer.name for peer in choose_peers(small, SubjectEmbedder(), slow=True)] == NAMES
    assert next(choose_peers(counted, None, slow=False)).name == "upvotes"


def test_newer_likes_weigh_more_by_the_logarithm(small: ReplaySet) -> None:
    """By zotero-arxiv-daily's formula the newest weighs 1 and the one before it 1 / (1 + log10 2)."""
    peer = all_peers(small)["zotero-arxiv-daily"]
    score = peer.fit([], small.papers)
    sail, bee, both = (score(history, ["bee8"])[0] for history in (["sail0"], ["bee0"], ["sail0", "bee0"]))
    older = 1 / (1 + np.log10(2))
    assert both == pytest.approx((bee + older * sail) / (1 + older))


def test_a_classes_weight_does_not_follow_its_size() -> None:
    """In Scholar Inbox's regression all likes weigh .48 and the random papers .52, however many these are.

    On one feature that is the same in all papers, the chance of a like is then the likes' share.
    """
    names = [str(number) for number in range(SHARED_RANDOM + 1_000)]
    papers = {name: ReplayPaper(name, "", "", None, None) for name in names}
    inbox = next(peer for peer in choose_peers(_no_events(papers), None, slow=False) if "Inbox" in peer.name)
    assert isinstance(inbox, Peer)
    flat = replace(inbox, vectorize=lambda _background, texts: np.zeros((len(texts), 1)))
    (logit,) = flat.fit(list(papers.values())[1:], papers)(["0"], ["1"])
    assert 1 / (1 + np.exp(-logit)) == pytest.approx(0.48, abs=1e-4)


def _no_events(papers: Mapping[str, ReplayPaper]) -> ReplaySet:
    return ReplaySet("none", papers, {}, ())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("arxiv-sanity-lite", (0.881, 0.319, 0.430, 0.269)),
        ("Scholar Inbox", (0.888, 0.329, 0.410, 0.273)),
        ("TF-IDF centroid", (0.875, 0.322, 0.400, 0.266)),
    ],
)
def test_peers_come_to_the_figures_that_are_known_of_them(
    name: str, expected: tuple[float, float, float, float]
) -> None:
    """On real libraries each has the AUC, MRR, hit@3 and nDCG@10 that were measured once before."""
    folder = Path(__file__).parents[2] / "../shared/data/replay/citeulike-abstracts"
    if not folder.is_dir():
        pytest.skip("the replay sets are not part of the repository")
    replay = read_replay(folder).sample(100)
    (peer,) = (peer for peer in choose_peers(replay, None, slow=False) if peer.name == name)
    assert evaluate(peer, replay).metrics[:4] == pytest.approx(expected, abs=0.003)
