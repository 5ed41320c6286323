"""Words of the demo."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "demo.progress.pack": (
        "首次启动：正在装载城市数据包...",
        "First start: loading the city pack ...",
    ),
    "demo.progress.server": (
        "正在启动城市数据服务（仅本机）...",
        "Starting the city's HTTP side (this machine only) ...",
    ),
    "demo.progress.backfill": (
        "正在补取最近 {hours} 小时数据...",
        "Fetching the last {hours:=hour} ...",
    ),
    "demo.progress.feed": ("  {feed}：{records} 条", "  {feed_en}: {records:=record}"),
    "demo.progress.hour": ("第 {hour}/{hours} 小时，操作 {acts} 次", "hour {hour} of {hours}, {acts} acts"),
    "demo.ended": ("演示已结束，后台没有遗留程序。", "The demo has ended; nothing is left running."),
    "demo.taken": (
        "{folder} 里已有一个演示在运行。请先结束它，或用 --dir 另选文件夹。",
        "A demo is already running in {folder}. End it first, or choose another folder with --dir.",
    ),
    "demo.folder": (
        "演示不能使用文件夹 {folder}：{error:os}。请用 --dir 指定一个可写的文件夹。",
        "The demo can't use the folder {folder}: {error:os}. Name one that can be written with --dir.",
    ),
    "demo.no_pack": (
        "打不开数据包 {path}：{error:os}。--pack 要写城市包的文件夹；gridseat city template 目录 可生成一个。",
        "The pack {path} can't be read: {error:os}. --pack takes a city pack's folder; gridseat city template DIR writes one.",
    ),
    "demo.pack": (
        "数据包 {path} 有 {count} 处错误，第一处：{file} 第 {line} 行。请运行 gridseat city check 查看全部。",
        "Faults in the pack {path}: {count}, the first in {file}, line {line}. See them all with gridseat city check.",
    ),
    "demo.person": (
        "数据包里没有人员 {person}。请运行 gridseat people 查看可用的代码。",
        "The pack has nobody with the code {person}. See who there is with gridseat people.",
    ),
    "demo.server": (
        "城市数据服务没有启动：{error}。详见 {path}。",
        "The city's HTTP side did not start: {error}. See {path}.",
    ),
    "demo.hub": (
        "本席位的推送接口没有打开：{error:os}。",
        "This seat's own HTTP side could not be opened: {error:os}.",
    ),
    "demo.side": (
        "城市数据服务对 {path} 答复 {status}。",
        "The city's HTTP side answered {status} to {path}.",
    ),
    "demo.sum.title": (
        "{hours} 小时回放（种子 {seed}），用时 {seconds} 秒",
        "{hours:=hour} replayed (seed {seed}) in {seconds} s",
    ),
    "demo.sum.readings": (
        "数据：提供 {served} 条，入库 {readings} 条（有效 {good}）",
        "Readings: {served} served, {readings} stored ({good} good)",
    ),
    "demo.sum.pushed": (
        "推送：报文 {frames} 帧（重发 {again}，损坏 {damaged}），{posts} 次收妥，未入库 {asides}，未送达 {waiting}",
        "Pushed: {frames:=frame} ({again} again, {damaged} damaged) in {posts} POSTs, {asides} put aside, {waiting} waiting",
    ),
    "demo.sum.alarms": ("报警：{alarms} 条", "Alarms: {alarms}"),
    "demo.sum.episodes": (
        "预设事件：{planted} 起，发现 {found} 起",
        "Planted episodes: {planted}, found {found}",
    ),
    "demo.sum.tasks": (
        "任务：{total} 件（{states}），升级 {escalations} 次",
        "Tasks: {total} ({states}), {escalations} escalations",
    ),
    "demo.sum.acts": (
        "操作：答复成功 {acts} 次，拒绝 {refused} 次",
        "Acts: {acts} answered as done, {refused} refused",
    ),
    "demo.sum.balance": ("丢失 {lost}，重复 {doubled}", "Lost {lost}, doubled {doubled}"),
}
