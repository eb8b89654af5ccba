"""The first tables: papers and their wordings, dumps, readers, votes, and the ledger with its picks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make them, each after those that it refers to."""
    _create_papers()
    _create_wordings()
    _create_dumps()
    _create_readers()
    _create_votes()
    _create_digests()
    _create_picks()
    _create_receipts()


def _create_papers() -> None:
    op.create_table(
        "papers",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("arxiv_id", sa.String(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("author_count", sa.Integer(), nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("published_text", sa.String(), nullable=True),
        sa.Column("featured", sa.Date(), nullable=True),
        sa.Column("upvotes", sa.Integer(), nullable=True),
        sa.Column("comments", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("organization", sa.String(), nullable=True),
        sa.Column("code_url", sa.String(), nullable=True),
        sa.Column("project_url", sa.String(), nullable=True),
        sa.Column("thumbnail_url", sa.String(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("first_seen", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_papers"),
        sa.UniqueConstraint("arxiv_id", name="uq_papers_arxiv_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_papers_first_seen_id", "papers", ["first_seen", "id"])
    op.create_index("ix_papers_sample", "papers", ["sample"])


def _create_wordings() -> None:
    op.create_table(
        "wordings",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("paper_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_wordings_paper_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name="pk_wordings"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_wordings_paper_id", "wordings", ["paper_id"])


def _create_dumps() -> None:
    op.create_table(
        "dumps",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("rejects", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "name", name="pk_dumps"),
    )


def _create_readers() -> None:
    op.create_table(
        "readers",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("picks", sa.Integer(), nullable=False),
        sa.Column("tell_empty", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_due_at", _MOMENT, nullable=True),
        sa.Column("asking", sa.String(), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("subscribed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_readers"),
    )
    op.create_index("ix_readers_state_next_due_at", "readers", ["state", "next_due_at"])


def _create_votes() -> None:
    op.create_table(
        "votes",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paper_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("up", sa.Boolean(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_votes_paper_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "paper_id", "person_id", name="pk_votes"),
    )
    op.create_index("ix_votes_paper_id", "votes", ["paper_id"])


def _create_digests() -> None:
    op.create_table(
        "digests",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("planned_at", _MOMENT, nullable=False),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("chat_id", "local_day", name="uq_digests_chat_id_local_day"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_digests_chat_id_state", "digests", ["chat_id", "state"])
    op.create_index("ix_digests_due_at_id", "digests", ["due_at", "id"])


def _create_picks() -> None:
    op.create_table(
        "picks",
        sa.Column("digest_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paper_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("reason_paper_id", sa.BigInteger(), nullable=True),
        sa.Column("reason_terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name="fk_picks_digest_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_picks_paper_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["reason_paper_id"], ["papers.id"], name="fk_picks_reason_paper_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("digest_id", "position", name="pk_picks"),
    )
    op.create_index("ix_picks_paper_id", "picks", ["paper_id"])
    op.create_index("ix_picks_reason_paper_id", "picks", ["reason_paper_id"])


def _create_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("taken_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_taken_at", "receipts", ["taken_at"])
