"""Vehicles that passed a remote-sensing set: what can be wrong with a file of them, and what became of it."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "passage.imported": (
        "读入 {received} 条：新增 {written}，已有 {same}，点位不明 {unplaced}，有误 {faults}；新报警 {alarms} 条。",
        "{received} read: {written} new, {same} known, {unplaced} of unknown sets, {faults} faulty; alarms raised: {alarms}.",
    ),
    "passage.late": (
        "另有 {count} 辆车连续超标，但记录补报过迟，不报警，已提醒点位所在区县：{plates}",
        "{count:=vehicle} exceeded twice running too long ago to ring; the sets' counties are told: {plates}",
    ),
    "passage.line": ("第 {line} 行：{why}", "Line {line}: {why}"),
    "passage.more": ("另有 {count} 行有误。", "{count:=more line is|more lines are} faulty."),
    "passage.unplaced": (
        "点位 {name} 不在册，{count} 条未保存。",
        "The set {name} is not known; {count:=record is|records are} not kept.",
    ),
    "passage.fault.line": (
        "编码或列数不对。",
        "It is in another encoding, or has too few or too many columns.",
    ),
    "passage.fault.set": (
        "点位 {name} 不在册，请先在城市包中登记",
        "The set {name} is not known; add it to the city's pack",
    ),
    "passage.fault.plate": ("没有车牌号。", "The plate is missing."),
    "passage.fault.future": ("时间 {value} 在未来。", "The time {value} is still to come."),
    "passage.body.columns": (
        "文件缺少这些列（任一名称即可）：{columns}。导入可用 --map、数据源可用 [fields] 指定列名。",
        "The file lacks columns (any of these names will do): {columns}. Name them in a map (--map), or in a feed's [fields].",
    ),
    "passage.body.list": ("JSON 中没有找到记录列表。", "There is no list of records in the JSON."),
    "passage.body.large": (
        "文件超过 {most} MB，请分开导入。",
        "The file is larger than {most} MB; split it.",
    ),
    "passage.map.toml": ("对照表不是有效的 TOML：{error}", "The map is not valid TOML: {error}"),
    "passage.map.field": (
        "对照表里的 {field} 不对，[fields] 下只有：{known}。",
        "{field} in the map is wrong; [fields] may hold: {known}.",
    ),
}
