"""The two panels of counts: thumbs over time, and the share of picks liked by slot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.transforms import Affine2D, Transform, blended_transform_factory

from bot.pictures import style
from bot.pictures.scene import Bar, Labels, Share

_ROOM = 1.45  # of the highest bar, for the number at its end
_BAR = 0.72  # of a span's width


def draw_votes(axes: Axes, bars: Sequence[Bar], labels: Labels) -> None:
    """Draw thumbs up above the line and thumbs down below it, with their numbers."""
    spans = range(len(bars))
    ups, downs = [bar.ups for bar in bars], [bar.downs for bar in bars]
    highest = max([1, *ups, *downs])
    axes.bar(spans, ups, width=_BAR, color=style.UP)
    axes.bar(spans, [-down for down in downs], width=_BAR, color=style.DOWN)
    for span, (up, down) in enumerate(zip(ups, downs, strict=True)):
        _number(axes, span, up, style.UP)
        _number(axes, span, -down, style.DOWN)
    axes.axhline(0, color=style.QUIET, linewidth=0.8)
    axes.set(xlim=(-0.6, len(bars) - 0.4), ylim=_reach(ups, downs, highest), yticks=[])
    axes.set_xticks(spans, labels.spans, fontsize=style.SMALL, color=style.QUIET)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def draw_shares(axes: Axes, shares: Sequence[Share], labels: Labels) -> None:
    """Draw each share as a dot on the line that it lies on for all that is known, the first on top."""
    axes.set(xlim=(-0.02, 1.02), ylim=(len(shares) - 0.5, -0.5), yticks=[])
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks((0, 0.5, 1), labels.percents, fontsize=style.SMALL, color=style.QUIET)
    for edge in (0, 0.5, 1):
        axes.axvline(edge, color=style.RULE, linewidth=1, zorder=0)
    for row, share in enumerate(shares):
        axes.plot((share.low, share.high), (row, row), color=style.FAINT, linewidth=6, solid_capstyle="round")
        axes.plot(share.value, row, marker="o", markersize=9, color=style.UP, clip_on=False)
        _beside(axes, row, labels.slots[row], labels.counts[row])


def _number(axes: Axes, span: int, height: int, color: str) -> None:
    if height:
        axes.annotate(
            str(abs(height)),
            (span, height),
            (0, 2 if height > 0 else -2),
            textcoords="offset points",
            ha="center",
            va="bottom" if height > 0 else "top",
            fontsize=style.SMALL,
            color=color,
        )


def _reach(ups: Sequence[int], downs: Sequence[int], highest: int) -> tuple[float, float]:
    """Leave room for numbers at the ends of bars, and none for a side that has no bars."""
    spare = (_ROOM - 1) * highest
    return -(max(downs) + spare) if any(downs) else 0.0, max(ups, default=0) + spare


def _beside(axes: Axes, row: int, name: str, count: str) -> None:
    look: dict[str, Any] = {"va": "center", "fontsize": style.LABEL, "color": style.INK}
    axes.text(style.MARGIN, row, name, transform=_points_by_row(axes), **look)
    axes.text(1.05, row, count, transform=axes.get_yaxis_transform(), **look)


def _points_by_row(axes: Axes) -> Transform:
    """Measure across in points from the picture's left edge, and down in rows."""
    points = Affine2D().scale(style.DOTS_PER_INCH / style.POINTS_PER_INCH)
    return blended_transform_factory(points, axes.transData)
