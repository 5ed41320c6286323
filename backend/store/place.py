"""Where a store is: what a person may name as one, and why it can't be opened there."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from backend.text import clean
from backend.words import Message
from backend.words.machine import reason

SERVER = "postgresql+psycopg"
SCHEMES = {"sqlite": "sqlite", "sqlite+pysqlite": "sqlite", "postgresql": SERVER, SERVER: SERVER}
"""What a URL may begin with, and what is meant."""
UNWRITABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM)


class StoreError(Exception):
    """The store can't be used; ``message`` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.code)
        self.message = message


def url_of(where: str | os.PathLike[str], *, begin: bool = True) -> str:
    """The URL of a path or URL that a person has named; the folder of a file is made.

    Args:
        begin: a file that is not there may be made; else there must be one.

    Raises:
        StoreError: it is no URL that is taken, or no store can be there.
    """
    given = os.fspath(where)
    if "://" not in given:
        return _file(Path(given), begin=begin)
    url = _known(given)
    if url.drivername == SERVER:
        return url.render_as_string(hide_password=False)
    if url.query:
        return given
    return _file(Path(url.database or ""), begin=begin)


def shown(where: str | os.PathLike[str]) -> str:
    """What was named, without its password."""
    given = os.fspath(where)
    return str(make_url(given)) if "://" in given else given


def none(where: str) -> StoreError:
    """What to say where there is no store, to whoever only reads."""
    return StoreError(Message("store.none", {"path": shown(where.removeprefix("sqlite:///"))}))


def trouble(error: DBAPIError, where: str | os.PathLike[str]) -> StoreError:
    """What to say where a database can't be opened: the folder, the disk, the server or the file may be to blame."""
    cause = error.orig
    told = {"path": shown(where), "error": clean(str(cause).partition("\n")[0])}
    if not isinstance(cause, sqlite3.Error):
        return StoreError(Message("store.server", told))
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in UNWRITABLE:
        folder = Path(told["path"].rpartition("://")[2]).expanduser().absolute().parent
        return StoreError(Message("store.unwritable", {**told, "folder": str(folder)}))
    known = {sqlite3.SQLITE_FULL: "store.full", sqlite3.SQLITE_BUSY: "store.busy"}
    return StoreError(Message(known.get(code, "store.unreadable"), told))


def _known(given: str) -> URL:
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        url = None
    # A store in memory alone would be another one for each connection.
    nowhere = url is None or (url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"))
    if url is None or nowhere or url.drivername not in SCHEMES:
        # Not the rest of it: there may be a password in it.
        raise StoreError(Message("store.url", {"scheme": clean(given.partition("://")[0], limit=40)}))
    return url.set(drivername=SCHEMES[url.drivername])


def _file(given: Path, *, begin: bool) -> str:
    path = given.expanduser().absolute()
    folder = path.parent
    try:
        # A file with nothing in it is no store yet.
        if not begin and not (path.exists() and (path.is_dir() or path.stat().st_size)):
            raise none(str(path))
        made = folder.exists()
        held = path.is_dir()
    except OSError as error:
        told = {"path": str(path), "folder": str(folder), "error": reason(error)}
        raise StoreError(Message("store.unwritable", told)) from error
    if not made:
        try:
            folder.mkdir(parents=True, mode=0o700)
        except OSError as error:
            raise StoreError(
                Message("store.folder", {"path": str(folder), "error": reason(error)})
            ) from error
    if held:
        raise StoreError(Message("store.is_folder", {"path": str(path)}))
    if path.exists() and not os.access(path, os.W_OK):
        raise StoreError(Message("store.read_only", {"path": str(path)}))
    return f"sqlite:///{path}"
