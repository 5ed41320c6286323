"""Incidents: their titles, and why a report is refused."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "incident.title.alarm": ("{station} 报警（{rule}）", "Alarm at {station_en} ({rule})"),
    "incident.title.exceedance": ("{station} {parameter} 超标", "{parameter_en} above limit at {station_en}"),
    "incident.title.road_dust": (
        "{station} 道路扬尘（{parameter}）",
        "Road dust at {station_en} ({parameter_en})",
    ),
    "incident.title.site_dust": (
        "{station} 工地扬尘（{parameter}）",
        "Site dust at {station_en} ({parameter_en})",
    ),
    "incident.title.water": (
        "{station} {parameter} 超水质目标",
        "{parameter_en} worse than target at {station_en}",
    ),
    "incident.title.sudden_rise": (
        "{station} {parameter} 突升",
        "{parameter_en} rises suddenly at {station_en}",
    ),
    "incident.title.spatial_excess": (
        "{station} {parameter} 明显高于周边",
        "{parameter_en} far above its neighbours at {station_en}",
    ),
    "incident.title.flat_line": (
        "{station} {parameter} 数据恒值",
        "{parameter_en} is a flat line at {station_en}",
    ),
    "incident.title.instrument": (
        "{station} {parameter} 仪器异常",
        "{parameter_en} instrument fault at {station_en}",
    ),
    "incident.title.offline": ("{station} 离线", "{station_en} is offline"),
    "incident.title.feed_outage": ("数据源 {feed} 中断", "The feed {feed} is out"),
    "incident.title.regional": (
        "{region} {parameter} 区域性污染",
        "Regional {parameter_en} pollution, {region_en}",
    ),
    "incident.title.report": ("{place} {type}", "{type_en}, {place_en}"),
    "incident.done.reported": ("事件 {incident} 已登记。", "Incident {incident} is on record."),
    "incident.refused.channel": (
        "来源 {channel} 不在清单中，请用 phone、12345、patrol、camera 或 leader。",
        "{channel} is no channel; use phone, 12345, patrol, camera or leader.",
    ),
    "incident.refused.type": ("没有现行的事件类型 {type}。", "No incident type {type} holds today."),
    "incident.refused.place": (
        "地点无法确定，请给出网格、站点或污染源的代码。",
        "The place can't be told; give the code of a grid, a station or a source.",
    ),
    "incident.refused.priority": (
        "没有优先级 {priority}，只有 critical、high、medium、low。",
        "There is no priority {priority}; use critical, high, medium or low.",
    ),
}
