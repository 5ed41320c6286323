"""The store: engine, migrations, the bulk path for readings, leases, backup. SQL of one database lives here."""

from __future__ import annotations

from backend.store.engine import Store, away, busy
from backend.store.model import table
from backend.store.place import StoreError
from backend.store.sql import insert_ignore, upsert

__all__ = ["Store", "StoreError", "away", "busy", "insert_ignore", "table", "upsert"]
