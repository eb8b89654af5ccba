"""Where the labels of a map go, so that no two overlap. Pure geometry, in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]

_AWAY = (6.0, 12.0, 20.0, 30.0)  # from what is named
_DIRECTIONS = tuple((right, up) for up in (0, 0.5, -0.5, 1, -1) for right in (1, -1, 0) if right or up)
_DOT_COST = 12.0  # a label would rather go so far than cover a dot


@dataclass(frozen=True, slots=True)
class Box:
    """The room of a label."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Tell whether two share room."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def holds(self, point: Point) -> bool:
        """Tell whether a point lies in it."""
        return self.left <= point[0] <= self.right and self.bottom <= point[1] <= self.top

    def is_within(self, frame: Box) -> bool:
        """Tell whether all of it lies in a frame."""
        corners = ((self.left, self.bottom), (self.right, self.top))
        return all(frame.holds(corner) for corner in corners)


def find_room(
    anchor: Point, size: Point, taken: Sequence[Box], dots: Sequence[Point], frame: Box
) -> Box | None:
    """Find room near an anchor for a label of this width and height, in the frame and free of what is taken.

    The nearer and the fewer dots it covers the better; None where there is no room.
    """
    options = ((away, _beside(anchor, size, away, *way)) for away in _AWAY for way in _DIRECTIONS)
    free = [
        (away + _DOT_COST * sum(map(box.holds, dots)), box)
        for away, box in options
        if box.is_within(frame) and not any(map(box.meets, taken))
    ]
    return min(free, key=lambda option: option[0])[1] if free else None


def _beside(anchor: Point, size: Point, away: float, right: float, up: float) -> Box:
    """Put a box at a distance from the anchor, on the side that ``right`` and ``up`` tell, from -1 to 1."""
    (x, y), (width, height) = anchor, size
    left = x + right * away - width * (1 - right) / 2
    bottom = y + up * away - height * (1 - up) / 2
    return Box(left, bottom, left + width, bottom + height)
