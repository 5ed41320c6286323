"""Quality control: what a check says of a reading, and why a record was put aside."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "quality.reason.range": ("超出量程", "outside of what is possible"),
    "quality.reason.high": ("数值偏高", "unusually high"),
    "quality.reason.low": ("数值偏低", "unusually low"),
    "quality.reason.drift": ("零点漂移", "zero drift"),
    "quality.reason.flat": ("恒值", "flat line"),
    "quality.reason.inversion": ("PM2.5 与 PM10 倒挂", "PM2.5 above PM10"),
    "quality.reason.late": ("迟到", "came late"),
    "quality.reason.early": ("周期未完即到", "came before its period was over"),
    "quality.reason.future": ("时间超前", "of a period to come"),
    "quality.reason.no_value": ("有传输无数值", "sent without a value"),
    "quality.reason.device": ("仪器标记 {letter}", "instrument flag {letter}"),
    "quality.reason.spike": ("尖峰", "spike"),
    "quality.reason.rate": ("突变待证", "sudden change, unconfirmed"),
    "quality.reason.outlier": ("离群", "outlier"),
    "quality.reason.humid": ("高湿（光学法）", "humid air (optical)"),
    "quality.reason.fog": ("大雾（光学法）", "fog (optical)"),
    "quality.reason.peers": ("邻站不一致", "unlike its neighbours"),
    "quality.reason.departs": ("缓慢漂移", "slow drift"),
    "quality.reason.person:good": ("人工改判有效", "overturned by a person"),
    "quality.reason.person:bad": ("人工判定无效", "taken out by a person"),
    "quality.absence.not_sent": ("无传输", "nothing sent"),
    "quality.absence.no_value": ("有传输无数值", "sent without a value"),
    "quality.absence.invalid": ("数值无效", "value does not count"),
    "quality.aside.instant": (
        "时间 {start} 不可用：早于 1990 年或晚于 2100 年。请检查上游时钟和时间格式。",
        "The time {start} can't be used: before 1990 or after 2100. Check the upstream's clock and time format.",
    ),
    "quality.aside.number": (
        "数值 {value} 不是可用的数。",
        "The value {value} is not a number that can be used.",
    ),
    "quality.aside.qualifier": (
        "不认识的限定符 {qualifier}（只用 < 和 >）。",
        "Unknown qualifier {qualifier} (only < and > are used).",
    ),
    "quality.aside.parameter": (
        "因子 {parameter} 不在因子表中。请在城市包的因子表或数据源映射中登记。",
        "The parameter {parameter} is not in the table of parameters. Enter it in the city pack or in the feed's mapping.",
    ),
    "quality.aside.period": ("周期 {period} 秒不可用。", "A period of {period} s can't be used."),
    "quality.aside.station": (
        "站点 {station} 未登记，本页未知站点过多，没有建立。",
        "The station {station} is unknown, and this page brought too many unknown ones to create it.",
    ),
    "quality.aside.owned": (
        "站点 {station} 的 {parameter} 由数据源 {owner} 提供，其他来源不入库。",
        "{parameter} of station {station} belongs to the feed {owner}; no other feed may write it.",
    ),
}
