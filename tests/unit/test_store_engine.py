"""The store opens, migrates, refuses what is no store, is copied and brought back."""

from __future__ import annotations

import socket
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from backend.store import Store, StoreError
from backend.store.backup import backup, restore
from backend.store.lease import acquire, held_by, release
from backend.store.migrate import HEAD, _config
from backend.store.model import metadata
from backend.store.schema import load_tables
from backend.words import LANGUAGES, say


@pytest.mark.usefixtures("migrations")
def test_migrations_make_the_very_schema_of_the_tables(tmp_path: Path) -> None:
    load_tables()
    store = Store.open(tmp_path / "new.db")
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    store.close()
    assert ScriptDirectory.from_config(_config()).get_current_head() == HEAD


@pytest.mark.usefixtures("migrations")
def test_two_processes_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def start() -> None:
        try:
            Store.open(tmp_path / "both.db").close()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all, this is a letter and no database at all." * 20)
    with pytest.raises(StoreError) as caught:
        Store.open(path)
    assert caught.value.message.code == "store.unreadable"
    assert path.read_text().startswith("Dear all")
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path)
    assert caught.value.message.code == "store.is_folder"


def test_a_newer_store_is_not_touched(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path / "s.db")
    assert caught.value.message.code == "store.newer"


def test_writers_queue_and_none_fails(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    errors: list[BaseException] = []

    def count() -> None:
        try:
            for _ in range(25):
                with store.write() as connection:
                    held = (
                        connection.execute(text("SELECT value FROM counter WHERE name = 'n'")).scalar() or 0
                    )
                    connection.execute(
                        text(
                            "INSERT INTO counter VALUES ('n', :v) ON CONFLICT (name) DO UPDATE SET value = :v"
                        ),
                        {"v": held + 1},
                    )
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with store.read() as connection:
        assert connection.execute(text("SELECT value FROM counter")).scalar() == 100
    store.close()


def test_an_act_goes_before_the_batches_that_wait(store: Store) -> None:
    order: list[str] = []
    begun = threading.Barrier(2)
    waiting = threading.Event()

    def write(name: str, act: bool) -> None:
        waiting.set()
        with store.write() if act else store.bulk():
            order.append(name)

    def hold() -> None:
        with store.bulk():
            begun.wait(120)
            begun.wait(120)

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait(120)
    threads: list[threading.Thread] = []
    for name, act in (("batch 1", False), ("batch 2", False), ("act", True)):
        waiting.clear()
        thread = threading.Thread(target=write, args=(name, act))
        thread.start()
        waiting.wait(120)
        while len(store._turns._acts) + len(store._turns._batches) <= len(threads):
            thread.join(0.001)
        threads.append(thread)
    begun.wait(120)
    for thread in [holder, *threads]:
        thread.join(120)
    assert order == ["act", "batch 1", "batch 2"]


def test_a_write_inside_a_write_is_told_at_once(store: Store) -> None:
    with store.write(), pytest.raises(RuntimeError), store.bulk():
        pass
    with store.bulk() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_a_lease_passes_on_when_its_holder_is_gone(store: Store) -> None:
    assert acquire(store, "jobs", "a", 30, wall=1000)
    assert not acquire(store, "jobs", "b", 30, wall=1020)
    assert acquire(store, "jobs", "a", 30, wall=1020)
    assert held_by(store, "jobs", wall=1049) == "a"
    assert acquire(store, "jobs", "b", 30, wall=1051)
    release(store, "jobs", "a")
    assert held_by(store, "jobs", wall=1052) == "b"
    release(store, "jobs", "b")
    assert acquire(store, "jobs", "a", 30, wall=1053)
    # Somebody's clock stood in another year when it took the lease, and was put right.
    assert acquire(store, "jobs", "a", 30, wall=4_000_000_000)
    assert held_by(store, "jobs", wall=1100) is None
    assert acquire(store, "jobs", "b", 30, wall=1100)


def test_a_backup_comes_back_and_what_was_there_is_kept(tmp_path: Path) -> None:
    path, copy = tmp_path / "s.db", tmp_path / "copy.db"
    store = Store.open(path)
    with store.write() as connection:
        connection.execute(text("INSERT INTO counter VALUES ('n', 1)"))
    assert backup(store, copy) > 0
    with store.write() as connection:
        connection.execute(text("UPDATE counter SET value = 2"))
    with pytest.raises(StoreError) as caught:
        backup(store, copy)
    assert caught.value.message.code == "backup.exists"
    store.close()
    aside = restore(copy, path)
    assert aside is not None
    for where, expected in ((path, 1), (aside, 2)):
        with closing(sqlite3.connect(where)) as plain:
            assert plain.execute("SELECT value FROM counter").fetchone() == (expected,)


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    path, bad = tmp_path / "s.db", tmp_path / "bad.db"
    Store.open(path).close()
    before = path.read_bytes()
    bad.write_bytes(before[: len(before) // 2])
    with pytest.raises(StoreError) as caught:
        restore(bad, path)
    assert caught.value.message.code == "backup.damaged"
    assert path.read_bytes() == before


def test_a_store_in_use_is_not_replaced(tmp_path: Path) -> None:
    path, copy = tmp_path / "s.db", tmp_path / "copy.db"
    store = Store.open(path)
    backup(store, copy)
    with store.read() as connection:
        connection.execute(text("SELECT * FROM counter")).all()
        with pytest.raises(StoreError) as caught:
            restore(copy, path)
    assert caught.value.message.code == "backup.in_use"
    assert not list(tmp_path.glob("*.part"))
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        "foo://x",
        "postgres://u:s3cret@h/x",
        "postgresql+asyncpg://u@h/x",
        "sqlite://",
        "postgresql://h:port/x",
    ],
)
def test_a_url_that_is_not_taken_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open(url)
    for language in LANGUAGES:
        told = say(caught.value.message, language)
        assert "sqlite:///" in told
        assert "postgresql+psycopg://" in told
        assert "s3cret" not in told


def test_a_url_of_a_file_is_as_good_as_its_path(tmp_path: Path) -> None:
    path = tmp_path / "new" / "s.db"
    store = Store.open(f"sqlite:///{path}")
    store.close()
    assert store.path == path


def test_a_folder_that_can_not_be_written_is_blamed_and_not_the_file(tmp_path: Path) -> None:
    (tmp_path / "s.db").symlink_to(tmp_path / "gone" / "s.db")
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path / "s.db")
    told = say(caught.value.message, "en")
    assert f"the folder {tmp_path} can be written" in told
    assert "restore" not in told
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path / "file" / "deep" / "s.db")
    assert caught.value.message.code == "store.folder"


def test_a_server_that_refuses_is_told_without_its_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(StoreError) as caught:
        Store.open(f"postgresql://u:s3cret@127.0.0.1:{port}/x")
    told = say(caught.value.message, "en")
    assert "refused" in told
    assert "its server runs" in told
    assert "restore" not in told
    assert "s3cret" not in told


def test_what_leads_to_no_server_is_told_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql://u@127.0.0.1/x")
    assert caught.value.message.code == "store.no_driver"
