"""Print what the newest migration lacks to bring a store to the tables: text for its ``upgrade``. Run by hand::

    python -m tests.tools.make_migration

A column that is added to a table with rows needs a ``server_default``: add it by hand.
"""

from __future__ import annotations

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from backend.store import Store
from backend.store.model import complete, metadata
from backend.store.schema import load_tables


def lacking() -> str:
    """The operations that are missing, as code; empty where the migrations and the tables agree."""
    load_tables()
    complete(metadata)
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        store = Store.open(f"{folder}/store.db")
        with store.read() as connection:
            context = MigrationContext.configure(
                connection, opts={"target_metadata": metadata, "render_as_batch": True}
            )
            script = produce_migrations(context, metadata)
        store.close()
    assert script.upgrade_ops is not None
    if script.upgrade_ops.is_empty():
        return ""
    body = render_python_code(script.upgrade_ops, migration_context=context, render_as_batch=True)
    return body.replace("sqlmodel.sql.sqltypes.AutoString", "sa.String")


if __name__ == "__main__":
    print(lacking() or "The migrations and the tables agree.")  # noqa: T201
