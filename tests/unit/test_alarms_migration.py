"""A store that was made before windows, floods and marks is carried along, with the alarms that stand in it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import insert

from backend.alarms.tables import Alarm
from backend.store import Store, table
from backend.store.migrate import HEAD, _config, upgrade
from tests.screens import seat_city as city
from tests.unit.small_city import rows

MARKS = ("subject", "activations", "fleeting")


def _to(store: Store, revision: str) -> None:
    config = _config()
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_alarms_of_an_older_store_stand_after_it_is_opened(tmp_path: Path) -> None:
    store = Store.open(f"{tmp_path}/old.db")
    try:
        city.alarm(store, 1, station=1)
        _to(store, "0001")
        names = {row[1] for row in rows(store, "PRAGMA table_info(alarm)")}
        assert not names & set(MARKS)
        assert not rows(store, "SELECT 1 FROM sqlite_master WHERE name IN ('maintenance_window', 'passage')")
        upgrade(store)
        assert rows(store, "SELECT version_num FROM alembic_version") == [(HEAD,)]
        assert rows(store, "SELECT id, state, subject, activations, fleeting FROM alarm") == [
            (1, "UNACK", "", 1, 0)
        ]
        # The condition of one that stands for a key is still there.
        standing = rows(store, "SELECT sql FROM sqlite_master WHERE name = 'uq_alarm_standing'")
        assert "NORM" in standing[0][0]
        with store.write() as connection:
            connection.execute(insert(table(Alarm)), [{**_row(store), "id": 2, "key": "other"}])
        assert len(rows(store, "SELECT id FROM alarm")) == 2
    finally:
        store.close()


def _row(store: Store) -> dict[str, object]:
    with store.read() as connection:
        return dict(connection.execute(table(Alarm).select()).mappings().one())
