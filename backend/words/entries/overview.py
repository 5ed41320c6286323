"""The overview 值班总览: what needs me, the city at a glance, the load on the seat, the feeds."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    # What needs me.
    "overview.column.due": ("时限", "Clock"),
    "overview.column.kind": ("类别", "Kind"),
    "overview.column.what": ("待办事项", "Needs me now"),
    "overview.column.place": ("地点", "Place"),
    "overview.column.area": ("乡镇", "Township"),
    "overview.column.state": ("状态", "State"),
    "overview.column.who": ("承办", "Who"),
    "overview.column.reading": ("数值", "Reading"),
    "overview.kind.task": ("任务", "task"),
    "overview.kind.complaint": ("诉求", "compl."),
    "overview.off.complaint": (
        "这是群众诉求，回车打开后回复。",
        "This is a complaint; open it with Enter to reply.",
    ),
    "overview.kind.alarm": ("报警", "alarm"),
    "overview.waits": ("待 {span}", "for {span}"),
    "overview.empty": ("现在没有等您处理的事", "Nothing waits for you now"),
    # The city at a glance.
    # What a name may do without where there is no room: 街道, 镇 and the like are one character in Chinese.
    "overview.grid_kinds": ("-", "Subdistrict Town Township District County"),
    "overview.column.grid": ("下级网格", "Grid"),
    "overview.column.aqi": ("AQI", "AQI"),
    "overview.column.level": ("级别", "Level"),
    "overview.column.primary": ("首要", "Primary"),
    "overview.column.worst": ("最高站点", "Worst station"),
    "overview.column.waiting": ("报警", "Alarms"),
    "overview.column.tasks": ("任务", "Tasks"),
    "overview.column.overdue": ("超时", "Late"),
    "overview.column.hour": ("时段", "Hour"),
    "overview.no_grids": ("没有下级网格", "There are no grids below this one"),
    # The load on this seat.
    "overview.load.rate": ("10分钟 {count} 条", "{count}/10 min"),
    "overview.load.steady": ("平稳", "steady"),
    "overview.load.workable": ("偏多", "busy"),
    "overview.load.over": ("过多", "too many"),
    "overview.load.flood": ("泛滥", "flood"),
    "overview.load.marks": ("{steady}/{workable}/{flood}", "{steady}/{workable}/{flood}"),
    "overview.load.flood_since": ("自 {at} 泛滥", "flood since {at}"),
    "overview.load.flood_over": (
        "泛滥 {began}-{ended}，峰值 {peak}，共 {total}",
        "flood {began}-{ended}, peak {peak}, {total} in all",
    ),
    "overview.load.chatter": ("抖动 {count}", "chatter {count}"),
    "overview.load.fleeting": ("瞬时 {count}", "fleeting {count}"),
    "overview.load.standing": ("在册 {count}", "standing {count}"),
    "overview.load.waiting": ("待确认 {count}", "unacked {count}"),
    "overview.load.shelved": ("搁置 {count}", "shelved {count}"),
    "overview.load.oldest": ("最久 {age}", "oldest {age}"),
    "overview.load.stale": ("超一天 {count}", "over a day {count}"),
    "overview.load.day": ("近一日 {count} 条：", "last day {count}: "),
    "overview.load.mix": ("{name} {share}%（标准 {standard}）", "{name} {share}% (mark {standard})"),
    "overview.load.low": ("一般", "low"),
    "overview.load.medium": ("较急", "medium"),
    "overview.load.high": ("紧急以上", "high and above"),
    "overview.load.hour": ("近一小时 {count} 条", "last hour {count}"),
    "overview.load.name": ("负荷", "Load"),
    # Feeds.
    "overview.feeds": ("数据接入", "Feeds"),
    "overview.feeds.ok": (
        "{count} 个数据源都正常，最新时段 {newest}",
        "all {count} feeds are well, newest period {newest}",
    ),
    "overview.feeds.rest": ("其余 {count} 个正常", "the other {count} are well"),
    "overview.feeds.more": ("另有 {count} 个有问题（5 查看）", "{count} more in trouble (5 shows them)"),
    "overview.feeds.none": ("没有数据源", "there are no feeds"),
    "overview.feeds.off": ("{count} 个停用", "{count} off"),
}
