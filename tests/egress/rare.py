"""What a poisoned city needs besides: one row of each table that holds somebody's words and that few acts fill.

Without them their columns would lie on no screen, and nothing would have been tried there.
"""

# ruff: noqa: E501 - a table

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select
from sqlmodel import SQLModel

HOUR = 3600


def fill(connection: Connection, now: int, *, seat: str, chief: str, centre: str, county: str) -> None:
    """Put them in, each where a screen, a page or a list finds it."""

    def first(name: str, column: str = "id") -> Any:
        of = SQLModel.metadata.tables[name]
        return connection.execute(select(of.c[column]).order_by(of.c[column]).limit(1)).scalar_one()

    task, incident, alarm, report = first("task"), first("incident"), first("alarm"), first("incident_report")
    finding = connection.execute(select(SQLModel.metadata.tables["quality_finding"])).mappings().one()
    of_value = {name: finding[name] for name in ("station", "parameter", "period")}
    today: dict[str, Any] = {"starts": now - HOUR, "ends": now + HOUR}
    body = {"body_kind": "centre", "body": centre}
    rows: dict[str, dict[str, Any]] = {
        "adoption": {"centre": centre, "keeper": centre, "person": chief, "began": now - 9 * HOUR, "ended": now - 8 * HOUR},
        "brief_use": {"at": now - HOUR, "person": seat, "grid": county, "text": "x"},
        "camera": {"code": "CAM1", "name": "x", "source": first("source", "code"), "grid": county},
        "case_aside": {"at": now, "origin": "cases.csv", "line": 3, "code": "case.aside.number", "args": '{"value": "x"}', "raw": "x"},
        "complaint_act": {"report": report, "at": now - 60, "act": "reply", "actor": seat, "text": "x"},
        "contribution": {"day": "2026-11-02", "centre": centre, "at": now - HOUR, "by": seat, "measures": "{}", "text": "x"},
        "delivery": {"id": "d1", "notice": first("notice", "key"), "channel": "hook1", "at": now - 90, "next_at": now + 90, "state": "waiting",
                     "attempts": 2, "tried_at": now - 30, "error": "channel.command.exit", "error_args": '{"command": "x", "exit": 1, "said": "x"}'},
        "duty_call": {**body, "name": "x", "at": now - 300, "caller": seat, "answered": False, "task": task},
        "duty_override": {**body, **today, "name": "x", "reason": "x", "set_by": chief, "at": now - HOUR},
        "duty_state": {**today, "person": seat, "state": "on", "set_by": chief, "at": now - HOUR},
        "evidence": {"incident": incident, "task": task, "kind": "note", "ref": "x", "at": now - 30, "added_by": seat},
        "heartbeat": {"job": "feeds", "at": now, "wall": float(now)},
        "key": {"id": "k1", "digest": "0" * 64, "scope": "push:x", "created": now - HOUR, "created_by": "x"},
        "maintenance_window": {**today, "scope_kind": "station", "scope": "H12", "grid": county, "reason": "x", "made_by": seat, "made_at": now},
        "outage": {"centre": centre, "began": now - 9 * HOUR, "ended": now - 8 * HOUR, "proof": "x"},
        "passage": {"plate": "鲁R00001", "at": now - 60, "station": finding["station"], "opacity": 40.0},
        "pause": {"segment": first("segment"), "began": now - 500, "ended": now - 400, "reason": "x"},
        "quality_verdict": {**of_value, "at": now - 60, "since": finding["since"], "until": finding["until"], "verdict": "bad", "cause": "x",
                            "actor": seat, "finding": finding["id"]},
        "reading_change": {**of_value, "at": now - 60, "start": finding["since"], "kind": "flag", "old_flag": 1, "new_flag": 4, "actor": seat},
        "score_entry": {"cause": "c1", "item": "accept_late", "hundredths": -100, "occurred": now - HOUR, "at": now - 60, "by": chief,
                        "kind": "department", "grid": county, "county": county, "department": "D1", "task": task, "alarm": alarm},
        "task_sheet": {"code": "TS1", "task": task, "number": 1, "printed": now - 60, "printed_by": seat, "task_version": 1, "text": "x"},
        "vehicle": {"plate": "鲁R00001", "source": first("source", "code"), "grid": county},
    }  # fmt: skip
    for name, values in rows.items():
        of = SQLModel.metadata.tables[name]
        empty = {
            column.name: ""
            for column in of.columns
            if column.default is not None and column.name not in values and "Integer" not in repr(column.type)
            and "Boolean" not in repr(column.type)
        }  # fmt: skip
        connection.execute(insert(of).values({**empty, **values}))
