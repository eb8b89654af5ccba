"""The letters of a picture: which fonts write them, and what of a text can be written at all.

A term is data: it may hold any sign, is never read as a formula, and what no font can write is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from bot.pictures.scene import Labels, Scene

BASE = "DejaVu Sans"  # comes with matplotlib
# Fonts for Chinese that systems bring along, the most usual first; of a family of several countries' letters
# matplotlib may see one country only.
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class Lettering:
    """Fonts, asked in this order for each letter, and the letters that they have."""

    families: tuple[str, ...]
    letters: frozenset[str]

    @classmethod
    def find(cls, wanted: Sequence[str] = CHINESE) -> Lettering:
        """Take the base font, and the first of the wanted ones that is installed."""
        files = {font.name: font.fname for font in reversed(font_manager.fontManager.ttflist)}
        families = (BASE, *[name for name in wanted if name in files][:1])
        return cls(families, frozenset[str]().union(*(_letters(files[name]) for name in families)))

    def choose(self, scene: Scene) -> Labels:
        """Choose the labels in the reader's language if all of their letters can be written."""
        return scene.labels if self.letters.issuperset(scene.labels.letters) else scene.english

    def clean(self, text: str, longest: int) -> str:
        """Keep what of a text can be written, in one line of at most so many letters."""
        seen = "".join(letter for letter in text if self._writes(letter))
        line = " ".join(seen.split())
        return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"

    def _writes(self, letter: str) -> bool:
        return letter.isspace() or (letter in self.letters and unicodedata.category(letter) not in _UNSEEN)


def _letters(file: str) -> frozenset[str]:
    return frozenset(map(chr, FT2Font(file).get_charmap()))
