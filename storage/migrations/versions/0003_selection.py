"""The chance that an explored pick was shown with, and what a digest without picks lacked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; neither is known of what was planned before."""
    op.add_column("picks", sa.Column("propensity", sa.Float(), nullable=True))
    op.add_column("digests", sa.Column("lack", sa.String(), nullable=True))
