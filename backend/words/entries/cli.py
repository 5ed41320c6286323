"""The command line's own words."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "cli.config_broken": (
        "设置文件 {path} 读不懂：{error}。请改正，或先移走它。",
        "The settings file {path} can't be read: {error}. Mend it, or move it away first.",
    ),
    "cli.config_unknown": (
        "设置文件 {path} 里没有「{key}」这一项；是不是 {near}？",
        "The settings file {path} has an unknown key {key}; did you mean {near}?",
    ),
    "cli.config_type": (
        "设置 {key} 的值「{value}」不对（来自 {where}）。开关请写 true 或 false。",
        "The setting {key} can't be {value} (from {where}). Switches are true or false.",
    ),
    "cli.config_choice": (
        "设置 {key} 的值「{value}」不对（来自 {where}）。可写：{known}。",
        "The setting {key} can't be {value} (from {where}). It is one of {known}.",
    ),
    "cli.no_terminal": (
        "控制台要在终端里运行。脚本请用 gridseat stations、alarms、tasks 等命令加 --json。",
        "The console needs a terminal. Scripts use gridseat stations, alarms, tasks and the like with --json.",
    ),
    "cli.no_terminal_ssh": (
        "控制台要在终端里运行：请用 ssh -t 登录。脚本请用 gridseat stations、alarms、tasks 等命令加 --json。",
        "The console needs a terminal: log in with ssh -t. Scripts use gridseat stations, alarms, tasks with --json.",
    ),
    "cli.dumb_terminal": (
        "终端类型 TERM={term} 画不出控制台。请换一个终端（例如 TERM=xterm-256color），或用 gridseat stations、alarms、tasks。",
        "A terminal of type TERM={term} can't draw the console. Use another (TERM=xterm-256color), or gridseat stations, alarms, tasks.",
    ),
    "cli.half_a_position": ("--lon 与 --lat 要一起给出。", "--lon and --lat go together."),
    "cli.person_elsewhere": (
        "本机记住的坐席 {person} 不在此库的人员中，按无人值守读取；可用 --as 指定。",
        "{person}, whom this machine remembers, is not on the books of this store: nobody sits here; --as names another.",
    ),
    "cli.no_from": ("有 --to 就要有 --from。", "--to wants --from."),
    "cli.no_such_station": (
        "没有站点 {code}。用 gridseat stations 查看。",
        "There is no station {code}. See gridseat stations.",
    ),
    "cli.no_such_feed": (
        "没有数据源 {feed}。用 gridseat feeds 查看。",
        "There is no feed {feed}. See gridseat feeds.",
    ),
    "cli.no_such_kind": (
        "没有类型为 {kind} 的站点；有：{known}。",
        "There are no stations of the kind {kind}; there are: {known}.",
    ),
    "cli.no_such_parameter": (
        "站点 {station} 没有因子 {parameter}；有：{known}。",
        "The station {station} has no parameter {parameter}; it has: {known}.",
    ),
    "cli.bad_span": (
        "时段 {since} 至 {until} 不对：起点须早于终点（未写终点时到现在为止）。",
        "The span {since} to {until} can't be: it must begin before it ends (now, where no end is given).",
    ),
    "cli.bad_time": (
        "看不懂时间「{text}」。请写成 2026-11-03 或 2026-11-03T08:00。",
        "The time {text} can't be read. Write 2026-11-03 or 2026-11-03T08:00.",
    ),
    "cli.not_imported": (
        "{file} 不能按 {form} 读取：{why}。请检查文件，或改 --format（{forms}），格式见 docs/formats.md。",
        "{file} can't be read as {form}: {why}. Check the file, or --format: {forms}; docs/formats.md describes them.",
    ),
    "cli.body.empty": ("文件为空", "it is empty"),
    "cli.body.html": ("是网页，不是数据", "it is a web page, not data"),
    "cli.body.xml": ("是 XML，不是 JSON 或 CSV", "it is XML, neither JSON nor CSV"),
    "cli.body.json": ("不是有效的 JSON（第 {at} 字节处）", "it is no valid JSON (at byte {at})"),
    "cli.body.encoding": ("不是 {encoding} 编码（第 {at} 字节处）", "it is not in {encoding} (at byte {at})"),
    "cli.body.rows": ("其中没有 {path}", "there is no {path} in it"),
    "cli.body.cut": ("不完整", "it is cut off"),
    "cli.imported": (
        "收到 {received} 条：新增 {written}，修订 {revised}，相同 {same}，搁置 {asides}；新建未落位站点 {stations}。",
        "{received:=record}: {written} new, {revised} revised, {same} the same, {asides} put aside; {stations:=station} created unplaced.",
    ),
    "cli.imported_unplaced": (
        "有 {count} 个站点不在城市包中或没有坐标，其数据不参与任何分析：{stations}",
        "{count:=station is|stations are} not in the pack, or have no place there: what they say takes part in nothing: {stations}",
    ),
    "cli.imported_aside": (
        "有 {count} 条记录被搁置，逐条见 gridseat feeds show import 或数据源屏：",
        "{count:=record was|records were} put aside; gridseat feeds show import or the feeds screen lists them:",
    ),
    "cli.imported_why": ("  {count} 条，例如：{why}", "  {count}, such as: {why}"),
    "cli.imported_replaced": (
        "有 {count} 条与文件中后出现的同站点、同因子、同时段记录数值不同：以后出现的为准，此 {count} 条未保留。",
        "{count:=record differs|records differ} in value from a later line for the same station, parameter and time: the later one "
        "counts, these {count} are not kept.",
    ),
}
