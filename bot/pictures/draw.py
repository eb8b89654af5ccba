"""Draws a picture: ``python -m bot.pictures.draw`` reads a scene from its input and writes a PNG.

It runs in a process of its own, so that the memory that drawing takes goes back when it is done.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.pictures import style
from bot.pictures.counts import draw_shares, draw_votes
from bot.pictures.landscape import draw_map
from bot.pictures.lettering import Lettering
from bot.pictures.scene import Labels, Scene, unpack

Panel = tuple[float, float, float, float]  # left, bottom, width and height, in points
Key = tuple[str, list[tuple[str, str]]]  # a name, and the marks with their colours that it explains

_MAP: Panel = (style.MARGIN, 212, style.WIDTH - 2 * style.MARGIN, 244)
_VOTES: Panel = (style.MARGIN, 129, style.WIDTH - 2 * style.MARGIN, 56)
_SHARES: Panel = (132, 20, 160, 64)
_ABOVE = 7  # a title's distance from its panel
_GAP = 4


def render(scene: Scene, lettering: Lettering) -> bytes:
    """Draw a scene as a PNG of 1000 x 1280 pixels."""
    labels = lettering.choose(scene)
    with rc_context({"text.parse_math": False, "font.family": list(lettering.families)}):
        figure = Figure(_inches(style.WIDTH, style.HEIGHT), style.DOTS_PER_INCH, facecolor=style.GROUND)
        FigureCanvasAgg(figure)
        draw_map(_panel(figure, _MAP), scene, labels, lettering)
        _head(figure, _MAP, labels.map_title, _liked_key(labels), (labels.recent, [("●", style.FAINT)]))
        draw_votes(_panel(figure, _VOTES), scene.bars, labels)
        _head(
            figure,
            _VOTES,
            labels.votes_title,
            (labels.ups, [("■", style.UP)]),
            (labels.downs, [("■", style.DOWN)]),
        )
        _draw_shares(figure, scene, labels)
        png = BytesIO()
        figure.savefig(png, format="png", dpi=style.DOTS_PER_INCH)
    return png.getvalue()


def main() -> None:
    """Draw the scene on the standard input."""
    sys.stdout.buffer.write(render(unpack(sys.stdin.buffer.read()), Lettering.find()))


def _draw_shares(figure: Figure, scene: Scene, labels: Labels) -> None:
    _, bottom, _, height = _SHARES
    whole = (style.MARGIN, bottom, style.WIDTH - 2 * style.MARGIN, height)
    _head(figure, whole, labels.shares_title)
    if scene.shares:
        draw_shares(_panel(figure, _SHARES), scene.shares, labels)
    else:
        line = bottom + height - style.LABEL
        _write(figure, style.MARGIN, line, labels.nothing_shown, fontsize=style.LABEL, color=style.QUIET)


def _liked_key(labels: Labels) -> Key:
    """Show some of the marks that liked papers have."""
    colors = [color for color, _ in style.GROUPS]
    return labels.liked, list(zip("●■▲", colors, strict=False))


def _head(figure: Figure, panel: Panel, title: str, *keys: Key) -> None:
    """Write a title above a panel, and at its right end what the marks mean."""
    left, bottom, width, height = panel
    line = bottom + height + _ABOVE
    _write(figure, left, line, title, fontsize=style.TITLE, fontweight="bold", color=style.INK)
    right = left + width
    for name, marks in reversed(keys):
        right -= _write(figure, right, line, name, ha="right", fontsize=style.SMALL, color=style.QUIET)
        right -= _GAP
        for mark, color in reversed(marks):
            right -= _write(figure, right, line, mark, ha="right", fontsize=style.SMALL, color=color)
        right -= 2 * _GAP


def _write(figure: Figure, left: float, bottom: float, text: str, **look: Any) -> float:
    """Write a text and tell its width."""
    written = figure.text(*_share(left, bottom), text, **look)
    width: float = written.get_window_extent().width * style.POINTS_PER_INCH / style.DOTS_PER_INCH
    return width


def _panel(figure: Figure, panel: Panel) -> Axes:
    left, bottom, width, height = panel
    return figure.add_axes((*_share(left, bottom), *_share(width, height)), facecolor="none")


def _share(x: float, y: float) -> tuple[float, float]:
    return x / style.WIDTH, y / style.HEIGHT


def _inches(width: float, height: float) -> tuple[float, float]:
    return width / style.POINTS_PER_INCH, height / style.POINTS_PER_INCH


if __name__ == "__main__":
    main()
