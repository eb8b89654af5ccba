"""A newsstand: a stand-in for Hugging Face and arXiv, over real HTTP, whose troubles are told to it.

It stands alone, as they do: it imports nothing of the project but its fellow modules.
"""

from benchmarks.newsstand.stand import Asked, Newsstand
from benchmarks.newsstand.values import World
from benchmarks.newsstand.worlds import invent, record

__all__ = ["Asked", "Newsstand", "World", "invent", "record"]
