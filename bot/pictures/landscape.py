"""The map of papers: dots, and the names of the groups among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from bot.pictures import style
from bot.pictures.lettering import Lettering
from bot.pictures.placing import Box, Point, find_room
from bot.pictures.scene import Dot, Labels, Scene

_EDGE = 1.08  # how far the map goes where the dots go to 1
_TERMS = 2  # of a group; a third tells little more and needs a line
_LONGEST_TERM = 24
_LIKED_SIZE, _RECENT_SIZE = 44, 9
_PADDING = 3.5  # around a label: half a dot


def draw_map(axes: Axes, scene: Scene, labels: Labels, lettering: Lettering) -> list[Box]:
    """Draw the dots, and the names of the groups where they find room, the largest group first.

    Returns:
        The room that each name took.
    """
    axes.set(xlim=(-_EDGE, _EDGE), ylim=(-_EDGE, _EDGE), xticks=[], yticks=[])
    axes.set_facecolor("white")
    axes.spines[:].set_color(style.RULE)
    if not scene.dots:
        axes.text(0, 0, labels.nothing_placed, ha="center", va="center", fontsize=style.LABEL, wrap=True)
    _scatter(axes, [dot for dot in scene.dots if not dot.liked], (style.FAINT, "o"), _RECENT_SIZE)
    for group in (None, *range(len(scene.groups))):
        look = style.UNGROUPED if group is None else style.GROUPS[group % len(style.GROUPS)]
        _scatter(axes, [dot for dot in scene.dots if dot.liked and dot.group == group], look, _LIKED_SIZE)
    return _name_groups(axes, scene, lettering)


def _scatter(axes: Axes, dots: Sequence[Dot], look: tuple[str, str], size: float) -> None:
    color, marker = look
    places = [dot.x for dot in dots], [dot.y for dot in dots]
    axes.scatter(*places, s=size, color=color, marker=marker, edgecolors="white", linewidths=0.7, zorder=2)


def _name_groups(axes: Axes, scene: Scene, lettering: Lettering) -> list[Box]:
    frame = _in_points(axes, [(-_EDGE, -_EDGE), (_EDGE, _EDGE)])
    liked = _in_points(axes, [(dot.x, dot.y) for dot in scene.dots if dot.liked])
    taken: list[Box] = []
    for group, terms in enumerate(scene.groups):
        names = [lettering.clean(term, _LONGEST_TERM) for term in terms]
        members = _in_points(axes, [(dot.x, dot.y) for dot in scene.dots if dot.group == group])
        lines = [name for name in names if name][:_TERMS]
        if members and lines:
            taken += _name(axes, lines, _middle_one(members), taken, liked, Box(*frame[0], *frame[1]))
    return taken


def _name(  # noqa: PLR0913, PLR0917 - what a label must reckon with
    axes: Axes, lines: Sequence[str], anchor: Point, taken: Sequence[Box], dots: Sequence[Point], frame: Box
) -> list[Box]:
    """Write a name beside its anchor, with fewer of its lines where room is short; tell the room it took."""
    for count in range(len(lines), 0, -1):
        label = _write(axes, "\n".join(lines[:count]))
        box = find_room(anchor, _size(label), taken, dots, frame)
        if box:
            _put(axes, label, box, anchor)
            return [box]
        label.remove()
    return []


def _write(axes: Axes, name: str) -> Text:
    return axes.annotate(
        name,
        (0, 0),
        xycoords="figure points",
        fontsize=style.LABEL,
        fontweight="bold",
        color=style.INK,
        linespacing=1.05,
        annotation_clip=False,
        path_effects=[withStroke(linewidth=3, foreground="white")],
        zorder=4,
    )


def _put(axes: Axes, label: Text, box: Box, anchor: Point) -> None:
    label.set(x=box.left + _PADDING, y=box.bottom + _PADDING)
    near = min(max(anchor[0], box.left), box.right), min(max(anchor[1], box.bottom), box.top)
    line = {"arrowstyle": "-", "color": style.QUIET, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 0}
    axes.annotate(
        "", anchor, near, xycoords="figure points", textcoords="figure points", arrowprops=line, zorder=1
    )


def _size(label: Text) -> Point:
    extent = label.get_window_extent()
    scale = style.POINTS_PER_INCH / style.DOTS_PER_INCH
    return extent.width * scale + 2 * _PADDING, extent.height * scale + 2 * _PADDING


def _in_points(axes: Axes, places: Iterable[Point]) -> list[Point]:
    scale = style.POINTS_PER_INCH / style.DOTS_PER_INCH
    pixels = (axes.transData.transform(place) for place in places)
    return [(float(x) * scale, float(y) * scale) for x, y in pixels]


def _middle_one(points: Sequence[Point]) -> Point:
    """Choose the point that is nearest to all the others."""
    return min(points, key=lambda one: sum(abs(one[0] - x) + abs(one[1] - y) for x, y in points))
