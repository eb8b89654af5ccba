"""The database: tables, migrations, and one module a noun (papers, dumps, readers, votes, ledger).

Rows never leave this package: its functions take an open session and give back frozen values. The caller owns
the transaction (`storage.database`). Nothing here knows Telegram, sources or a clock: ``now`` is always an
argument.
"""
