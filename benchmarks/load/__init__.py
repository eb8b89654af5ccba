"""What the bot bears: the real one in a process of its own, the post office in this one, SQLite on disk.

Each load is a module with a ``measure`` that tells its figures; ``python -m benchmarks.load`` runs them.
"""
