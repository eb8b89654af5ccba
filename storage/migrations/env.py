"""Run by Alembic: applies the migrations on the connection that `storage.schema` hands over.

It opens no connection, ends no transaction and leaves logging alone.
"""

from __future__ import annotations

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
