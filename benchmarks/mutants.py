"""Bodies to try parsers on: real and invented dumps, and what is left of them after accidents and malice.

Pure but for reading the corpus: the same seed and number always give the same mutant.
"""

from __future__ import annotations

import gzip
import html
import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

Mutation = Callable[[random.Random, bytes], bytes]

_REPOSITORY = Path(__file__).parents[1]
_CORPUS = (
    (_REPOSITORY / "tests" / "sources" / "golden", "*"),
    (_REPOSITORY.parent / "shared" / "dumps", "*.txt"),
    (_REPOSITORY.parent / "shared" / "data" / "huggingface", "*.json"),
    (_REPOSITORY.parent / "shared" / "data" / "arxiv", "*.x*"),
)
_LARGEST_SEED = 250_000
_LARGEST_MUTANT = 4_000_000
_MOST_MUTATIONS = 5
_TEXT = "Weeds Win\nWe study how gardens grow when nobody looks, and find that weeds win.\n"
_ENTRY = {"paper": {"id": "2509.25541v2", "title": "Weeds Win", "summary": "Weeds win.", "upvotes": 3}}
_TOKENS = tuple(
    token.encode("utf-8", "surrogatepass")
    for tokens in (
        '[]{},:"\\<>&;#=\n\r\t•·|-()0.\x00\x85\u2028\u202e\u2066\u200b\u200d\ufeff\ud800\U000e0041Σé漢🤖',
        (
            "null",
            "true",
            "NaN",
            "Infinity",
            "-1e999",
            "9" * 400,
            "0x" + "f" * 99,
            '"paper":',
            '{"paper":',
            '"x"',
        ),
        (
            '{"title":"a","title":"b"}',
            '"\\ud800"',
            "\\u0000",
            "{'paper': {",
            "[]",
            "{}",
            '""',
            '"title":',
            "\x1b[2J",
        ),
        (
            "<!DOCTYPE html>",
            "<?xml version='1.0'?>",
            "<feed>",
            "<rss>",
            "<entry>",
            "</entry>",
            "<title>",
            "<br>",
        ),
        (
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<script>",
            "<div data-props='",
            "&quot;",
            "&#0;",
            "&#x110000;",
            "<p>",
        ),
        ('<!DOCTYPE a [<!ENTITY b "cc">]>', "&b;", '<!ENTITY c SYSTEM "file:///etc/passwd">', "&amp;" * 40),
        (
            "Daily Papers\n",
            "Subscribe",
            "• 4 authors\n",
            "Mar 29, 2023\n",
            "Feb 31\n",
            "Upvote\n",
            "12\n",
            "·\n",
        ),
        (
            "Submitted by\n",
            "GitHub 1.2k\n",
            "arXiv:2509.25541v9",
            "http://arxiv.org/abs/2509.25541v1",
            "\n\n",
        ),
        ("The", " we ", "A" * 500, "word " * 300, ". ", "-\n"),
    )
    for token in tokens
)
_BYTES = (
    b"\xff",
    b"\xc3",
    b"\x80\x81",
    b"\xed\xa0\x80",
    b"\x1f\x8b",
    b"\x1f\x8b\x08\x00",
    b"\xff\xfe",
    b"\xf0\x9f\xa4",
)
_NESTS = (
    b"[",
    b'{"a":',
    b'{"paper":',
    b"<div>",
    b"<entry>",
    b"<a b='",
    b"(",
    b"[{}],",
    b"{},",
    b"&lt;",
    b"\n",
    b"1, ",
)
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "utf-7")
_VALUE = re.compile(rb'"[^"\\]{0,200}"|\d+|true|false|null')
_CHANGED_VALUES = 0.03
_VALUES = (
    b"null",
    b"[]",
    b"{}",
    b"-1",
    b"1e999",
    b"NaN",
    b'""',
    b'"\\ud800"',
    b"[[]]",
    b'{"a":1}',
    b"9" * 99,
)


def read_corpus() -> list[bytes]:
    """Read all whole dumps that are at hand, and two that are always there."""
    files = [path for folder, pattern in _CORPUS for path in sorted(folder.glob(pattern)) if path.is_file()]
    whole = [body for path in files if len(body := path.read_bytes()) <= _LARGEST_SEED]
    return [_TEXT.encode(), json.dumps([_ENTRY, _ENTRY]).encode(), *whole]


