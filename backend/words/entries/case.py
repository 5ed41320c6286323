"""Cases of the 12345 line that are read from a file: why one was put aside, and how the import went."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "case.refused.no_number": ("没有工单编号。", "It has no number."),
    "case.refused.place": (
        "看不出在哪个乡镇：地点、地址、内容里没有本市的网格名称，也没有坐标。",
        "Where it is can't be told: no grid of the city in place, address or text, and no position.",
    ),
    "case.refused.outside": (
        "{grid} 不在导入人的辖区。",
        "{grid} lies outside the jurisdiction of who imports.",
    ),
    "case.refused.ahead": ("受理时间 {at:whole} 还没有到。", "Its time, {at:whole}, has not come yet."),
    "case.refused.degrees": ("{field} 的坐标 {value} 不对。", "{value} is no position in {field}."),
    "case.refused.rows": (
        "文件里 {rows} 处没有工单列表。用 --map 写明 rows。",
        "There is no list of cases at {rows}. Say rows in the --map.",
    ),
    "case.refused.map_file": (
        "映射文件 {file} 读不出：{error:os}",
        "The map {file} can't be read: {error:os}",
    ),
    "case.line": ("第 {line} 行 {number}：{why}", "line {line} {number}: {why}"),
    "case.more": ("还有 {count} 行未列出。", "{count:=line} more."),
    "case.aside": ("{origin} 第 {line} 行 {number}：{why}", "{origin}, line {line}, {number}: {why}"),
    "case.no_asides": ("没有搁下的案件。", "No case is put aside."),
    "case.imported": (
        "读到 {received} 件，登记 {written} 件（生成线索 {tasks} 件），补录答复 {answered} 件，已有 {same} 件，搁下 {asides} 件。",
        "{received} cases read: {written} entered ({tasks} to triage), {answered} answered since, {same} here already, {asides} put aside.",
    ),
}
