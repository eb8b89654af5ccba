"""Figures for speed and memory, each run as ``python -m benchmarks.NAME [--json]``."""
