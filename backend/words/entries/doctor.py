"""What ``gridseat doctor`` finds, and how to mend it."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "doctor.store_ok": (
        "数据库 {path}：完好，{size} MB，版本 {revision}",
        "store {path}: whole, {size} MB, revision {revision}",
    ),
    "doctor.store_damaged": ("数据库 {path} 损坏", "store {path} is damaged"),
    "doctor.mend_store": (
        "停用控制台后用 gridseat restore 恢复最近的备份",
        "end the console, then gridseat restore the newest backup",
    ),
    "doctor.disk": ("磁盘剩余 {free} GB", "{free} GB of disk are free"),
    "doctor.mend_disk": (
        "清理磁盘，或把数据库移到更大的盘（--store）",
        "free some disk, or move the store to a larger one (--store)",
    ),
    "doctor.no_store": ("数据库 {path} 还没有建立", "there is no store {path} yet"),
    "doctor.mend_no_store": (
        "检查 --store；新建请用 gridseat city load 目录；先看看可用 gridseat demo",
        "check --store; gridseat city load DIR begins one, gridseat demo is for looking around",
    ),
    "doctor.no_city": ("数据库里还没有城市", "the store holds no city"),
    "doctor.mend_city": (
        "gridseat city load 目录；先看看可用 gridseat demo",
        "gridseat city load DIR; gridseat demo to look around first",
    ),
    "doctor.city": ("城市 {name}：四级网格 {grids}", "city {name}: grids of four levels {grids}"),
    "doctor.no_person": ("本机没有登记坐席", "nobody is registered at this machine"),
    "doctor.unknown_person": ("没有代码为 {person} 的在岗人员", "nobody on the books has the code {person}"),
    "doctor.mend_person": (
        "用 gridseat people 找到代码，再用 gridseat --as 代码 启动一次",
        "find the code with gridseat people, then start once with gridseat --as CODE",
    ),
    "doctor.person": (
        "坐席 {person} {name}（{role}，辖区 {grid}）",
        "seat {person} {name} ({role}, jurisdiction {grid})",
    ),
    "doctor.no_feeds": ("没有配置数据源", "no feed is configured"),
    "doctor.mend_feeds": (
        "例如 gridseat feeds add cnemc --city 菏泽市",
        "for one, gridseat feeds add cnemc --city 菏泽市",
    ),
    "doctor.feeds": (
        "启用的数据源 {all} 个，正常 {good} 个",
        "{good} of {all} feeds that are switched on are well",
    ),
    "doctor.feeds_off": ("已停用的数据源：{feeds}", "feeds that are switched off: {feeds}"),
    "doctor.feed_waits": ("数据源 {feed}：{state:feed.state}", "feed {feed}: {state:feed.state}"),
    "doctor.feed_trouble": (
        "数据源 {feed}：{state:feed.state}，连续失败 {failures} 次",
        "feed {feed}: {state:feed.state}, {failures} failures in a row",
    ),
    "doctor.mend_feed": ("gridseat feeds show {feed} 查看原因", "gridseat feeds show {feed} says why"),
    "doctor.asides": ("有 {count} 条记录被搁置", "{count:=record was|records were} put aside"),
    "doctor.mend_asides": (
        "在数据源屏查看原因；多为上游格式有变",
        "the feeds screen says why; most often the upstream changed its format",
    ),
    "doctor.unplaced": (
        "有 {count} 个站点没有落位：{codes}",
        "{count:=station is|stations are} not placed: {codes}",
    ),
    "doctor.mend_unplaced": (
        "把它们补进城市包的 stations.csv，再运行 gridseat city load",
        "add them to the pack's stations.csv and run gridseat city load again",
    ),
    "doctor.jobs": ("后台作业由 {holder} 运行", "the jobs are run by {holder}"),
    "doctor.no_jobs": (
        "没有进程在运行后台作业：不取数，也不提级",
        "no process runs the jobs: nothing is fetched, nothing escalates",
    ),
    "doctor.mend_jobs": ("打开控制台，或运行 gridseat agent", "open the console, or run gridseat agent"),
    "doctor.job_failed": ("作业 {job} 上次出错：{error}", "the job {job} failed last time: {error}"),
    "doctor.mend_job": (
        "它会自动重试；若反复出现请把这一行发给维护人员",
        "it is tried again by itself; if this stays, send this line to your maintainer",
    ),
    "doctor.mend_calendar": (
        "在政策里写一个列出下一年的 [[calendar]]（见 docs/formats.md），用 gridseat policy add 启用",
        "write a [[calendar]] that lists the year into the policy (docs/formats.md), and put it in force with "
        "gridseat policy add",
    ),
    "doctor.audit_ok": ("审计链完整", "the audit chain holds"),
    "doctor.audit_broken": ("审计链在第 {row} 行断开", "the audit chain is broken at row {row}"),
    "doctor.mend_audit": (
        "不要改动数据库，立即报告管理员",
        "leave the store as it is and tell the administrator at once",
    ),
    "doctor.terminal": (
        "终端 {term}，{size}，编码 {encoding}",
        "terminal {term}, {size}, encoding {encoding}",
    ),
    "doctor.taken": (
        "终端能力按 {source} 判断：能{can}；不能或不确定：{cannot}",
        "the terminal's abilities are taken from {source}: {can}; not, or not for certain: {cannot}",
    ),
    "doctor.taken.named": ("TERM={term} 的 terminfo", "terminfo of TERM={term}"),
    "doctor.taken.unnamed": (
        "VT102 以来的共同部分（terminfo 中没有 TERM={term}）",
        "what all since the VT102 have in common (terminfo has no TERM={term})",
    ),
    "doctor.can.bce": ("擦除保留底色", "erasing keeps the background (bce)"),
    "doctor.can.ech": ("擦除若干字符", "erasing letters (ech)"),
    "doctor.can.lines": ("插入和删除行", "inserting and deleting lines"),
    "doctor.can.letters": ("插入和删除字符", "inserting and deleting letters"),
    "doctor.can.region": ("滚动区域", "scroll regions"),
    "doctor.can.absolute": ("直接到行或列", "going to a line or column (hpa, vpa)"),
    "doctor.can.repeat": ("重复字符", "repeating a letter (REP)"),
    "doctor.can.offs": ("单独关闭属性", "ending one attribute"),
    "doctor.can.tabs": ("制表位", "tab stops"),
    "doctor.can.corner": ("写满右下角", "writing the last cell"),
    "doctor.colours": ("颜色：{depth}（依据 {why}）", "colours: {depth} (by {why})"),
    "doctor.depth.truecolor": ("真彩色", "16.7 million"),
    "doctor.depth.256": ("256 色", "256"),
    "doctor.depth.standard": ("16 色", "16"),
    "doctor.depth.mono": ("单色，用加粗、反显、下划线区分", "none; bold, reverse and underline instead"),
    "doctor.answered": (
        "终端 {ms} 毫秒内回答：同步输出{sync}，重复字符{repeat}，歧义宽度字符占{wide}",
        "the terminal answered within {ms} ms: synchronised output {sync}, repeating {repeat}, "
        "letters of ambiguous width {wide}",
    ),
    "doctor.answer.yes": ("支持", "yes"),
    "doctor.answer.no": ("不支持", "no"),
    "doctor.answer.unknown": ("未答", "not said"),
    "doctor.answer.one": (" 1 格", "in 1 cell"),
    "doctor.answer.two": (" 2 格", "in 2 cells"),
    "doctor.answer.cells": ("格数未答", "not said"),
    "doctor.silent": (
        "终端 {ms} 毫秒内没有回答询问：按 TERM 判断，不测线路快慢，不用同步输出",
        "the terminal answered no question within {ms} ms: TERM decides, the line is not measured, frames are not "
        "synchronised",
    ),
    "doctor.unasked": (
        "没有询问终端：输入或输出不是终端",
        "the terminal was not asked: input or output is none",
    ),
    "doctor.wide": (
        "终端把歧义宽度字符画成 2 格，热点地图的半块会错位",
        "the terminal draws letters of ambiguous width in 2 cells: the half blocks of the map would be off",
    ),
    "doctor.mend_wide": (
        "设置 wide = true，地图改用字母",
        "set wide = true: the map is drawn in letters then",
    ),
    "doctor.lite_on": ("低带宽模式：开启（{why}）", "mode for slow lines: on ({why})"),
    "doctor.lite_off": ("低带宽模式：关闭（{why}）", "mode for slow lines: off ({why})"),
    "doctor.lite_measured": (
        "低带宽模式：打开后实测线路低于约 {rate} kbit/s 即自动开启；--no-lite 或 GRIDSEAT_LITE=no 可禁用",
        "mode for slow lines: it comes by itself once the line was measured below some {rate} kbit/s; "
        "--no-lite or GRIDSEAT_LITE=no forbids it",
    ),
    "doctor.terminal_dumb": (
        "终端 TERM={term} 画不出控制台",
        "a terminal of type TERM={term} can't draw the console",
    ),
    "doctor.mend_terminal": (
        "换一个终端，例如 TERM=xterm-256color；脚本命令不受影响",
        "use another, such as TERM=xterm-256color; the commands for scripts work anywhere",
    ),
    "doctor.encoding": (
        "终端编码是 {encoding}，中文可能显示不全",
        "the terminal's encoding is {encoding}; Chinese may not show",
    ),
    "doctor.mend_encoding": ("设置 LANG=zh_CN.UTF-8 或 C.UTF-8", "set LANG=zh_CN.UTF-8 or C.UTF-8"),
    "doctor.stopped": (
        "30 天内 {count} 次拦下发往终端的非法内容（{kinds}），最近 {newest:time}：{head}",
        "{count:=time} in 30 days something was stopped on its way to a terminal ({kinds}), last {newest:time}: {head}",
    ),
    "doctor.mend_stopped": (
        "有文本绕过了入口检查：在审计中查 terminal.stopped，找出来源",
        "a text has come past the way in: search the audit for terminal.stopped, and find where it is from",
    ),
    "doctor.driver": (
        "终端驱动：本程序自带，只发送有变化的内容",
        "terminal driver: our own, which sends what changed only",
    ),
    "doctor.driver_asked": (
        "终端驱动：框架自带（设置了 stock_terminal），出口过滤仍有效",
        "terminal driver: the framework's own, as stock_terminal asks; what leaves is filtered all the same",
    ),
    "doctor.driver_stock": (
        "终端驱动：框架自带，出口过滤仍有效；框架中缺少 {seams}",
        "terminal driver: the framework's own, what leaves is filtered all the same; the framework lacks {seams}",
    ),
    "doctor.deaf": (
        "终端自己说的话无法识别：它回答查询时会被当成按键",
        "what the terminal says by itself can't be told from keys: an answer of its presses keys",
    ),
    "doctor.mend_driver": (
        "安装 requirements.lock 中的 textual 版本",
        "install the version of textual that requirements.lock names",
    ),
    "doctor.settings": ("设置文件 {path}（{state}）", "settings {path} ({state})"),
    "doctor.state.ok": ("正常", "ok"),
    "doctor.state.note": ("提示", "note"),
    "doctor.state.fault": ("故障", "FAULT"),
    "doctor.verdict_ok": ("没有发现故障。", "No fault was found."),
    "doctor.verdict": ("发现 {count} 处故障。", "Faults found: {count}."),
}
