"""A database on PostgreSQL that test after test uses, emptied in between: to make one takes ten times longer.

No test changes the tables of a database that it was given with tables; those that do ask for a bare one.
"""

from __future__ import annotations

import psycopg

# Its own schemas are as they were made: one of the migrations, and one of the queue from the first bot on.
_FILLED = """
    SELECT format('%I.%I', schemaname, tablename) AS name,
           pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) AS size
    FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'alembic_version'
      AND pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0
"""
_OTHERS_OFF = """
    SELECT pg_terminate_backend(pid, 5000)
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_COUNT_ANEW = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""
_LONG = 2**18  # bytes of a table that is worth a new file; a deletion leaves its rows to be passed over


def empty(url: str) -> None:
    """Cut off whoever is still there, and delete all rows but the version of the tables."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_OTHERS_OFF)
        tables = connection.execute(_FILLED).fetchall()
        if short := [name for name, size in tables if size < _LONG]:
            # One statement, for what refers to each other goes at once.
            deletions = [f"t{number} AS (DELETE FROM {name})" for number, name in enumerate(short)]  # noqa: S608 - names of ours
            connection.execute(f"WITH {', '.join(deletions)} SELECT".encode())
        if long := [name for name, size in tables if size >= _LONG]:
            connection.execute(f"TRUNCATE {', '.join(long)} CASCADE".encode())
        connection.execute(_COUNT_ANEW)
