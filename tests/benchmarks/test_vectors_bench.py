from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bot.settings import Settings

ROOT = Path(__file__).parents[2]


def test_each_figure_is_a_json_line(tmp_path: Path) -> None:
    """A small run without a model measures all but the model, and names what was drawn."""
    inherited = {k: v for k, v in os.environ.items() if k.lower() not in Settings.model_fields}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.vectors", "--fitted", "150", "--shelved", "200", "--json"],
        cwd=tmp_path,
        env=inherited | {"PYTHONPATH": str(ROOT), "EMBEDDING_MODEL": "off"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert figures["100 new papers, by words alone"]["target"] == "under 0.2"
    assert figures["refit on 150 papers, drawn vectors at hand"]["target"] == "under 60"
    assert "100 new papers, read by the model" not in figures
    load = figures.pop("load of the machine in the last minute")
    assert load["value"] >= 0
    assert all(figure["value"] > 0 for figure in figures.values())
