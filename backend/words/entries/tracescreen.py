"""The page of source tracing."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "tracescreen.title": ("污染溯源", "Source tracing"),
    "tracescreen.empty": ("附近没有候选源", "No candidates near by"),
    "tracescreen.best": ("最可能：{name}  {percent}%", "Most likely: {name}  {percent} %"),
    "tracescreen.none": ("均不是 {percent}%", "none of these {percent} %"),
    "tracescreen.none_best": (
        "没有一个候选源比“均不是”更可能（均不是 {percent}%）",
        "No listed source stands out: none of them is likelier ({percent} %)",
    ),
    "tracescreen.part.why": ("证据", "evidence"),
    "tracescreen.part.directions": ("风向统计", "directions"),
    "tracescreen.part.wind": ("风与轨迹", "wind and path"),
    "tracescreen.column.probability": ("概率", "Probability"),
    "tracescreen.column.name": ("候选源", "Source"),
    "tracescreen.column.where": ("方位", "Where"),
    "tracescreen.column.kind": ("类别", "Kind"),
    "tracescreen.column.department": ("责任部门", "Department"),
    "tracescreen.before": (
        "仅凭类别、活动与特征{before}%，结合风与读数{after}%；x为此证据使其更可能的倍数",
        "{before} % before wind and readings, {after} % with them; x: times likelier by it",
    ),
    "tracescreen.unknown": (
        "清单之外的污染源：{percent}%",
        "A source that is not in the inventory: {percent} %",
    ),
    "tracescreen.nothing": (
        "并非单一来源（区域或仪器）：{percent}%",
        "No single source (regional, or an instrument): {percent} %",
    ),
    "tracescreen.unknown_at": (
        "若在清单之外，最可能位于 {lon}, {lat} 一带",
        "If so, most likely about {lon}, {lat}",
    ),
    "tracescreen.none_about": (
        "“均不是”概率高时，先派人巡查上风向，再补充清单。",
        "Where this is likely, patrol upwind first, then complete the inventory.",
    ),
    "tracescreen.no_directions": (
        "没有足够的风与读数，无法统计风向",
        "Too little wind or too few readings for directions",
    ),
    "tracescreen.cpf": (
        "条件概率函数（近{days}天，第{percentile}百分位 {threshold}；静风{calm}个不计方向）",
        "CPF ({days:=day}, percentile {percentile}: {threshold}; {calm:=value} in calms have no direction)",
    ),
    "tracescreen.polar": (
        "极坐标均值（由内向外风速 {speeds} m/s，1低9高）",
        "Polar means (speed outward {speeds} m/s; 1 low, 9 high)",
    ),
    "tracescreen.radar": ("五因子特征雷达", "Five-factor radar"),
    "tracescreen.wind.station": ("风：{count}个站点实测", "Wind: measured at {count:=station}"),
    "tracescreen.wind.gridded": ("风：{count}个网格气象点", "Wind: {count} gridded weather points"),
    "tracescreen.calm": ("静风", "calm"),
    "tracescreen.path": ("后向轨迹：", "Back-trajectory:"),
    "tracescreen.step": (
        "{age}前在{direction}方向{far}（+/-{spread}）",
        "{age} before: {far} to the {direction} (+/-{spread})",
    ),
    "tracescreen.seconds": ("{count}秒", "{count} s"),
    "tracescreen.minutes": ("{count}分钟", "{count} min"),
    "tracescreen.stations": (
        "作证的站点（共{count}个，列出{shown}个）：",
        "Stations that have a say ({shown} of {count}):",
    ),
    "tracescreen.witness": (
        "{name}  均值{mean}  高出{above}（平时波动{scatter}）  相距{far}",
        "{name}  mean {mean}  above {above} (usual scatter {scatter})  {far} away",
    ),
    "tracescreen.whom": ("拟派：{name}", "Would send: {name}"),
    "tracescreen.nobody": ("拟派：当前无人可派", "Would send: nobody is on duty for it"),
    "tracescreen.more": ("另有{count}条证据未显示", "not shown for want of room: {count}"),
    "tracescreen.dispatch": ("派人核查 {name}", "Send somebody to {name}"),
    "tracescreen.none_likelier": ("“均不是”比它更可能", "None of these is more likely than this one"),
    "tracescreen.kept": (
        "上次据此派发：{at} {source} {percent}%，任务 {task}",
        "Last acted on: {at} {source} {percent} %, task {task}",
    ),
    "tracescreen.off.none": ("请先选一个候选源", "Choose a candidate first"),
    "tracescreen.off.nothing": (
        "这里没有可溯源的站点、报警或网格",
        "No station, alarm or grid to trace from here",
    ),
}
