"""What the frame says: states of a board, header, dialogs, reasons why a key is off."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    # Why a key is off.
    "ui.off.opening": ("数据正在打开，请稍候", "The store is still being opened"),
    "ui.off.no_row": ("请先选中一行", "Select a row first"),
    # States of a board.
    "ui.board.loading": ("正在读取", "Reading"),
    "ui.board.empty": ("没有记录", "Nothing here"),
    "ui.board.no_match": (
        "没有符合“{filter}”的记录，按 Esc 取消筛选",
        "Nothing matches “{filter}”; Esc takes the filter off",
    ),
    "ui.board.retry": ("按 r 重试", "r tries again"),
    "ui.board.news": ("+{count} 条新 (n)", "+{count} new (n)"),
    "ui.board.marked": ("已标记 {count}", "{count} marked"),
    "ui.board.filter": ("筛选：{filter}", "filter: {filter}"),
    "ui.board.stale": ("数据停在 {at}：{why}", "as of {at}: {why}"),
    "ui.board.failed": ("读取失败：{error}", "could not be read: {error}"),
    # The line on top.
    "ui.header.replay": ("回放 REPLAY", "REPLAY"),
    "ui.header.flood": ("报警泛滥", "FLOOD"),
    "ui.header.notices": ("通知 {count}", "{count} notices"),
    "ui.header.order": ("管控令", "ORDER"),
    "ui.header.feeds.ok": ("数据正常", "feeds ok"),
    "ui.header.feeds.late": ("数据迟到 {count}", "{count} late"),
    "ui.header.feeds.failing": ("数据中断 {count}", "{count} failing"),
    "ui.header.feeds.off": ("数据停用", "feeds off"),
    "ui.header.feeds.unknown": ("数据 --", "feeds --"),
    # People.
    "ui.role.seat": ("坐席员", "seat operator"),
    "ui.role.supervisor": ("监管员", "supervisor"),
    "ui.role.administrator": ("管理员", "administrator"),
    "ui.role.member": ("网格员", "grid member"),
    # What a command takes after its name.
    "ui.takes.text": ("文字", "TEXT"),
    "ui.takes.column": ("列名", "COLUMN"),
    "ui.takes.theme": ("dark light sixteen mono", "dark light sixteen mono"),
    # Priorities, and headings that several boards share.
    "ui.priority.critical": ("特急", "critical"),
    "ui.priority.high": ("紧急", "high"),
    "ui.priority.medium": ("较急", "medium"),
    "ui.priority.low": ("一般", "low"),
    "ui.column.priority": ("级别", "Level"),
    "ui.column.place": ("地点", "Place"),
    "ui.column.kind": ("类型", "Kind"),
    "ui.column.value": ("数值", "Value"),
    "ui.column.since": ("开始", "Since"),
    "ui.column.age": ("已过", "Age"),
    "ui.tab.all": ("全部", "All"),
    "ui.fault": ("程序出错（{error}），已记入 {path}", "A fault of ours ({error}), kept in {path}"),
    "ui.demo.done": ("已执行 {what} {key}", "Done: {what} {key}"),
    "ui.demo.low": ("一般级别不需确认", "Low ones need no acknowledgement"),
}
