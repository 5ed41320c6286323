"""The city: what the pack commands say."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "city.checked.ok": ("{folder} 没有问题，可以载入。", "{folder} has no faults and can be loaded."),
    "city.checked.faults": ("{folder} 有 {count} 处问题。", "{folder} has {count} faults."),
    "city.checked.more": (
        "还有 {count} 处；加 --all 全部列出，或用 --json。",
        "{count} more; --all lists them, so does --json.",
    ),
    "city.loaded": (
        "已载入{name}：{grids} 个网格、{centres} 个指挥中心、{people} 人、{stations} 个站点、{sources} 个污染源。",
        "Loaded {name}: {grids} grids, {centres} centres, {people} people, {stations} stations, {sources} sources.",
    ),
    "city.retired": (
        "城市包中已没有、现已停用：{table} {count} 条。",
        "No longer in the pack, now out of service: {table} {count}.",
    ),
    "city.not_loaded": (
        "有 {count} 处问题，没有载入任何内容。",
        "There are {count} faults; nothing was loaded.",
    ),
    "city.template.done": (
        "示例城市包已写入 {folder}（{count} 个文件）。先看 {folder}/README.md，改好后运行 gridseat city check {folder}。",
        "The example pack is in {folder} ({count} files). Read {folder}/README.md, change it, then run gridseat city check {folder}.",
    ),
    "city.template.taken": (
        "{folder} 不是空文件夹；请换一个新的文件夹名。",
        "{folder} is not empty; name a new folder.",
    ),
    "city.template.unwritable": ("{folder} 写不进去：{error}。", "{folder} can't be written: {error}."),
    "city.column.file": ("文件", "file"),
    "city.column.line": ("行", "line"),
    "city.column.fault": ("问题", "fault"),
    "city.column.hint": ("怎么办", "what to do"),
}
