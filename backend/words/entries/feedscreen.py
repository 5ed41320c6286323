"""The feeds board and a feed's page: what is wrong, and what to do."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "feedscreen.column.feed": ("数据源", "Feed"),
    "feedscreen.column.state": ("状态", "State"),
    "feedscreen.column.ok": ("上次成功", "Last ok"),
    "feedscreen.column.newest": ("最新时段", "Newest"),
    "feedscreen.column.next": ("下次", "Next"),
    "feedscreen.column.failures": ("连败", "Fails"),
    "feedscreen.column.records": ("记录", "Records"),
    "feedscreen.column.revised": ("修订", "Revised"),
    "feedscreen.column.asides": ("未入库", "Aside"),
    "feedscreen.column.error": ("问题", "What is wrong"),
    "feedscreen.column.at": ("时间", "At"),
    "feedscreen.column.times": ("次数", "Times"),
    "feedscreen.column.reason": ("原因", "Why"),
    "feedscreen.column.bytes": ("字节", "Bytes"),
    "feedscreen.empty": (
        "没有数据源：在城市包 feeds.toml 中登记，或 gridseat feeds add",
        "No feeds: enter them in the city pack's feeds.toml, or gridseat feeds add",
    ),
    "feedscreen.asides.empty": ("没有未入库的记录", "Nothing was put aside"),
    # What it means and what to do.
    "feedscreen.says.new": (
        "还没有取过数：等第一次轮询，或按 f 立即取数",
        "Not asked yet: wait for the first poll, or f asks now",
    ),
    "feedscreen.says.ok": ("正常", "All is well"),
    "feedscreen.says.late": (
        "应答正常，但最新时段停在 {newest}：上游没有新数据，请联系上游；到数后自动恢复",
        "It answers, but its newest period is {newest}: the upstream has nothing new; ask them. It recovers by itself",
    ),
    "feedscreen.says.failing": (
        "已连续失败 {failures} 次，按退避间隔自动重试，下次 {next}；f 立即重试",
        "{failures:=poll} failed in a row; it tries again by itself, next at {next}; f tries now",
    ),
    "feedscreen.says.open": (
        "已连续失败 {failures} 次，暂停取数到 {next} 再试一次；处理好后按 f 立即重试",
        "{failures:=poll} failed in a row, so it rests until {next}; when mended, f tries now",
    ),
    "feedscreen.says.off": (
        "已停用，不取数；管理员按 Ctrl+T 启用",
        "Off: nothing is fetched; an administrator switches it on with Ctrl+T",
    ),
    "feedscreen.never": (
        "从未成功过：先核对网址、密钥和本机网络",
        "It has never worked: check the address, the key and this machine's network",
    ),
    "feedscreen.stored": (
        "已入库的数据不受影响，恢复后自动补取缺的时段",
        "What is stored is untouched; missing periods are fetched once it works again",
    ),
    # A feed whose upstream pushes.
    "feedscreen.pushed.new": (
        "还没有收到推送：请上游带密钥 POST 到 /v1/push/{feed}（gridseat keys make push:{feed} 生成密钥）",
        "Nothing pushed yet: let the upstream POST to /v1/push/{feed} with a key (gridseat keys make push:{feed})",
    ),
    "feedscreen.pushed.late": (
        "上次推送 {last}，最新时段停在 {newest}：上游没有推来新数据，请联系上游；到数后自动恢复",
        "Last pushed {last}, its newest period is {newest}: nothing new comes; ask the upstream. It recovers by itself",
    ),
    "feedscreen.pushed.off": (
        "已停用，推送一律拒收；管理员按 Ctrl+T 启用",
        "Off: what is pushed is refused; an administrator switches it on with Ctrl+T",
    ),
    "feedscreen.pushed.stored": (
        "已入库的数据不受影响，缺的时段由上游补传",
        "What is stored is untouched; missing periods come when the upstream sends them again",
    ),
    "feedscreen.pushed.last": ("上次推送 {at}（{age} 前）", "last pushed {at} ({age} ago)"),
    "feedscreen.pushed.at": ("上次推送 {at}", "pushed {at}"),
    "feedscreen.pushed.next": ("推送", "pushed"),
    "feedscreen.aside_note": (
        "{count} 条记录读不通，没有入库，原样保留；其余照常入库。原因见下表：改映射，或请上游更正",
        "{count:=record} could not be read and were put aside, the rest is stored: see why below",
    ),
    # Facts.
    "feedscreen.address": ("地址", "Address"),
    "feedscreen.adapter": ("接口 {adapter}", "adapter {adapter}"),
    "feedscreen.every": ("每 {span:span}取一次", "asked every {span:span}"),
    "feedscreen.pushed": ("由上游推送", "pushed by the upstream"),
    "feedscreen.times": ("时间", "Times"),
    "feedscreen.ok": ("上次成功 {at}（{age} 前）", "last ok {at} ({age} ago)"),
    "feedscreen.newest": ("最新时段 {at}", "newest period {at}"),
    "feedscreen.next": ("下次 {at}", "next {at}"),
    "feedscreen.polled": ("上次取数 {at}", "last asked {at}"),
    "feedscreen.counts": ("数量", "Counts"),
    "feedscreen.polls": ("取数 {count} 次", "{count:=poll}"),
    "feedscreen.pushes": ("推送 {count} 次", "{count} pushes"),
    "feedscreen.records": ("记录 {count}", "{count:=record}"),
    "feedscreen.revised": ("修订 {count}", "{count} revised"),
    "feedscreen.asides": ("未入库 {count}", "{count} put aside"),
    "feedscreen.stations": ("站点", "Stations"),
    "feedscreen.clock": ("时钟", "Clock"),
    "feedscreen.skew": ("上游时钟差 {seconds} 秒", "its clock is {seconds} s off"),
    "feedscreen.elapsed": ("应答 {ms} 毫秒", "answers in {ms} ms"),
    "feedscreen.streams": ("进度", "Progress"),
    "feedscreen.error": ("问题", "Wrong"),
    "feedscreen.todo": ("怎么办", "To do"),
    "feedscreen.raw": ("原始内容", "Raw"),
    "feedscreen.raw.empty": ("没有留下原始内容", "No raw bytes were kept"),
    "feedscreen.raw.more": ("共 {count} 字节", "{count:=byte} in all"),
    "feedscreen.switch.on": ("启用数据源 {feed}？", "Switch feed {feed} on?"),
    "feedscreen.switch.off": ("停用数据源 {feed}？", "Switch feed {feed} off?"),
    "feedscreen.switch.about_on": ("启用后立即取数。", "It is asked at once."),
    "feedscreen.switch.pushed_on": ("启用后接收推送。", "What is pushed is taken in from then on."),
    "feedscreen.switch.pushed_off": (
        "停用后推送一律拒收，相关站点将显示无传输；已入库的数据保留。",
        "What is pushed is refused, and its stations will show nothing sent; what is stored stays.",
    ),
    "feedscreen.switch.about_off": (
        "停用后不再取数，相关站点将显示无传输；已入库的数据保留。",
        "Nothing is fetched any more, and its stations will show nothing sent; what is stored stays.",
    ),
}
