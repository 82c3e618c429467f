"""Pages, boxes and what a document states of itself; what a source came in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_to_documents()
    op.add_column("passages", sa.Column("page_label", sa.Text, nullable=False, server_default=""))
    op.add_column("sources", sa.Column("parent_id", sa.String(12)))
    op.create_index("ix_sources_parent_id", "sources", ["parent_id"])


def _add_to_documents() -> None:
    for name in ("pages", "boxes", "particulars", "warnings"):
        op.add_column("documents", sa.Column(name, sa.JSON, nullable=False, server_default="[]"))
    for name in ("author", "url"):
        op.add_column("documents", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("documents", sa.Column("dated", sa.Date))


def downgrade() -> None:
    op.drop_index("ix_sources_parent_id", "sources")
    op.drop_column("sources", "parent_id")
    op.drop_column("passages", "page_label")
    for name in ("pages", "boxes", "particulars", "warnings", "author", "url", "dated"):
        op.drop_column("documents", name)
