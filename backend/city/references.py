"""Codes that one file of a pack uses and another must hold."""

from __future__ import annotations

from backend.city.faults import nearest
from backend.city.formats import Column
from backend.city.pack import Pack
from backend.city.rows import TableRows


def known_codes(pack: Pack) -> dict[str, set[str]]:
    """The codes of every table that can be referred to."""
    codes = {name: table.codes() for name, table in pack.tables.items() if table.spec.key}
    codes["feeds"] = {feed.code for feed in pack.feeds}
    return codes


def check_references(pack: Pack) -> None:
    """Note every code that nothing answers to."""
    known = known_codes(pack)
    for table in pack.tables.values():
        for column in table.spec.columns:
            if column.refers:
                _check_column(pack, table, column, known)


def _targets(column: Column, known: dict[str, set[str]], kind: str) -> tuple[str, set[str]]:
    """Which tables a cell refers to: all that the column names, or the one that the row's kind names."""
    tables = column.refers
    if kind:
        tables = tuple(name for name in tables if name.startswith(_KINDS.get(kind, kind)))
    codes: set[str] = set()
    for name in tables:
        codes |= known.get(name, set())
    return tables[0] if tables else "", codes


_KINDS = {"member": "people", "centre": "centres", "department": "departments", "grid": "grids"}


def _check_column(pack: Pack, table: TableRows, column: Column, known: dict[str, set[str]]) -> None:
    many = column.kind == "codes"
    kind_column = {"body": "body_kind", "scope": "scope_kind"}.get(column.name, "")
    cache: dict[str, tuple[str, set[str]]] = {}
    for row, place in table:
        cell = row[column.name]
        if not cell:
            continue
        kind = row.get(kind_column) or ""
        if kind not in cache:
            cache[kind] = _targets(column, known, kind)
        target, codes = cache[kind]
        for code in cell.split("|") if many else (cell,):
            if code not in codes:
                file = f"{target}.toml" if target == "feeds" else f"{target}.csv"
                near = nearest(code, codes) if len(codes) < 20_000 else ""
                pack.faults.add(
                    *place, "unknown_code", column=column.name, value=code, file=file, near=near or "-"
                )
