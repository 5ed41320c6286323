"""What is said about the terminal and the line to it: letters, speed, the modes for slow lines."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "line.traffic": ("线路{flow} kB/s 滞后{seconds} 秒", "line{flow} kB/s,{seconds} s behind"),
    "line.slow": (
        "线路较慢（约 {rate} kbit/s），已转入低带宽模式；输入 :lite 可退出",
        "A slow line (about {rate} kbit/s): lite mode is on, :lite turns it off",
    ),
    "line.lite_on": ("低带宽模式已开启", "Lite mode is on"),
    "line.lite_off": ("低带宽模式已关闭", "Lite mode is off"),
    "line.mouse_on": (
        "鼠标已开启，按 _ 关闭；按住 Shift 可选中文字",
        "The mouse is on, _ turns it off; Shift selects text",
    ),
    "line.mouse_off": ("鼠标已关闭", "The mouse is off"),
    "line.mouse_stock": (
        "使用框架自带终端驱动时，鼠标请用 --mouse 开启",
        "With the framework's own driver the mouse is turned on by --mouse",
    ),
    "line.no_unicode": (
        "终端的字符集（{named}）不是 UTF-8，显示不了中文：改用英文和 ASCII 字符；请设 {mend}=zh_CN.UTF-8 后重新登录",
        "{named}: no UTF-8 here, so English and ASCII; Chinese names show as ??. {mend}=zh_CN.UTF-8 shows them",
    ),
}
