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
    "incident.title.site_dust_day": (
        "{station} 扬尘当日多次超标",
        "Site dust at {station_en}, too often in a day",
    ),
    "incident.title.stop_dust": (
        "{station} 停工期间扬尘",
        "Dust at {station_en} during a stop-work order",
    ),
    "incident.title.inversion": (
        "{station} PM2.5 与 PM10 倒挂",
        "PM2.5 above PM10 at {station_en}",
    ),
    "incident.title.tampering": (
        "{station} {parameter} 疑似人为干预",
        "Suspected falsification at {station_en} ({parameter_en})",
    ),
    "incident.title.late": ("{station} 数据迟到", "Data of {station_en} comes late"),
    "incident.title.feed_late": ("数据源 {feed} 迟到", "The feed {feed} is late"),
    "incident.title.power_untreated": (
        "{station} 生产开、治污停",
        "{station_en} produces without treatment",
    ),
    "incident.title.power_slack": (
        "{station} 治污设施降频、空转",
        "Treatment at {station_en} slowed or idling",
    ),
    "incident.title.power_load": ("{station} 未落实减排", "{station_en} above the load allowed"),
    "incident.title.power_stop": (
        "{station} 停产期间违规生产",
        "{station_en} works against a stop order",
    ),
    "incident.title.power_bypass": (
        "{station} 电表疑似断线、绕表",
        "Meter cut off or bypassed at {station_en}",
    ),
    "incident.title.vehicle": (
        "{subject} 遥感连续超标（{parameter}）",
        "{subject} above limits twice running ({parameter_en})",
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
    "incident.title.merged": ("并入 {incident}", "merged into {incident}"),
    "incident.done.joined": (
        "已并入事件 {incident}。",
        "Added to incident {incident}.",
    ),
    "incident.done.joined_task": (
        "已并入事件 {incident}，任务 {task} 已记上。",
        "Added to incident {incident}; task {task} is told.",
    ),
    "incident.done.identified": (
        "已并入事件 {incident}，并按所报类型更名；任务 {task} 已记上。",
        "Added to incident {incident}, which is now called what was reported; task {task} is told.",
    ),
    "incident.done.entered": (
        "事件 {incident} 已登记，任务 {task}。",
        "Incident {incident} is on record, task {task}.",
    ),
    "incident.done.numbered": (
        "诉求 {number} 已登记，事件 {incident}，任务 {task}。",
        "Complaint {number} is on record: incident {incident}, task {task}.",
    ),
    "incident.refused.no_due": (
        "上级交办要写办结时限，例如 18:00。",
        "An order from above needs its due time, such as 18:00.",
    ),
    "incident.refused.outside": (
        "{place} 在{county}，不在您的辖区；请转告该区县中心。",
        "{place} lies in {county}, outside your jurisdiction; tell the centre there.",
    ),
    "incident.refused.closed": (
        "事件 {incident} 已结束，不能并入；请另立事件。",
        "Incident {incident} is over; open a new one.",
    ),
    "incident.refused.long_text": (
        "内容 {length} 字，最多 {longest} 字，请摘要后再登记。",
        "The text has {length:=character}, {longest} at most; please shorten it.",
    ),
    "incident.refused.long_number": ("编号最多 {longest} 字。", "A number has {longest:=character} at most."),
    "incident.refused.phone": (
        "来电号码不像电话号码：7 至 15 位数字，可带区号。",
        "That is no phone number: 7 to 15 digits, with or without the area code.",
    ),
    "incident.refused.number": (
        "编号 {number} 已登记在事件 {incident}，不再重复登记。",
        "Number {number} is on record already, in incident {incident}.",
    ),
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
