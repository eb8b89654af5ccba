"""Pure values and maths: papers and votes in, picks and reasons out; no clock, file, network or database."""

from recommender.affinity import affinity
from recommender.features import FeatureSpace
from recommender.recommend import recommend
from recommender.shelf import Shelf
from recommender.values import Candidate, Paper, Pick, Reason, Slot, Vote

__all__ = [
    "Candidate",
    "FeatureSpace",
    "Paper",
    "Pick",
    "Reason",
    "Shelf",
    "Slot",
    "Vote",
    "affinity",
    "recommend",
]
