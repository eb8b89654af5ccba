"""What is known of sources and of papers from several of them: revisions, former ids, health."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.identity import title_key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_PAPERS = sa.table("papers", sa.column("id"), sa.column("title"), sa.column("title_key"))
_BATCH = 10_000


def upgrade() -> None:
    """Widen the tables and key the titles that are there."""
    _widen_papers()
    _create_aliases()
    op.add_column("dumps", sa.Column("day", sa.Date(), nullable=True))
    op.add_column("polls", sa.Column("added_at", _MOMENT, nullable=True))
    op.add_column("polls", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("polls", sa.Column("retry_at", _MOMENT, nullable=True))
    op.add_column("polls", sa.Column("retry_asked", sa.Boolean(), nullable=False, server_default=sa.false()))


def _widen_papers() -> None:
    op.add_column("papers", sa.Column("version", sa.Integer(), nullable=True))
    op.add_column("papers", sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("papers", sa.Column("title_key", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("papers", sa.Column("sought_at", _MOMENT, nullable=True))
    _key_titles()
    op.create_index("ix_papers_title_key", "papers", ["title_key"])


def _key_titles() -> None:
    connection = op.get_bind()
    keyed = (
        sa.update(_PAPERS).where(_PAPERS.c.id == sa.bindparam("row_id")).values(title_key=sa.bindparam("key"))
    )
    last = 0
    while rows := connection.execute(
        sa.select(_PAPERS.c.id, _PAPERS.c.title)
        .where(_PAPERS.c.id > last)
        .order_by(_PAPERS.c.id)
        .limit(_BATCH)
    ).all():
        connection.execute(keyed, [{"row_id": row.id, "key": title_key(row.title)} for row in rows])
        last = rows[-1].id


def _create_aliases() -> None:
    op.create_table(
        "aliases",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paper_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_aliases_paper_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_aliases"),
    )
    op.create_index("ix_aliases_paper_id", "aliases", ["paper_id"])
