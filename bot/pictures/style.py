"""Colours and sizes of a picture. It has its own ground, so that it reads alike in light and dark chats.

Sizes are in points, and a point of the picture is a pixel of a phone that is 375 of them wide.
"""

from __future__ import annotations

WIDTH, HEIGHT = 375, 480
DOTS_PER_INCH = 192  # 1000 x 1280 pixels: Telegram makes larger photos smaller
POINTS_PER_INCH = 72

TITLE, LABEL, SMALL = 13.0, 11.0, 10.5
MARGIN = 14

GROUND, INK, QUIET, FAINT, RULE = "#fdfcf9", "#14213d", "#475569", "#a9b4c2", "#dbe1e8"
# Okabe and Ito 2008, "Color universal design": told apart whatever colours one sees.
UP, DOWN = "#0072b2", "#d55e00"
# Each group has a shape of its own as well, for whom colours tell nothing.
GROUPS = (
    ("#0072b2", "o"),
    ("#d55e00", "s"),
    ("#009e73", "^"),
    ("#cc79a7", "D"),
    ("#e69f00", "v"),
    ("#56b4e9", "P"),
)
UNGROUPED = (INK, "o")
