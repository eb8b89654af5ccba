"""The tables, declared with SQLModel. They are this package's own: no row leaves it.

Queries are written in Core on the `Table` objects at the end, for they are compiled once and cost no objects
a row. A change here needs a migration beside it (a test compares the two).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Double,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from storage.columns import RowId, UtcDateTime, Words

# Batch migrations find a constraint by its name, so each has one.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """What all tables share."""

    metadata = MetaData(naming_convention=_NAMES)


def _index_where(condition: str, *names: str) -> Index:
    """Declare an index of those rows alone that are asked for by it: the others cost it nothing."""
    return Index(None, *names, postgresql_where=text(condition), sqlite_where=text(condition))


class PaperRow(Row, table=True):
    """A paper: what all dumps together told of it. Ids follow the order of coming and are never reused.

    Beside it stands an index of its words, of another kind in each database (`storage.matching`), which a
    migration makes. In SQLite triggers keep it up: a migration that makes this table anew must remake them.
    """

    __tablename__ = "papers"
    __table_args__ = (
        Index(None, "first_seen", "id"),
        Index(None, "featured", "first_seen"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    arxiv_id: str | None = Field(default=None, unique=True)
    title: str = Field(sa_type=Text)
    abstract: str = Field(sa_type=Text)
    authors: tuple[str, ...] = Field(sa_type=Words)
    author_count: int | None
    published: date | None
    published_text: str | None
    featured: date | None = Field(index=True)
    upvotes: int | None
    comments: int | None
    summary: str | None = Field(sa_type=Text)
    keywords: tuple[str, ...] = Field(sa_type=Words)
    organization: str | None
    code_url: str | None
    project_url: str | None
    thumbnail_url: str | None
    version: int | None
    withdrawn: bool
    title_key: int = Field(sa_type=BigInteger, index=True)
    sought_at: datetime | None = Field(sa_type=UtcDateTime)
    sample: bool = Field(index=True)
    first_seen: datetime = Field(sa_type=UtcDateTime)


class AliasRow(Row, table=True):
    """An id that a paper had until it became part of another one: old buttons and links still bear it."""

    __tablename__ = "aliases"

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    paper_id: int = Field(sa_type=BigInteger, index=True, foreign_key="papers.id", ondelete="CASCADE")


class WordingRow(Row, table=True):
    """A wording (`storage.identity`) that a paper was seen under: how a dump without ids finds it."""

    __tablename__ = "wordings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: str = Field(primary_key=True)
    paper_id: int = Field(sa_type=BigInteger, index=True, foreign_key="papers.id", ondelete="CASCADE")


class DumpRow(Row, table=True):
    """The last dump read under one name of one source; ``day`` is that of the list that it holds."""

    __tablename__ = "dumps"

    source: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    day: date | None
    version: str | None
    fingerprint: str
    read_at: datetime = Field(sa_type=UtcDateTime)
    papers: int
    rejects: int


class PollRow(Row, table=True):
    """When a source was asked last, when it last answered and when it last brought a new paper.

    ``why`` it did not answer since, how often in a row, until when it is left alone, and whether it asked for
    that itself.
    """

    __tablename__ = "polls"

    source: str = Field(primary_key=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    reached_at: datetime | None = Field(sa_type=UtcDateTime)
    added_at: datetime | None = Field(sa_type=UtcDateTime)
    why: str | None = Field(sa_type=Text)
    failures: int
    retry_at: datetime | None = Field(sa_type=UtcDateTime)
    retry_asked: bool


class ReaderRow(Row, table=True):
    """A chat that subscribed, with its settings and the moment of its next digest."""

    __tablename__ = "readers"
    __table_args__ = (Index(None, "state", "next_due_at", "chat_id"),)

    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    kind: str
    hour: int | None
    timezone: str | None
    picks: int
    tell_empty: bool
    state: str
    next_due_at: datetime | None = Field(sa_type=UtcDateTime)
    asking: str | None
    misses: int
    days: int
    quiet_until: date | None
    on_arrival: bool
    layout: str
    percentile: int | None
    language: str | None
    topic_id: int | None = Field(sa_type=BigInteger)
    subscribed_at: datetime = Field(sa_type=UtcDateTime)


class VoteRow(Row, table=True):
    """The thumb of one person on one paper in one chat; the key begins with what is asked by.

    On PostgreSQL the key holds the whole vote, so that those of a chat are read without their rows.
    """

    __tablename__ = "votes"
    __table_args__ = (
        PrimaryKeyConstraint("chat_id", "paper_id", "person_id", postgresql_include=["up", "at"]),
        _index_where("person_id <> chat_id", "person_id"),  # in a private chat the person is the chat
    )

    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    paper_id: int = Field(
        primary_key=True, sa_type=BigInteger, index=True, foreign_key="papers.id", ondelete="CASCADE"
    )
    person_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    up: bool
    at: datetime = Field(sa_type=UtcDateTime)


class InterestRow(Row, table=True):
    """What a chat stated instead of voting: a phrase, or the text of a paper that no dump has brought."""

    __tablename__ = "interests"

    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    phrase: str = Field(sa_type=Text)
    wanted: bool
    text: str | None = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


class SavedRow(Row, table=True):
    """A paper that a chat keeps for later."""

    __tablename__ = "saved"

    chat_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    paper_id: int = Field(
        primary_key=True, sa_type=BigInteger, index=True, foreign_key="papers.id", ondelete="CASCADE"
    )
    note: str | None = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


class RuleRow(Row, table=True):
    """A rule of a chat's; ``key`` is its phrase as it is compared."""

    __tablename__ = "rules"
    __table_args__ = (UniqueConstraint("chat_id", "kind", "field", "key"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    chat_id: int = Field(sa_type=BigInteger)
    kind: str
    field: str
    key: str = Field(sa_type=Text)
    phrase: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)


class NoticeRow(Row, table=True):
    """What the owner wrote to all readers; nothing is sent of a draft."""

    __tablename__ = "notices"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    text: str = Field(sa_type=Text)
    written_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(sa_type=UtcDateTime)


class InviteRow(Row, table=True):
    """A code that lets so many more chats in."""

    __tablename__ = "invites"

    code: str = Field(primary_key=True)
    uses_left: int
    made_at: datetime = Field(sa_type=UtcDateTime)


class DigestRow(Row, table=True):
    """One message of the ledger.

    ``due_at`` is when the row may be claimed (again): the earliest moment of sending while it is planned, the
    end of the lease while it is being sent, and nothing once it is settled. ``local_day`` is the reader's own
    calendar day, kept only for daily digests: a chat has one row a day. A digest in cards is a row a pick;
    all but the first name that one in ``lead_id``, and have no ``due_at`` before the card ahead is settled.
    """

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("chat_id", "local_day"),
        Index(None, "chat_id", "planned_at"),
        _index_where("due_at IS NOT NULL", "chat_id"),
        _index_where("due_at IS NOT NULL", "due_at", "id"),
        _index_where("message_id IS NOT NULL", "chat_id", "message_id"),
        _index_where("notice_id IS NOT NULL", "notice_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    chat_id: int = Field(sa_type=BigInteger)
    kind: str
    local_day: date | None
    layout: str
    lead_id: int | None = Field(sa_type=BigInteger)
    topic_id: int | None = Field(sa_type=BigInteger)
    notice_id: int | None = Field(sa_type=BigInteger, foreign_key="notices.id", ondelete="CASCADE")
    state: str
    due_at: datetime | None = Field(sa_type=UtcDateTime)
    message_id: int | None = Field(sa_type=BigInteger)
    attempts: int
    unanswered: int
    lack: str | None
    why: str | None = Field(sa_type=Text)
    planned_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(sa_type=UtcDateTime)


class PickRow(Row, table=True):
    """One pick of a digest, at its place in the message."""

    __tablename__ = "picks"
    __table_args__ = (_index_where("reason_paper_id IS NOT NULL", "reason_paper_id"),)

    digest_id: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="digests.id", ondelete="CASCADE")
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    paper_id: int = Field(sa_type=BigInteger, index=True, foreign_key="papers.id", ondelete="CASCADE")
    score: float
    slot: str
    reason_paper_id: int | None = Field(sa_type=BigInteger, foreign_key="papers.id", ondelete="SET NULL")
    reason_interest_id: int | None = Field(sa_type=BigInteger)
    reason_terms: tuple[str, ...] = Field(sa_type=Words)
    propensity: float | None
    rule_kind: str | None
    rule_field: str | None
    rule_phrase: str | None = Field(sa_type=Text)


class ReceiptRow(Row, table=True):
    """An update of the chat's that was carried out."""

    __tablename__ = "receipts"

    update_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    taken_at: datetime = Field(sa_type=UtcDateTime, index=True)


class InboxRow(Row, table=True):
    """An update as Telegram told it, not yet carried out; ``aside`` if it is not to be tried any more.

    ``tries`` says at how many starts it was found here and begun anew; ``holder`` which process carries it
    out, and until when that is believed.
    """

    __tablename__ = "inbox"

    update_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    chat_id: int = Field(sa_type=BigInteger, index=True)
    body: str = Field(sa_type=Text)
    kept_at: datetime = Field(sa_type=UtcDateTime)
    tries: int
    aside: bool
    holder: str | None
    held_until: datetime | None = Field(sa_type=UtcDateTime)


class LeaseRow(Row, table=True):
    """Who does what only one process may do at a time, and until when the others let it."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = Field(sa_type=UtcDateTime)


class PaceRow(Row, table=True):
    """When the next message may leave that any process sends: seconds since 1970 by the database's clock."""

    __tablename__ = "paces"

    name: str = Field(primary_key=True)
    next_at: float = Field(sa_type=Double)
    taken: int = Field(default=0, sa_type=BigInteger)


class VectorRow(Row, table=True):
    """What a model made of a text; both are known by their fingerprints alone."""

    __tablename__ = "vectors"

    model: str = Field(primary_key=True)
    text_key: bytes = Field(primary_key=True, sa_type=LargeBinary)
    vector: bytes = Field(sa_type=LargeBinary)


metadata = Row.metadata
PAPERS = metadata.tables["papers"]
ALIASES = metadata.tables["aliases"]
WORDINGS = metadata.tables["wordings"]
DUMPS = metadata.tables["dumps"]
POLLS = metadata.tables["polls"]
READERS = metadata.tables["readers"]
VOTES = metadata.tables["votes"]
INTERESTS = metadata.tables["interests"]
SAVED = metadata.tables["saved"]
RULES = metadata.tables["rules"]
NOTICES = metadata.tables["notices"]
INVITES = metadata.tables["invites"]
DIGESTS = metadata.tables["digests"]
PICKS = metadata.tables["picks"]
RECEIPTS = metadata.tables["receipts"]
INBOX = metadata.tables["inbox"]
LEASES = metadata.tables["leases"]
PACES = metadata.tables["paces"]
VECTORS = metadata.tables["vectors"]
