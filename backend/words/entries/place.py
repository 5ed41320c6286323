"""Pages of a grid and of a source: what is there, and whom to call."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "place.grid.1": ("市", "city"),
    "place.grid.2": ("县级网格", "county grid"),
    "place.grid.3": ("乡镇网格", "township grid"),
    "place.grid.4": ("四级网格", "level-4 grid"),
    "place.kind.enterprise": ("企业", "enterprise"),
    "place.kind.site": ("工地", "construction site"),
    "place.kind.road": ("道路", "road"),
    "place.kind.power_plant": ("电厂", "power plant"),
    "place.kind.field": ("农田", "field"),
    "place.contact": ("联系", "Call"),
    "place.role.duty": ("值班室", "duty room"),
    "place.role.contact": ("联系人", "contact"),
    "place.role.seat": ("坐席员", "seat operator"),
    "place.role.supervisor": ("监管员", "supervisor"),
    "place.role.administrator": ("管理员", "administrator"),
    "place.role.member": ("网格员", "grid member"),
    "place.under": ("主管 {department}", "under {department}"),
    "place.holds": (
        "任务 {tasks}   报警 {alarms}   站点 {stations}   污染源 {sources}",
        "tasks {tasks}   alarms {alarms}   stations {stations}   sources {sources}",
    ),
    "place.column.kind": ("类别", "Kind"),
    "place.column.name": ("名称", "Name"),
    "place.column.state": ("状态", "State"),
    "place.column.detail": ("说明", "Detail"),
    "place.column.at": ("时间", "Time"),
    "place.item.task": ("任务", "task"),
    "place.item.alarm": ("报警", "alarm"),
    "place.item.station": ("站点", "station"),
    "place.item.source": ("污染源", "source"),
    "place.empty": ("这里没有任务、报警、站点和污染源", "No tasks, alarms, stations or sources here"),
}
