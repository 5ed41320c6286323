"""What who leaves the console is told once the screen is gone."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "leave.acts": (
        "另一程序正占用数据库，还有 {acts} 项操作未入库：最多再等 {seconds} 秒。按 Ctrl+C 立即退出，这些操作不再办理；此前办的都已入库。",
        "Another program holds the store. Acts of yours not stored yet: {acts}; they are waited for {seconds} s at most. "
        "Ctrl+C ends at once, and they are not done. All before them is stored.",
    ),
    "leave.seat": (
        "另一程序正占用数据库，当前画面和未发出的表单还未保存：最多再等 {seconds} 秒。按 Ctrl+C 立即退出，不再保存；已办的都已入库。",
        "Another program holds the store; this screen and forms not sent wait to be kept: {seconds} s more at most. "
        "Ctrl+C ends at once, without them; what you did is stored.",
    ),
    "leave.jobs": (
        "后台任务正在收尾：最多再等 {seconds} 秒。按 Ctrl+C 立即退出，什么都不会丢失。",
        "Background jobs are coming to their end: {seconds} s more at most. Ctrl+C ends at once; nothing is lost.",
    ),
    "leave.acts_lost": (
        "未能入库、没有办理的操作：{acts} 项。数据库一直被另一程序占用。",
        "Acts of yours that were not stored and are not done: {acts}. Another program held the store.",
    ),
    "leave.seat_lost": (
        "当前画面和未发出的表单未能保存：数据库一直被另一程序占用。",
        "This screen and forms not sent were not kept: another program held the store.",
    ),
}
