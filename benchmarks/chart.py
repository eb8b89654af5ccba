"""Draws quality against cost: one panel a set, one point a ranker, the cost on a logarithmic axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

_OURS, _THEIRS, _INK, _FAINT, _GRID = "#c2410c", "#475569", "#1e293b", "#94a3b8", "#e2e8f0"
_CHEAPEST_MS = 0.01  # what costs less, such as reading a number off, stands there
# Where a label may stand, in points from its point: the first place is taken that is free.
_BESIDE = [(dx, dy) for dy in (0, 9, -9) for dx in (9, -9)]
_AWAY = [(dx, dy) for dy in (18, -18, 28, -28, 38, -38) for dx in (9, 0, -9)]


@dataclass(frozen=True, slots=True)
class Point:
    """A ranker on a set: what an event costs, and a measure with its interval."""

    name: str
    ours: bool
    ms: float
    value: float
    low: float
    high: float


def draw_chart(panels: Sequence[tuple[str, Sequence[Point]]], measure: str, file: Path) -> None:
    """Draw panels, each with a title, side by side into a PNG file."""
    figure = Figure(figsize=(5.2 * len(panels), 4.6), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    all_axes = figure.subplots(1, len(panels), squeeze=False, sharex=True)[0]
    for axes, (title, points) in zip(all_axes, panels, strict=True):
        _draw_panel(axes, title, points)
    figure.supylabel(f"{measure}, 95 % interval over users", color=_INK, fontsize=10)
    figure.supxlabel("milliseconds an event, on one core, logarithmic", color=_INK, fontsize=10)
    figure.draw_without_rendering()  # the layout must stand before labels look for room
    for axes, (_, points) in zip(all_axes, panels, strict=True):
        _label(axes, points)
    figure.savefig(file, dpi=130)


def _draw_panel(axes: Axes, title: str, points: Iterable[Point]) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_title(title, loc="left", color=_INK, fontsize=11, fontweight="bold")
    axes.grid(visible=True, color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=_INK, labelsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_GRID)
    for point in points:
        axes.errorbar(
            _x(point),
            point.value,
            yerr=[[point.value - point.low], [point.high - point.value]],
            fmt="o",
            markersize=8 if point.ours else 6,
            color=_color(point),
            ecolor=_OURS if point.ours else _FAINT,
            elinewidth=1,
        )
    axes.margins(x=0.25, y=0.1)


def _label(axes: Axes, points: Sequence[Point]) -> None:
    """Name each point, ours first, where no other point or label is."""
    taken = [box for point in points for box in _boxes_of_point(axes, point)]
    for point in sorted(points, key=lambda point: (not point.ours, -point.value)):
        taken.append(_place(axes, point, taken))


def _place(axes: Axes, point: Point, taken: Sequence[Bbox]) -> Bbox:
    """Put a label at the first place that is free and inside, else where it covers least."""
    tried: list[tuple[float, int, int, int, Bbox]] = []
    for dx, dy in (*_BESIDE, *_AWAY):
        label = _annotate(axes, point, dx, dy)
        box = label.get_window_extent().padded(1)
        tried.append((_covered(box, taken) + _outside(box, axes.bbox), len(tried), dx, dy, box))
        label.remove()
        if tried[-1][0] == 0:
            break
    _, _, dx, dy, box = min(tried, key=lambda place: place[:2])
    _annotate(axes, point, dx, dy)
    return box


def _annotate(axes: Axes, point: Point, dx: int, dy: int) -> Annotation:
    return axes.annotate(
        point.name,
        (_x(point), point.value),
        (dx, dy),
        textcoords="offset points",
        horizontalalignment="left" if dx > 0 else "right" if dx < 0 else "center",
        verticalalignment="center",
        color=_color(point),
        fontsize=9,
        fontweight="bold" if point.ours else "normal",
        path_effects=[withStroke(linewidth=3, foreground="white")],
        arrowprops={"arrowstyle": "-", "color": _FAINT, "linewidth": 0.6} if (dx, dy) in _AWAY else None,
    )


def _boxes_of_point(axes: Axes, point: Point) -> list[Bbox]:
    """Give the room of a point and of its interval, in pixels."""
    x, y = axes.transData.transform((_x(point), point.value))
    _, low = axes.transData.transform((_x(point), point.low))
    _, high = axes.transData.transform((_x(point), point.high))
    return [Bbox.from_extents(x - 5, y - 5, x + 5, y + 5), Bbox.from_extents(x - 1, low, x + 1, high)]


def _covered(box: Bbox, taken: Iterable[Bbox]) -> float:
    shared = (Bbox.intersection(box, other) for other in taken)
    return sum(both.width * both.height for both in shared if both)


def _outside(box: Bbox, panel: Bbox) -> float:
    inside = Bbox.intersection(box, panel)
    return box.width * box.height - (inside.width * inside.height if inside else 0)


def _x(point: Point) -> float:
    return max(point.ms, _CHEAPEST_MS)


def _color(point: Point) -> str:
    return _OURS if point.ours else _THEIRS
