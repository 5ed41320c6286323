"""The targets of hot grids 重点管控目标: what the hourly job has traced, told with names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from backend.analysis.hotspots.place import HotPlace
from backend.analysis.sources import kept
from backend.city.called import called
from backend.city.tables import Source
from backend.desk.desk import Desk
from backend.desk.hotspotrows import HotGridRow, HotTarget
from backend.desk.naming import names
from backend.store import table

SOURCE = table(Source)


def with_targets(
    desk: Desk, conn: Connection, rows: Sequence[HotGridRow], places: Sequence[HotPlace], at: int
) -> list[HotGridRow]:
    """The rows of a step with their targets, where they were traced.

    Args:
        places: what each row was made of, in their order.
    """
    traced = kept.read(conn, at, {one.parameter for one in places})
    leads = [one.lead for one in places]
    found = [
        traced.get((one.network, one.parameter, lead.station)) if lead is not None else None
        for one, lead in zip(places, leads, strict=True)
    ]
    wanted = [target for one in found if one is not None for target in one.targets]
    codes = {one.source for one in wanted}
    query = select(SOURCE.c.code, called(SOURCE, desk.language)).where(SOURCE.c.code.in_(sorted(codes)))
    sources = {row[0]: row[1] for row in conn.execute(query)} if codes else {}
    departments = names(conn, {one.department for one in wanted}, desk.language)
    return [
        row
        if one is None
        else replace(
            row, targets=[_target(target, sources, departments) for target in one.targets], none=one.none
        )
        for row, one in zip(rows, found, strict=True)
    ]


def _target(one: kept.Target, sources: dict[str, str], departments: dict[str, str]) -> HotTarget:
    return HotTarget(
        one.source,
        sources.get(one.source, one.source),
        one.probability,
        one.department,
        departments.get(one.department, one.department),
        one.metres,
        one.bearing,
        [because.message for because in one.reasons],
    )
