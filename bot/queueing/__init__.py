"""The queue on PostgreSQL: which readers are planned for by which process, in ranges of some thousand."""
