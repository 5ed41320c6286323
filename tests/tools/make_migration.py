"""Write the first migration anew from the tables. Run by hand while no release has been made::

python -m tests.tools.make_migration
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from backend.store.model import complete, metadata
from backend.store.schema import load_tables

TARGET = Path(__file__).parents[2] / "backend/store/migrations/versions/0001_initial.py"
HEAD = '''"""The first schema: city, readings, feeds, alarms, incidents, tasks, clocks, due table, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
'''


def main() -> None:
    load_tables()
    complete(metadata)
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
        script = produce_migrations(context, metadata)
    assert script.upgrade_ops is not None
    body = render_python_code(script.upgrade_ops, migration_context=context)
    body = "\n".join(line for line in body.splitlines() if "###" not in line).lstrip()
    body = body.replace("sqlmodel.sql.sqltypes.AutoString", "sa.String")
    names = [f'    op.drop_table("{table.name}")' for table in reversed(metadata.sorted_tables)]
    downgrade = "\n\n\ndef downgrade() -> None:\n" + "\n".join(names) + "\n"
    TARGET.write_text(HEAD + "    " + body + downgrade, encoding="utf-8")
    subprocess.run(["ruff", "check", "--fix", "-q", "--ignore", "E501", str(TARGET)], check=True)
    subprocess.run(["ruff", "format", "-q", str(TARGET)], check=True)


if __name__ == "__main__":
    main()
