"""Forecast 预报: what commands, the screen and warnings say."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "forecast.no_station": ("没有空气站点 {code}", "there is no air station {code}"),
    "forecast.no_air": (
        "{code} 不是空气站点，没有预报",
        "{code} is no air station: nothing is forecast there",
    ),
    "forecast.not_yet": (
        "{code} 还没有预报：最近一次起报时没有它的数据",
        "there is no forecast of {code} yet: the newest issue had no data of it",
    ),
    "forecast.too_coarse": (
        "站点 {code} 每 {hours} 小时才有一个值，太粗，不做逐小时预报",
        "station {code} says one value in {hours:=hour}: too coarse for a forecast by the hour",
    ),
    "forecast.no_parameter": (
        "不预报因子 {code}；可用：{known}",
        "{code} is not forecast here; there are: {known}",
    ),
    "forecast.nothing": (
        "该时刻之前没有可用于预报的小时数据",
        "before that time there are no hourly readings to forecast from",
    ),
    "forecast.no_stations": (
        "没有可预报的空气站点：须有坐标、在用、读数间隔不超过 6 小时",
        "no air station can be forecast: one must be placed, in service and say something every 6 hours",
    ),
    "forecast.no_concentration": (
        "空气站点不测任何浓度：噪声、气象、水质等不作预报",
        "the air stations measure no concentration: noise, weather, water and the like are not forecast",
    ),
    "forecast.bad_hours": (
        "预报时长为 1～72 小时，不能是 {hours}",
        "1 to 72 hours can be forecast, not {hours}",
    ),
    "forecast.bad_span": (
        "时段用 --from 和 --to 给出，--from 不晚于 --to，且不与 --at 同用",
        "a span is --from and --to, in this order and without --at",
    ),
    "forecast.long_span": ("时段最长 {days} 天", "a span is at most {days:=day}"),
    "forecast.training": ("训练 {done}/{total}：{parameter}", "training {done}/{total}: {parameter}"),
    "forecast.trained": ("已用 {days} 天历史完成训练", "trained on {days:=day} of history"),
    "forecast.issued": ("{at} 起报，共 {series} 个序列", "issued from {at}: {series} series"),
    "forecast.note.silent": (
        "{parameter}：{hours} 小时没有任何站点的有效值，预报仅据往常规律，区间已放宽",
        "{parameter}: no station has said anything for {hours} h; this is what is usual, in a wider interval",
    ),
    "forecast.note.never": (
        "{parameter}：近 {days} 天没有任何可用值（缺测、无效或为负）",
        "{parameter}: no usable value in {days:=day} (none, invalid or negative)",
    ),
    "forecast.note.doubted": (
        "{parameter}：{stations}近一天的数据多半存疑（见数据质量），这 {count} 个站点的预报沿用了这些数据",
        "{parameter}: stations whose last day is mostly in doubt (gridseat quality), and whose forecast follows it all the"
        " same: {stations} ({count} in all)",
    ),
    "forecast.note.stations": (
        "{parameter}：{of} 个站点中 {count} 个一天没有数据，其预报据往常规律和其他站点，区间已放宽",
        "{parameter}: {count} of {of:=station} have said nothing for a day; theirs is what is usual there, in a wider interval",
    ),
    "forecast.kind.days": ("训练前逐日回报", "days before training"),
    "forecast.kind.issue": ("一天前的起报", "issue of a day ago"),
    "forecast.warn.none": (
        "还没有预报：每小时自动起报，也可用 gridseat forecast refresh 立即起报",
        "no forecast yet: one is made every hour, or now by gridseat forecast refresh",
    ),
    "forecast.warn.old": ("预报已过时：{hours} 小时前起报", "the forecast is old: issued {hours:=hour} ago"),
    "forecast.warn.prior": (
        "本市历史不足，仅按通用先验预报，慎用",
        "too little history here: this forecast knows only what holds elsewhere; use with care",
    ),
    "forecast.warn.no_better": (
        "注意：{parameters} 的预报不比气候态或持续性预报好",
        "Beware: for {parameters} the forecast is no better than climatology or persistence",
    ),
    "forecast.stands": ("{at} 起报，模型训练至 {trained}", "issued {at}, trained until {trained}"),
    "forecast.weather": (
        "已用未来气象：{of} 小时中的 {count} 小时",
        "weather to come: used for {count} of {of:=hour}",
    ),
    "forecast.no_weather": (
        "没有未来气象可用：仅据本市历史外推，第二天误差明显偏大",
        "no weather to come was there: from this city's past alone, the second day is much less sure",
    ),
    "forecast.worth": (
        "误差 本预报/气候态/持续性 改进 区间覆盖：",
        "SMAPE ours/climatology/persistence, gain, inside 80%:",
    ),
    "forecast.worth_all": (
        "误差 本预报/气候态/持续性 改进 区间覆盖：{worth}",
        "SMAPE ours/climatology/persistence, gain, inside 80%: {worth}",
    ),
    "forecast.unchecked": (
        "该模型尚未回报检验，用 gridseat forecast train 检验",
        "what this model is worth has not been looked for: gridseat forecast train does",
    ),
    "forecast.issue_worth": (
        "一天前起报/再前一次的误差：",
        "SMAPE of the issue a day ago/the one before it:",
    ),
    "forecast.empty": ("没有预报", "No forecast"),
    "forecast.column.station": ("站点", "Station"),
    "forecast.column.day0": ("今天 AQI 超标率", "Today AQI P(3+)"),
    "forecast.column.day1": ("明天", "Tomorrow"),
    "forecast.column.day2": ("后天", "In 2 days"),
    "forecast.column.primary": ("首要污染物", "Primary"),
    "forecast.column.range": ("明天 80%", "80% range"),
    "forecast.legend.seen": ("实测", "measured"),
    "forecast.legend.said": ("预报", "forecast"),
    "forecast.legend.band": ("80% 区间", "80% interval"),
    "forecast.legend.last": ("前一天的起报", "issue of the day before"),
}
