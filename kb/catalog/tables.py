"""What does the catalog keep? Its tables, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class UtcTime(sa.types.TypeDecorator[datetime]):
    """A time with its zone, always UTC: SQLite forgets the zone, so it is put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return the stored time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Facts about the catalog itself: its identity, and the last sequence number given out.
facts = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

sequences = sa.Table(
    "sequences",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", sa.String(12), primary_key=True),
    sa.Column("collection", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("uri", sa.Text, nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("added_at", UtcTime, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
    # The document that is served now, and the revision that waits to be read or could not be. No foreign
    # keys: they would run in a circle with revisions.source_id; `kb verify` checks them.
    sa.Column("document_id", sa.Integer),
    sa.Column("waiting_revision_id", sa.Integer),
    # The archive or message that this one came in.
    sa.Column("parent_id", sa.String(12), index=True),
    # What the file looked like from outside when it was last taken in, and since when it is gone.
    sa.Column("stamp", sa.String(120)),
    sa.Column("missing_since", UtcTime),
    sa.Column("leased_until", UtcTime),
    sa.Column("leased_by", sa.String(300)),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("not_before", UtcTime),
    sa.Column("error_code", sa.String(40)),
    sa.Column("error", sa.Text),
    sa.Column("remedy", sa.Text),
    sa.UniqueConstraint("collection", "place"),
)

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source_id", sa.String(12), sa.ForeignKey("sources.id"), nullable=False, index=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("fetched_at", UtcTime, nullable=False),
    # What a web server stated; the bytes themselves may say otherwise.
    sa.Column("encoding", sa.String(40)),
    # Since when the bytes need not be kept (see ``retention.py``).
    sa.Column("shed_at", UtcTime),
    # The checksum of the row (kb.catalog.seals), here and below.
    sa.Column("seal", sa.String(16), nullable=False, server_default=""),
)

# Sources on the web: when they were last asked for, and what their servers can tell a change by.
visits = sa.Table(
    "visits",
    metadata,
    sa.Column("source_id", sa.String(12), sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("asked", sa.Text, nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False, index=True),
    sa.Column("etag", sa.Text, nullable=False),
    sa.Column("last_modified", sa.Text, nullable=False),
    sa.Column("checked_at", UtcTime, nullable=False, index=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("not_before", UtcTime),
)

# What a reader saw in a revision. Reading the same revision with a newer reader adds a row.
documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("revision_id", sa.Integer, sa.ForeignKey("revisions.id"), nullable=False, index=True),
    sa.Column("reader", sa.String(60), nullable=False),
    sa.Column("read_at", UtcTime, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("blocks", sa.JSON, nullable=False),
    sa.Column("pages", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("boxes", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("author", sa.Text, nullable=False, server_default=""),
    sa.Column("dated", sa.Date),
    sa.Column("url", sa.Text, nullable=False, server_default=""),
    sa.Column("particulars", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("warnings", sa.JSON, nullable=False, server_default="[]"),
    # Since when the text is not kept any more; what citations say of the document is.
    sa.Column("shed_at", UtcTime),
    # How many passages it was cut into.
    sa.Column("cut_into", sa.Integer),
    sa.Column("seal", sa.String(16), nullable=False, server_default=""),
)

# Retired passages stay for ever: a link to one must resolve.
passages = sa.Table(
    "passages",
    metadata,
    sa.Column("id", sa.String(12), primary_key=True),
    sa.Column("source_id", sa.String(12), sa.ForeignKey("sources.id"), nullable=False, index=True),
    sa.Column("document_id", sa.Integer, sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("text_hash", sa.String(32), nullable=False, index=True),
    sa.Column("prefix", sa.String(64), nullable=False),
    sa.Column("suffix", sa.String(64), nullable=False),
    sa.Column("headings", sa.JSON, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("first_page", sa.Integer),
    sa.Column("last_page", sa.Integer),
    sa.Column("page_label", sa.Text, nullable=False, server_default=""),
    # The sequence number of the last change that an index must learn of.
    sa.Column("sequence", sa.BigInteger, nullable=False, index=True),
    sa.Column("retired_at", UtcTime),
    sa.Column("seal", sa.String(16), nullable=False, server_default=""),
)


# What a person has asked the worker to do with the index: the last order of each kind.
orders = sa.Table(
    "orders",
    metadata,
    sa.Column("work", sa.String(20), primary_key=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("ordered_at", UtcTime, nullable=False),
    sa.Column("begun_at", UtcTime),
    sa.Column("ended_at", UtcTime),
    sa.Column("taken_by", sa.String(300)),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("report", sa.JSON, nullable=False),
)

# Masked questions, counted by day; those of the same words are shown as one.
questions = sa.Table(
    "questions",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("text", sa.String(400), primary_key=True),
    sa.Column("words", sa.String(400), nullable=False, index=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("confidence", sa.String(12), nullable=False),
)

# One voter's word on a passage as an answer; the voter is a random name, another for each passage.
judgments = sa.Table(
    "judgments",
    metadata,
    sa.Column("question", sa.String(400), primary_key=True),
    sa.Column("passage_id", sa.String(12), primary_key=True),
    sa.Column("voter", sa.String(32), primary_key=True),
    sa.Column("grade", sa.Integer, nullable=False),
    sa.Column("judged_at", UtcTime, nullable=False),
)


def prefixed(table: sa.Table, prefix: str) -> list[sa.Label[Any]]:
    """Return a table's columns under names of their own, for queries that join several tables."""
    return [column.label(f"{prefix}{column.name}") for column in table.c]
