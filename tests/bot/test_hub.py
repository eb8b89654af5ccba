"""Fetching the model, from a stand-in for the hub on this machine."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.ranking.hub import MINILM, HubFile, fetch_model
from bot.ranking.model_files import MODEL, TOKENIZER, ModelError

CONTENT = {"/weights": b"weights" * 100_000, "/words": b"words"}


class Hub:
    """A hub that redirects to where its files lie, as the real one does; it remembers what it was asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[str] = []
        self.content = dict(CONTENT)
        self.endless = False

    def files(self) -> tuple[HubFile, ...]:
        """Name the two files as they are known."""
        return tuple(
            HubFile(f"{self.url}{path}", name, len(content), hashlib.sha256(content).hexdigest())
            for (path, content), name in zip(CONTENT.items(), (MODEL, TOKENIZER), strict=True)
        )


@pytest.fixture
def hub() -> Iterator[Hub]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.asked.append(self.path)
            path = self.path.removeprefix("/store")
            if path not in hub.content:
                self.send_error(404)
            elif path == self.path:
                self.send_response(302)
                self.send_header("Location", f"/store{path}")
                self.end_headers()
            else:
                self.send_response(200)
                self.end_headers()
                self.send(hub.content[path])

        def send(self, content: bytes) -> None:
            self.wfile.write(content)
            with suppress(ConnectionError):
                while hub.endless:
                    self.wfile.write(bytes(100_000))

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub = Hub(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield hub
    server.shutdown()
    thread.join()
    server.server_close()


def held(folder: Path) -> dict[str, bytes]:
    """Read all files of a folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_both_files_are_fetched(hub: Hub, tmp_path: Path) -> None:
    """They lie in the folder, which is made, under their names and with nothing beside them."""
    fetch_model(tmp_path / "new" / "models", hub.files())
    assert held(tmp_path / "new" / "models") == {MODEL: CONTENT["/weights"], TOKENIZER: CONTENT["/words"]}


@pytest.mark.parametrize("sent", [b"WORDS", b"word", b"words and more", b""])
def test_other_bytes_are_not_kept(hub: Hub, tmp_path: Path, sent: bytes) -> None:
    """What is not the known file byte for byte leaves nothing behind, whether longer, shorter or changed."""
    hub.content["/words"] = sent
    with pytest.raises(ModelError, match=r"another tokenizer\.json than the one that is known"):
        fetch_model(tmp_path, hub.files())
    assert set(held(tmp_path)) == {MODEL}


def test_a_file_without_end_is_given_up(hub: Hub, tmp_path: Path) -> None:
    """Whoever sends more than the file fills neither memory nor disk."""
    hub.endless = True
    with pytest.raises(ModelError, match=r"another model\.onnx"):
        fetch_model(tmp_path, hub.files())
    assert held(tmp_path) == {}


def test_a_file_that_is_gone_is_told(hub: Hub, tmp_path: Path) -> None:
    """The hub's refusal is told by its status, in one line."""
    del hub.content["/weights"]
    with pytest.raises(ModelError, match=r"could not be fetched from the hub \(status 404\)") as caught:
        fetch_model(tmp_path, hub.files())
    assert "\n" not in str(caught.value)
    assert held(tmp_path) == {}


def test_a_hub_out_of_reach_is_told(tmp_path: Path) -> None:
    """Without a network there is no model, and no crash."""
    nowhere = HubFile("http://127.0.0.1:9/words", TOKENIZER, 5, "")
    with pytest.raises(ModelError, match=r"could not be fetched from the hub \(ConnectError\)"):
        fetch_model(tmp_path, [nowhere])


def test_a_folder_that_cannot_be_made_is_told(hub: Hub, tmp_path: Path) -> None:
    """A file in the folder's place is no crash either."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match=r"file cannot be written"):
        fetch_model(tmp_path / "file", hub.files())


def test_the_known_files_are_of_one_revision() -> None:
    """The addresses name a revision, so that the hub's next version changes nothing here."""
    folders = {file.address.partition("/resolve/")[2].partition("/")[0] for file in MINILM}
    assert [len(folder) for folder in folders] == [40]
    assert {file.name for file in MINILM} == {MODEL, TOKENIZER}