def breed(corpus: Sequence[bytes], seed: int, number: int) -> bytes:
    """Make the mutant of that number: a body of the corpus, a few accidents later."""
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - dice, no secret
    body = chance.choice(corpus)
    for _ in range(chance.randint(0, _MOST_MUTATIONS)):
        mutate = chance.choice(_MUTATIONS)
        body = _splice(chance, body, corpus) if mutate is None else mutate(chance, body)
    return body[:_LARGEST_MUTANT]


def _splice(chance: random.Random, body: bytes, corpus: Sequence[bytes]) -> bytes:
    """Put a piece of another body into this one."""
    other = chance.choice(corpus)
    begin, end = _span(chance, other)
    place = chance.randint(0, len(body))
    return body[:place] + other[begin:end] + body[place:]


def _flip(chance: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.choice((1, 1, 8, 64)) if body else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(chance: random.Random, body: bytes) -> bytes:
    place = chance.randint(0, len(body))
    return chance.choice((body[:place], body[:place], body[place:]))


def _drop(chance: random.Random, body: bytes) -> bytes:
    begin, end = _span(chance, body)
    return body[:begin] + body[end:]


def _repeat(chance: random.Random, body: bytes) -> bytes:
    begin, end = _span(chance, body)
    times = min(chance.choice((2, 10, 1_000, 50_000)), _LARGEST_MUTANT // max(1, end - begin))
    return body[:begin] + body[begin:end] * times + body[end:]


def _insert(chance: random.Random, body: bytes) -> bytes:
    for _ in range(chance.choice((1, 2, 10))):
        place = chance.randint(0, len(body))
        body = body[:place] + chance.choice(_TOKENS + _BYTES) + body[place:]
    return body


def _nest(chance: random.Random, body: bytes) -> bytes:
    piece = chance.choice(_NESTS) * chance.choice((10, 1_000, 100_000))
    place = chance.choice((0, chance.randint(0, len(body))))
    return body[:place] + piece + body[place:]


def _replace_values(chance: random.Random, body: bytes) -> bytes:
    """Change the types of values as no server should."""
    return _VALUE.sub(
        lambda found: chance.choice(_VALUES) if chance.random() < _CHANGED_VALUES else found[0], body
    )


def _shuffle_lines(chance: random.Random, body: bytes) -> bytes:
    lines = body.split(b"\n")
    begin, end = sorted((chance.randrange(len(lines)), chance.randrange(len(lines))))
    piece = lines[begin:end]
    chance.shuffle(piece)
    return b"\n".join(lines[:begin] + piece + lines[end:])


def _recode(chance: random.Random, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode(chance.choice(_ENCODINGS), "replace")


def _mix_encodings(chance: random.Random, body: bytes) -> bytes:
    begin, end = _span(chance, body)
    return body[:begin] + _recode(chance, body[begin:end]) + body[end:]


def _change_line_ends(chance: random.Random, body: bytes) -> bytes:
    return body.replace(b"\n", chance.choice((b"\r\n", b"\r", b"", b"\n\n", b" ")))


def _pack(chance: random.Random, body: bytes) -> bytes:
    packed = gzip.compress(body, compresslevel=1, mtime=0)
    return chance.choice((packed, _flip(chance, packed), _cut(chance, packed)))


def _wrap_in_page(chance: random.Random, body: bytes) -> bytes:
    props = html.escape(f'{{"dailyPapers":{body.decode("utf-8", "replace")}}}')
    quote = chance.choice("\"'")
    return f"<!DOCTYPE html><div data-target=DailyPapers data-props={quote}{props}{quote}>".encode()


def _noise(chance: random.Random, body: bytes) -> bytes:
    begin, end = _span(chance, body)
    return body[:begin] + chance.randbytes(min(end - begin, 1_000)) + body[end:]


def _span(chance: random.Random, body: bytes) -> tuple[int, int]:
    """Choose a piece: mostly a short one."""
    begin = chance.randint(0, len(body))
    return begin, min(len(body), begin + chance.choice((1, 20, 400, len(body))))


_MUTATIONS: Sequence[Mutation | None] = (
    None,  # a piece of another body
    *(_flip, _cut, _drop, _repeat, _insert, _insert, _nest, _replace_values, _shuffle_lines, _recode),
    *(_mix_encodings, _change_line_ends, _pack, _wrap_in_page, _noise),
)
