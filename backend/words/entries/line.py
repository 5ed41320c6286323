"""What is said about the terminal and the line to it: letters, speed, the modes for slow lines."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "line.no_unicode": (
        "终端的字符集（{named}）不是 UTF-8，显示不了中文：改用英文和 ASCII 字符；请设 LANG=zh_CN.UTF-8 后重新登录",
        "{named}: no UTF-8 here, so English and ASCII; Chinese names show as ??. LANG=zh_CN.UTF-8 shows them",
    ),
}
