"""What readers say and wish in the chat: interests, saved papers, rules, notices, invites; search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_ADD = (
    "INSERT INTO paper_words (rowid, title, abstract, authors, organization)"
    " VALUES (new.id, new.title, new.abstract, new.authors, new.organization);"
)
_REMOVE = (
    "INSERT INTO paper_words (paper_words, rowid, title, abstract, authors, organization)"
    " VALUES ('delete', old.id, old.title, old.abstract, old.authors, old.organization);"
)
_CHANGED = (
    "new.title IS NOT old.title OR new.abstract IS NOT old.abstract"
    " OR new.authors IS NOT old.authors OR new.organization IS NOT old.organization"
)


def upgrade() -> None:
    """Make the tables, widen the old ones, and index what papers say."""
    op.create_index("ix_papers_featured_first_seen", "papers", ["featured", "first_seen"])
    _widen_readers()
    _create_interests()
    _create_saved()
    _create_rules()
    _create_notices()
    _create_invites()
    _create_polls()
    _widen_digests()
    _widen_picks()
    op.create_index("ix_papers_featured", "papers", ["featured"])
    op.create_index("ix_votes_person_id", "votes", ["person_id"])
    if op.get_context().dialect.name == "postgresql":
        _index_on_postgresql()
    else:
        _index_on_sqlite()


def _widen_readers() -> None:
    op.add_column("readers", sa.Column("days", sa.Integer(), nullable=False, server_default="127"))
    op.add_column("readers", sa.Column("quiet_until", sa.Date(), nullable=True))
    op.add_column("readers", sa.Column("on_arrival", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("readers", sa.Column("layout", sa.String(), nullable=False, server_default="list"))
    op.add_column("readers", sa.Column("percentile", sa.Integer(), nullable=True))
    op.add_column("readers", sa.Column("language", sa.String(), nullable=True))
    op.add_column("readers", sa.Column("topic_id", sa.BigInteger(), nullable=True))


def _create_interests() -> None:
    op.create_table(
        "interests",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "id", name="pk_interests"),
    )


def _create_saved() -> None:
    op.create_table(
        "saved",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paper_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_saved_paper_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "paper_id", name="pk_saved"),
    )
    op.create_index("ix_saved_paper_id", "saved", ["paper_id"])


def _create_rules() -> None:
    op.create_table(
        "rules",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rules"),
        sa.UniqueConstraint("chat_id", "kind", "field", "key", name="uq_rules_chat_id_kind_field_key"),
        sqlite_autoincrement=True,
    )


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sqlite_autoincrement=True,
    )


def _create_invites() -> None:
    op.create_table(
        "invites",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_invites"),
    )


def _create_polls() -> None:
    op.create_table(
        "polls",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("reached_at", _MOMENT, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", name="pk_polls"),
    )


def _widen_digests() -> None:
    # A remade table counts up without reusing ids only where it is told to, for SQLite does not reflect that.
    with op.batch_alter_table("digests", table_kwargs={"sqlite_autoincrement": True}) as digests:
        digests.add_column(sa.Column("layout", sa.String(), nullable=False, server_default="list"))
        digests.add_column(sa.Column("lead_id", sa.BigInteger(), nullable=True))
        digests.add_column(sa.Column("topic_id", sa.BigInteger(), nullable=True))
        digests.add_column(sa.Column("notice_id", sa.BigInteger(), nullable=True))
        digests.create_foreign_key(
            "fk_digests_notice_id", "notices", ["notice_id"], ["id"], ondelete="CASCADE"
        )
        digests.create_index("ix_digests_notice_id", ["notice_id"])
        digests.create_index("ix_digests_chat_id_message_id", ["chat_id", "message_id"])


def _widen_picks() -> None:
    op.add_column("picks", sa.Column("reason_interest_id", sa.BigInteger(), nullable=True))
    op.add_column("picks", sa.Column("rule_kind", sa.String(), nullable=True))
    op.add_column("picks", sa.Column("rule_field", sa.String(), nullable=True))
    op.add_column("picks", sa.Column("rule_phrase", sa.Text(), nullable=True))


def _index_on_sqlite() -> None:
    """Index papers by FTS5, kept up by triggers; news of upvotes alone leaves the index alone."""
    op.execute(
        "CREATE VIRTUAL TABLE paper_words USING fts5(title, abstract, authors, organization,"
        " content='papers', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')"
    )
    op.execute(f"CREATE TRIGGER paper_words_added AFTER INSERT ON papers BEGIN {_ADD} END")
    op.execute(f"CREATE TRIGGER paper_words_removed AFTER DELETE ON papers BEGIN {_REMOVE} END")
    op.execute(
        f"CREATE TRIGGER paper_words_changed AFTER UPDATE ON papers WHEN {_CHANGED}"
        f" BEGIN {_REMOVE} {_ADD} END"
    )
    op.execute("INSERT INTO paper_words (paper_words) VALUES ('rebuild')")


def _index_on_postgresql() -> None:
    """Index papers by a column that PostgreSQL keeps up; `storage.matching` knows its weights."""
    op.execute(
        "ALTER TABLE papers ADD COLUMN words tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('english', title), 'A')"
        " || setweight(to_tsvector('english', authors), 'B')"
        " || setweight(to_tsvector('english', coalesce(organization, '')), 'C')"
        " || setweight(to_tsvector('english', abstract), 'D')) STORED"
    )
    op.execute("CREATE INDEX ix_papers_words ON papers USING gin (words)")
