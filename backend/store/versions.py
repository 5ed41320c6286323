"""Versions of content 内容版本: whether a group of tables still holds what was read of it, for one small question.

The database itself gives a new version, by triggers: a writer in this process, in another, or by hand can't forget to.
A version is drawn by lot and not counted: one that was rolled back never comes again, and a copy of a store that goes
its own way shares none with the first. So a version stands for one content, whichever store it was read from.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, inspect, text

from backend.store.model import table
from backend.store.sql import insert_ignore
from backend.store.tables import ContentVersion

CONTENT = {"city": ("city_fact", "grid", "parameter", "station", "station_parameter")}
"""Tables by the content that they are."""
_ME = "concat(pg_backend_pid(), ' ', transaction_timestamp())"
"""This transaction, on PostgreSQL."""
_DRAW = {
    # By every row that is written: it costs a microsecond.
    "sqlite": "UPDATE content_version SET version = lower(hex(randomblob(12))) WHERE content = '{content}'",
    # Once in a transaction: each further draw would walk past all the drafts before it.
    "postgresql": f"UPDATE content_version SET version = gen_random_uuid()::text, writer = {_ME} "
    f"WHERE content = '{{content}}' AND writer <> {_ME}",
}
_ASK = {
    "sqlite": text("SELECT version FROM content_version WHERE content = :content"),
    "postgresql": text(f"SELECT version FROM content_version WHERE content = :content AND writer <> {_ME}"),
}


def version_of(connection: Connection, content: str) -> str:
    """The version of what this connection sees; empty where nothing can be kept of it.

    Ask before the content is read: what another process writes in between then has a version still to come. On
    PostgreSQL what the transaction itself has written to has no version before it ends.
    """
    return str(connection.execute(_ASK[connection.dialect.name], {"content": content}).scalar() or "")


def install(connection: Connection) -> None:
    """Have the database draw versions from now on; to be done again after a migration, which may rebuild a table."""
    dialect = connection.dialect.name
    triggers = _sqlite if dialect == "sqlite" else _postgresql
    for content in CONTENT:
        insert_ignore(connection, table(ContentVersion), [{"content": content, "version": "", "writer": ""}])
        draw = _DRAW[dialect].format(content=content)
        connection.exec_driver_sql(draw)
        for statement in triggers(connection, content, draw):
            connection.exec_driver_sql(statement)


def _sqlite(connection: Connection, content: str, draw: str) -> Iterator[str]:
    for one in CONTENT[content]:
        names = [column["name"] for column in inspect(connection).get_columns(one)]
        other = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in names)
        for act, when in (("insert", ""), ("update", f"WHEN {other}"), ("delete", "")):
            name = f"content_{content}_{one}_{act}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"CREATE TRIGGER {name} AFTER {act.upper()} ON {one} {when} BEGIN {draw}; END"


def _postgresql(_connection: Connection, content: str, draw: str) -> Iterator[str]:
    function = f"content_{content}()"
    body = f"BEGIN {draw}; RETURN NULL; END"
    yield f"CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
    for one in CONTENT[content]:
        for act, each in (
            ("insert", "FOR EACH ROW"),
            ("update", "FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)"),
            ("delete", "FOR EACH ROW"),
            ("truncate", "FOR EACH STATEMENT"),
        ):
            name = f"content_{content}_{act}"
            yield f"DROP TRIGGER IF EXISTS {name} ON {one}"
            yield f"CREATE TRIGGER {name} AFTER {act.upper()} ON {one} {each} EXECUTE FUNCTION {function}"
