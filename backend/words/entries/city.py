"""The city: what the pack commands say."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "city.checked.ok": ("{folder} 没有问题，可以载入。", "{folder} has no faults and can be loaded."),
    "city.checked.faults": ("{folder} 有 {count} 处问题。", "Faults in {folder}: {count}."),
    "city.checked.more": (
        "还有 {count} 处；加 --all 全部列出，或用 --json。",
        "{count} more; --all lists them, so does --json.",
    ),
    "city.loaded": (
        "已载入{name}：{grids} 个网格、{centres} 个指挥中心、{people} 人、{stations} 个站点、{sources} 个污染源。",
        "Loaded {name}: {grids:=grid}, {centres:=centre}, {people:=person|people}, {stations:=station}, {sources:=source}.",
    ),
    "city.retired": (
        "城市包中已没有、现已停用：{table} {count} 条。",
        "No longer in the pack, now out of service: {table} {count}.",
    ),
    "city.kept": (
        "城市包中有、因本机已自行维护而未采用：{table} {count} 条。",
        "In the pack and left aside, because it is kept here: {table} {count}.",
    ),
    "city.converted": (
        "坐标已由 {datum} 换算为 WGS-84。",
        "Positions were given in {datum} and have been converted into WGS-84.",
    ),
    "city.doubt.holder": (
        "注意：{count} 个未办结任务的承办方或接收方已停用，请退回改派：{tasks}",
        "Beware: {count:=open task is|open tasks are} held by, or offered to, somebody who is out of service now; send others: {tasks}",
    ),
    "city.doubt.to_wgs84.outlines": (
        "注意：{of} 个站点中有 {count} 个在所属网格边界之外，按 GCJ-02（高德、腾讯）换算后只剩 {left} 个。"
        '若坐标取自这类地图，请在 city.toml 写 datum = "GCJ-02"。',
        "Beware: {count} of {of:=station} lie outside their own grids' outlines; read as GCJ-02 (AMap, Tencent) it is "
        '{left}. If they come from such a map, write datum = "GCJ-02" in city.toml.',
    ),
    "city.doubt.to_gcj02.outlines": (
        "注意：{of} 个站点中有 {count} 个在所属网格边界之外，若不作换算只剩 {left} 个：坐标可能多换算了一次，请核对 city.toml 的 datum。",
        "Beware: {count} of {of:=station} lie outside their own grids' outlines; not converted it would be {left}. They "
        "may have been converted once too often: look at datum in city.toml.",
    ),
    "city.doubt.to_wgs84.sources": (
        "注意：{count} 个站点都朝同一方向偏离其污染源约 {metres} 米，正是 GCJ-02 的偏移：站点与污染源的坐标系不同，请统一。",
        "Beware: {count:=station} all miss the sources they stand at by some {metres} m the same way, just as GCJ-02 does: "
        "stations and sources are in different datums. Give both in one.",
    ),
    "city.doubt.to_gcj02.sources": (
        "注意：{count} 个站点都朝同一方向偏离其污染源约 {metres} 米，正好与 GCJ-02 相反：污染源可能是 GCJ-02 坐标，请统一。",
        "Beware: {count:=station} all miss the sources they stand at by some {metres} m the same way, against GCJ-02: the "
        "sources may be in GCJ-02. Give both in one datum.",
    ),
    "city.not_loaded": (
        "有 {count} 处问题，没有载入任何内容。",
        "Faults: {count}; nothing was loaded.",
    ),
    "city.template.done": (
        "示例城市包已写入 {folder}（{count} 个文件）。先看 {folder}/README.md，改好后运行 gridseat city check {folder}。",
        "The example pack is in {folder} ({count:=file}). Read {folder}/README.md, change it, then run gridseat city check {folder}.",
    ),
    "city.template.taken": (
        "{folder} 不是空文件夹；请换一个新的文件夹名。",
        "{folder} is not empty; name a new folder.",
    ),
    "city.template.unwritable": ("{folder} 写不进去：{error:os}。", "{folder} can't be written: {error:os}."),
    "city.column.file": ("文件", "file"),
    "city.column.line": ("行", "line"),
    "city.column.fault": ("问题", "fault"),
    "city.column.hint": ("怎么办", "what to do"),
    "city.result.rectified": ("已整改", "put right"),
    "city.result.ordered": ("责令限期整改", "ordered to be put right"),
    "city.result.cleaned": ("已清扫", "cleaned"),
    "city.result.extinguished": ("已扑灭", "put out"),
    "city.result.repaired": ("已修复", "repaired"),
    "city.result.replied": ("已答复", "replied"),
    "city.result.no_problem": ("未发现问题", "no problem found"),
    "city.result.natural": ("自然因素", "natural cause"),
    "city.result.transfer_enforcement": ("移送执法", "handed to enforcement"),
    "city.result.transfer_maintenance": ("移交运维", "handed to maintenance"),
    "city.evidence.location": ("现场定位", "location"),
    "city.evidence.photo_before": ("处置前照片", "photograph before"),
    "city.evidence.photo_after": ("处置后照片", "photograph after"),
    "city.evidence.measurement": ("现场监测", "measurement"),
    "city.evidence.plate": ("车辆号牌", "number plate"),
    "city.evidence.document": ("文书", "document"),
    "city.evidence.call_record": ("通话记录", "record of the call"),
    "city.evidence.patrol_record": ("巡查记录", "record of the patrol"),
}
