"""Pages, boxes and what a document states of itself; what a source came in; orders; questions; visits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SEALED = ("revisions", "documents", "passages")


def upgrade() -> None:
    _add_to_documents()
    op.add_column("passages", sa.Column("page_label", sa.Text, nullable=False, server_default=""))
    op.add_column("sources", sa.Column("parent_id", sa.String(12)))
    op.create_index("ix_sources_parent_id", "sources", ["parent_id"])
    op.add_column("sources", sa.Column("stamp", sa.String(120)))
    op.add_column("sources", sa.Column("missing_since", sa.DateTime(timezone=True)))
    op.add_column("sources", sa.Column("not_before", sa.DateTime(timezone=True)))
    op.add_column("revisions", sa.Column("encoding", sa.String(40)))
    for table in ("revisions", "documents"):
        op.add_column(table, sa.Column("shed_at", sa.DateTime(timezone=True)))
    for table in _SEALED:
        op.add_column(table, sa.Column("seal", sa.String(16), nullable=False, server_default=""))
    _create_orders()
    _create_questions()
    _create_visits()


def _create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column(
            "source_id",
            sa.String(12),
            sa.ForeignKey("sources.id", name="fk_visits_source_id"),
            nullable=False,
        ),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("last_modified", sa.Text, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("source_id", name="pk_visits"),
    )
    for name in ("asked", "url", "checked_at"):
        op.create_index(f"ix_visits_{name}", "visits", [name])


def _add_to_documents() -> None:
    for name in ("pages", "boxes", "particulars", "warnings"):
        op.add_column("documents", sa.Column(name, sa.JSON, nullable=False, server_default="[]"))
    for name in ("author", "url"):
        op.add_column("documents", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("documents", sa.Column("dated", sa.Date))
    op.add_column("documents", sa.Column("cut_into", sa.Integer))


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("work", sa.String(20), primary_key=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("taken_by", sa.String(300)),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
    )


def _create_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("text", sa.String(400), primary_key=True),
        sa.Column("words", sa.String(400), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("confidence", sa.String(12), nullable=False),
    )
    op.create_index("ix_questions_words", "questions", ["words"])
    op.create_table(
        "judgments",
        sa.Column("question", sa.String(400), primary_key=True),
        sa.Column("passage_id", sa.String(12), primary_key=True),
        sa.Column("voter", sa.String(32), primary_key=True),
        sa.Column("grade", sa.Integer, nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("orders", "questions", "judgments"):
        op.drop_table(table)
    op.drop_table("visits")
    for table in ("revisions", "documents"):
        op.drop_column(table, "shed_at")
    op.drop_column("revisions", "encoding")
    op.drop_column("sources", "not_before")
    op.drop_column("sources", "missing_since")
    op.drop_column("sources", "stamp")
    op.drop_index("ix_sources_parent_id", "sources")
    op.drop_column("sources", "parent_id")
    op.drop_column("passages", "page_label")
    for name in ("pages", "boxes", "particulars", "warnings", "author", "url", "dated", "cut_into"):
        op.drop_column("documents", name)
    for table in _SEALED:
        op.drop_column(table, "seal")
    op.execute("DELETE FROM sequences WHERE name LIKE 'rows of %'")
