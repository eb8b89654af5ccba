"""What processes share: who does what only one may do, the pace of the bot, who carries out an update.

And indexes fit for a million readers: of those rows alone that are asked for by them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; no update that waits is held by anybody."""
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "paces",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_paces"),
    )
    op.add_column("inbox", sa.Column("holder", sa.String(), nullable=True))
    op.add_column("inbox", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_inbox_chat_id", "inbox", ["chat_id"])
    _index_what_is_asked_for()
    if op.get_bind().dialect.name == "postgresql":
        # Each row is claimed and settled soon after it was planned. What that leaves behind lies at the head
        # of the index that claims are made by; as a fifth of all rows ever it would slow each of them down.
        op.execute(
            "ALTER TABLE digests SET (autovacuum_vacuum_scale_factor = 0.01, vacuum_index_cleanup = on)"
        )
        _have_votes_in_their_key()


def _have_votes_in_their_key() -> None:
    """Let the votes of a chat be read from the key alone: their rows lie scattered, as they came in time."""
    op.execute(
        "ALTER TABLE votes DROP CONSTRAINT pk_votes,"
        " ADD CONSTRAINT pk_votes PRIMARY KEY (chat_id, paper_id, person_id) INCLUDE (up, at)"
    )


def _index_what_is_asked_for() -> None:
    for table, columns in _OLD_INDEXES:
        op.drop_index(f"ix_{table}_{columns}", table)
    for table, names, condition in _NEW_INDEXES:
        where = None if condition is None else sa.text(condition)
        name = f"ix_{table}_{'_'.join(names)}"
        op.create_index(name, table, [*names], postgresql_where=where, sqlite_where=where)


_OLD_INDEXES = (
    ("readers", "state_next_due_at"),
    ("votes", "person_id"),
    ("digests", "chat_id_state"),
    ("digests", "chat_id_message_id"),
    ("digests", "due_at_id"),
    ("digests", "notice_id"),
    ("picks", "reason_paper_id"),
)
_NEW_INDEXES = (
    ("readers", ("state", "next_due_at", "chat_id"), None),
    ("votes", ("person_id",), "person_id <> chat_id"),
    ("digests", ("chat_id", "planned_at"), None),
    ("digests", ("chat_id",), "due_at IS NOT NULL"),
    ("digests", ("due_at", "id"), "due_at IS NOT NULL"),
    ("digests", ("chat_id", "message_id"), "message_id IS NOT NULL"),
    ("digests", ("notice_id",), "notice_id IS NOT NULL"),
    ("picks", ("reason_paper_id",), "reason_paper_id IS NOT NULL"),
)
