"""A series by the hour 逐时数据: which hours count, which 8-hour means, and what took of them (GB 3095 Table 4)."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "hourly.column.hour": ("时段", "Hour from"),
    "hourly.column.value": ("数值", "Value"),
    "hourly.column.minutes": ("有效分钟", "Minutes"),
    "hourly.column.state": ("小时有效性", "The hour"),
    "hourly.column.causes": ("缺损原因", "What took of it"),
    "hourly.column.eight": ("8 小时均值", "8-h mean"),
    "hourly.column.hours": ("有效小时", "Hours"),
    "hourly.column.eight_state": ("8 小时有效性", "The 8-h mean"),
    "hourly.column.eight_causes": ("8 小时缺损原因", "What took of the 8"),
    "hourly.state.valid": ("有效", "valid"),
    "hourly.state.open": ("待补", "may come"),
    "hourly.state.lost": ("无效", "not valid"),
    "hourly.cause": ("{reason} {span}", "{reason} {span}"),
    "hourly.cause.hours": ("{count} 小时", "{count} h"),
    "hourly.cause.minutes": ("{count} 分", "{count} min"),
    "hourly.missing": ("缺数", "nothing came"),
    "hourly.mean.day": ("日均", "day"),
    "hourly.mean.8h": ("近 8 小时", "last 8 h"),
    "hourly.mean.hour": ("上一小时", "last hour"),
    "hourly.unit.day": ("{have}/{need} 时", "{have}/{need} h"),
    "hourly.unit.8h": ("{have}/{need} 时", "{have}/{need} h"),
    "hourly.unit.hour": ("{have}/{need} 分", "{have}/{need} min"),
    "hourly.stands.valid": ("有效", "valid"),
    "hourly.stands.open": ("尚可有效，还可缺 {spare}", "can be valid, {spare} more may be lost"),
    "hourly.stands.lost": ("已不可能有效", "not valid any more"),
    "hourly.validity": ("有效性", "Validity"),
    "hourly.enter": ("回车看逐时", "Enter: by the hour"),
    "hourly.about": (
        "{standard}：小时须有 {minutes} 分钟，8 小时须有 {hours} 时，日均须有 {day} 时",
        "{standard}: an hour needs {minutes} min, 8 hours {hours} h, a day {day} h",
    ),
    "hourly.empty": ("没有逐时数据", "Nothing by the hour"),
    "hourly.which": (
        "请用 --station 指明站点。用 gridseat stations 查站点代码",
        "Name the station with --station CODE; gridseat stations lists codes.",
    ),
    "hourly.parameter": (
        "站点 {station} 没有因子 {parameter} 的逐时数据；有：{known}",
        "The station {station} does not measure {parameter} by the hour; it measures {known}.",
    ),
    "hourly.none": (
        "站点 {station} 没有逐时或更密的数据，或不在本辖区。用 gridseat stations 查站点代码",
        "The station {station} is not in your jurisdiction, or measures nothing by the hour; gridseat stations lists codes.",
    ),
}
