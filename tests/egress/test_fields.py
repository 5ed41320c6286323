"""The list of what others have written is whole: a new column is somebody's, or it is ours, and none is forgotten.

`tests.egress.test_tour` shows on every screen what `city.poison` puts into these columns; what is not in them, or in a
table without a row, would be tried on none.
"""

# ruff: noqa: E501 - tables

from __future__ import annotations

from sqlalchemy import LargeBinary, String, func, select
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from backend.clock import ManualClock
from backend.store import Store
from backend.store.schema import load_tables
from tests.egress import city

OURS: dict[str, str] = {
    "act": "op task kind actor role tier on_behalf channel from_state to_state result code digest undo",
    "adoption": "centre keeper person ended_by",
    "alarm": "key rule state priority source feed grid county township acked_by incident inhibited_by shelved_by evidence subject",
    "alarm_act": "act actor from_state to_state",
    "alarm_flood": "grid",
    "aside": "code digest",
    "audit": "actor act subject previous digest",
    "breach": "task kind holder",
    "brief_use": "person grid",
    "bulletin": "centre day state drafted_by reviewed_by signed_by issued_by audit_head",
    "calendar_text": "key text",
    "camera": "code source grid state",
    "case_aside": "code",
    "centre": "code grid tier",
    "channel": "code kind grid priority language secret created_by state error",
    "city_fact": "key value",
    "claim": "kind item person",
    "complaint_act": "act actor result",
    "content_version": "content version writer",
    "contribution": "day centre by measures",
    "counter": "name",
    "county_hour": "county kind",
    "delivery": "id notice channel state error",
    "department": "code kind",
    "due": "task step kind cause clock to_level outcome",
    "duty_call": "body_kind body caller task",
    "duty_entry": "body_kind body days valid_from valid_to set_by",
    "duty_override": "body_kind body instead kind pair set_by withdrawn_by",
    "duty_state": "person state set_by withdrawn_by",
    "evidence": "incident task kind added_by for_or_against op",
    "feed": "code adapter options secret",
    "feed_health": "state error",
    "forecast_day": "primary",
    "forecast_issue": "model",
    "forecast_series": "hours",
    "forecast_skill": "kind",
    "grid": "code parent kind county township",
    "handed_on": "task centre grid county township receiver receiver_kind op",
    "handover": "id centre outgoing incoming state to_centre audit_head",
    "handover_item": "handover kind item priority code signed_by",
    "heartbeat": "job",
    "hot_entry": "month network kind grid",
    "hot_grid": "network grid heat kind stations reasons against",
    "hot_hour": "network stamp traced",
    "hot_trace": "network numbers targets notes",
    "hot_usual": "network stamp data",
    "incident": "id type state priority title_code grid county township source merged_into origin order_code signal",
    "incident_report": "incident channel recorded_by replied_by reply_result called_by call_result",
    "incident_type": "code valid_from valid_to department co_departments priority evidence results",
    "key": "id digest scope created_by",
    "latest": "reason",
    "lease": "name holder",
    "maintenance_window": "scope_kind scope grid made_by ended_by",
    "notice": "key grid level person department task priority code channel state seen_by",
    "order_act": "code act actor",
    "outage": "centre told_by",
    "parameter": "code hj212",
    "passage": "plate fuel feed",
    "person": "code role grid centre department",
    "policy": "text",
    "power_point": "code source station production_meter treatment_meter",
    "power_usual": "treatment",
    "quality_finding": "kind evidence state decided_by task",
    "quality_verdict": "verdict actor",
    "reading": "qualifier reason",
    "reading_change": "kind actor",
    "rule_memory": "key hits",
    "rule_set": "text",
    "score_entry": "cause item by kind grid township county department person task table_from",
    "score_mark": "log",
    "seat_memory": "person slot body",
    "segment": "task kind calendar holder",
    "shape": "grid coordinates",
    "shift": "centre person handover",
    "shift_remark": "centre person task",
    "source": "code kind department grid county township",
    "standing_order": "code kind level scope_kind scope lead",
    "station": "code kind grid county township source upstream",
    "station_parameter": "feed upstream",
    "task": "id incident type title_code grid county township centre priority state prior_state level supervised_by holder holder_kind prior_holder department offered_to offered_kind reporter recorder result evidence_pending asked asked_by breaches merged_into moved_kind moved_by moved_role moved_tier due_clock origin close_code order_code co_departments arbitration",
    "task_sheet": "code task printed_by entered_by op",
    "trace_answer": "by station parameter source incident task numbers answer",
    "vehicle": "plate kind stage source grid",
    "watermark": "stream etag modified digest",
    "weather_ahead": "hours",
    "work_order": "task contractor fault",
}
"""Columns of text that nobody else writes: codes and ids (held to their alphabets on the way in), states and kinds of
our own lists, digests, instants as text, packed numbers, settings and policies that only a parser reads."""


def columns(names: str) -> set[str]:
    """Names of columns in one text."""
    return set(names.split())


def holds_text(kind: TypeEngine[object]) -> bool:
    """Whether a column of this type can hold what somebody has written."""
    plainly = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return isinstance(plainly, String | LargeBinary)


def told(name: str) -> set[str]:
    """The columns of a table that are poisoned."""
    more = {"aside": {"raw"}, "city_fact": {"value"}}.get(name, set())
    return more | columns(city.FOREIGN.get(name, "")) | columns(city.LEAVES.get(name, ""))


def test_every_column_of_text_is_somebodys_or_ours() -> None:
    load_tables()
    nobodys, gone = [], []
    for name, of in SQLModel.metadata.tables.items():
        texts = {column.name for column in of.columns if holds_text(column.type)}
        ours = columns(OURS.get(name, ""))
        nobodys += [f"{name}.{column}" for column in sorted(texts - told(name) - ours)]
        gone += [f"{name}.{column}" for column in sorted(ours - texts)]
        gone += [f"{name}.{column}" for column in sorted(told(name) - columns(city.NAMES) - texts)]
    assert nobodys == []
    assert gone == []
    assert {*city.FOREIGN, *city.LEAVES, *OURS} <= set(SQLModel.metadata.tables)


def test_every_table_with_somebodys_words_has_a_row_in_the_city(store: Store, clock: ManualClock) -> None:
    city.build(store, clock)
    with store.read() as connection:
        empty = [
            name
            for name, of in SQLModel.metadata.tables.items()
            if told(name) and not connection.execute(select(func.count()).select_from(of)).scalar()
        ]
    assert empty == []
