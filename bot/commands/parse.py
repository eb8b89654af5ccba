"""`paperboy parse`: what is found in dumps, without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.commands.dump_files import UnreadableFileError, read_dump
from recommender.values import Paper


def print_papers(files: Sequence[Path]) -> bool:
    """Print papers as JSON lines, rejects as ``file:line: reason``; tell whether each file gave a paper."""
    gave = [_print_file(file) for file in files]
    return all(gave)


def _print_file(file: Path) -> bool:
    try:
        parsed = read_dump(file)
    except UnreadableFileError as error:
        sys.stderr.write(f"{error}\n")
        return False
    for paper in parsed.papers:
        sys.stdout.write(json.dumps(_as_json(paper), ensure_ascii=False) + "\n")
    for reject in parsed.rejects:
        excerpt = f": {reject.excerpt}" if reject.excerpt else ""
        sys.stderr.write(f"{file}:{reject.line or 1}: {reject.reason}{excerpt}\n")
    return bool(parsed.papers)


def _as_json(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "author_count": paper.author_count,
        "published": paper.published.isoformat() if paper.published else None,
        "published_text": paper.published_text,
        "featured": paper.featured.isoformat() if paper.featured else None,
        "comments": paper.comments,
        "upvotes": paper.upvotes,
        "arxiv_id": paper.arxiv_id,
    }
