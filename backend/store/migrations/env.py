"""Alembic's door: it works on the connection that `backend.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from backend.store.model import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
context.run_migrations()
